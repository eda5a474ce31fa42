"""Firth's logistic regression of separated variants of the stored cohort with scipy, for examples/tests/gwas/regression.rs.

The penalized log-likelihood is maximized without derivatives. numpy computes the logarithm of the determinant of the
information. The covariate is the column of sexes in the .fam file. Prints name, coefficient, standard error and the
chi-square of the penalized likelihood ratio.

python examples/reference/firth.py examples/data/gwas/cohort
"""

import sys

import numpy as np
from scipy.optimize import minimize

VARIANTS = ["rs33", "rs73", "rs96", "rs159"]


def main():
    prefix = sys.argv[1]
    fam = [line.split() for line in open(prefix + ".fam")]
    bim = [line.split() for line in open(prefix + ".bim")]
    bed = np.fromfile(prefix + ".bed", dtype=np.uint8)[3:].reshape(len(bim), -1)
    side, sex = np.array([[float(row[5]) - 1, float(row[4])] for row in fam]).T
    founders = np.array([row[2:4] == ["0", "0"] for row in fam])
    for name in VARIANTS:
        packed = bed[[row[1] for row in bim].index(name)]
        codes = (packed[:, None] >> np.array([0, 2, 4, 6]) & 3).ravel()[: len(fam)]
        copies = np.array([2.0, np.nan, 1.0, 0.0])[codes]
        # The rarer allele of the founders is reported.
        if np.nanmean(copies[founders]) > 1:
            copies = 2 - copies
        known = ~np.isnan(copies) & np.isin(side, [0, 1])
        x = np.column_stack([np.ones(known.sum()), copies[known], sex[known]])
        y = side[known]

        def information(beta):
            p = 1 / (1 + np.exp(-x @ beta))
            return (x * (p * (1 - p))[:, None]).T @ x

        def loss(beta):
            z = x @ beta
            return np.sum(np.logaddexp(0, z) - y * z) - 0.5 * np.linalg.slogdet(information(beta))[1]

        def least(function, n):
            options = {"xatol": 1e-10, "fatol": 1e-13, "maxiter": 20000, "maxfev": 20000}
            best = minimize(function, np.zeros(n), method="Nelder-Mead", options=options)
            return minimize(function, best.x, method="Nelder-Mead", options=options)

        full = least(loss, 3)
        without = least(lambda b: loss(np.array([b[0], 0, b[1]])), 2)
        error = np.sqrt(np.linalg.inv(information(full.x))[1, 1])
        print(f"{name} {full.x[1]:.9f} {error:.9f} {2 * (without.fun - full.fun):.9f}")


main()
