"""Computes the optima of the logistic regression on the breast-cancer table with scipy, for examples/tests/logreg.rs.

The three problems have an L2 penalty, an L1 penalty on all coefficients including the constant (the coefficients are
differences of two positive parts, so that the loss is smooth), and an L2 penalty with bounds.

python examples/reference/logreg.py breast_cancer_wdbc.csv
"""

import sys

import numpy as np
from scipy.optimize import minimize


def main():
    table = np.loadtxt(sys.argv[1], delimiter=",", skiprows=1)
    x, y = table[:, :-1], table[:, -1]
    train = np.arange(len(y)) % 5 != 4
    mean, spread = x[train].mean(axis=0), x[train].std(axis=0)
    x = (x - mean) / spread
    a, b = x[train], y[train]
    for l2 in (1e-2, 1e-3):

        def loss(w):
            z = a @ w[:-1] + w[-1]
            p = 1 / (1 + np.exp(-z))
            value = np.mean(np.logaddexp(0, z) - b * z) + 0.5 * l2 * w[:-1] @ w[:-1]
            return value, np.append(a.T @ (p - b) / len(b) + l2 * w[:-1], np.mean(p - b))

        best = minimize(loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B",
                        options={"maxiter": 10000, "ftol": 1e-16, "gtol": 1e-12})
        w = best.x
        test = ~train
        right = np.mean(((x[test] @ w[:-1] + w[-1]) > 0) == (y[test] > 0.5))
        print(f"l2 {l2:g}: loss {best.fun:.15g}, |g| {np.abs(best.jac).max():.1e}, test accuracy {right:.4f}")

    options = {"maxiter": 100000, "maxfun": 1000000, "ftol": 1e-16, "gtol": 1e-12}

    def plain(w, l2):
        z = a @ w[:-1] + w[-1]
        p = 1 / (1 + np.exp(-z))
        value = np.mean(np.logaddexp(0, z) - b * z) + 0.5 * l2 * w[:-1] @ w[:-1]
        return value, np.append(a.T @ (p - b) / len(b) + l2 * w[:-1], np.mean(p - b))

    n = x.shape[1] + 1
    for l1 in (1e-2, 3e-2):

        def parts(v):
            value, g = plain(v[:n] - v[n:], 0.0)
            return value + l1 * v.sum(), np.append(g + l1, l1 - g)

        best = minimize(parts, np.zeros(2 * n), jac=True, method="L-BFGS-B", bounds=[(0, None)] * (2 * n),
                        options=options)
        w = best.x[:n] - best.x[n:]
        print(f"l1 {l1:g}: loss {best.fun:.15g}, {np.count_nonzero(np.abs(w) > 1e-9)} of {n} not zero")
    for low, high in ((0, 1e20), (-0.5, 0.25)):
        best = minimize(lambda w: plain(w, 1e-3), np.zeros(n), jac=True, method="L-BFGS-B",
                        bounds=[(low, high)] * (n - 1) + [(None, None)], options=options)
        print(f"bounds {low:g} {high:g}: loss {best.fun:.15g}")


if __name__ == "__main__":
    main()
