"""Writes examples/data/relaxometry/reference.csv: T2 fits of synthetic curves with scipy's curve_fit.

python examples/reference/t2fit.py [image.npy]

Without an image: 650 curves of three models, with the signals in the file, so that the test needs nothing else.
With the brain image (echoes last): 600 of its voxels, fits only, into brain.csv beside it.
"""

import sys
from pathlib import Path

import numpy as np
from scipy.optimize import curve_fit

TIMES = np.array([10.0, 20, 40, 60, 80, 120, 160, 200, 240, 280])


def mono(t, a, r):
    return a * np.exp(-t * r)


def offset(t, a, r, c):
    return a * np.exp(-t * r) + c


def bi(t, a1, r1, a2, r2):
    return a1 * np.exp(-t * r1) + a2 * np.exp(-t * r2)


def fit(f, t, y, start):
    return curve_fit(f, t, y, p0=start, method="lm", xtol=1e-15, ftol=1e-15, gtol=1e-15, maxfev=20000)


BRAIN_TIMES = np.array([10.0, 25, 50, 90, 150, 250])


def brain(path, out):
    image = np.load(path)
    signals = image.reshape(-1, len(BRAIN_TIMES)).astype(np.float32).astype(float)
    bright = np.flatnonzero(signals[:, 0] > 0.2 * np.percentile(signals[:, 0], 99))
    with open(out / "brain.csv", "w") as file:
        file.write("# voxel, amplitude, rate, their standard errors\n")
        for v in bright[:: len(bright) // 600][:600]:
            p, cov = fit(mono, BRAIN_TIMES, signals[v], (signals[v, 0], 1 / 60))
            file.write(f"{v}," + ",".join(f"{n:.17g}" for n in [*p, *np.sqrt(np.diag(cov))]) + "\n")


def main():
    out = Path(__file__).parent.parent / "data" / "relaxometry"
    out.mkdir(parents=True, exist_ok=True)
    if len(sys.argv) > 1:
        brain(sys.argv[1], out)
        return
    rng = np.random.default_rng(20)
    rows = []
    for k in range(500):
        a, t2 = rng.uniform(0.5, 1.5) * 1000, rng.uniform(20, 200)
        y = np.float32(mono(TIMES, a, 1 / t2) + 20 * rng.standard_normal(10))
        y = np.maximum(y, 0).astype(float)
        p, cov = fit(mono, TIMES, y, (a, 1 / t2))
        rows.append(("mono", y, p, cov))
    for k in range(100):
        a, t2, c = rng.uniform(0.5, 1.5) * 1000, rng.uniform(20, 90), rng.uniform(20, 200)
        y = np.float32(offset(TIMES, a, 1 / t2, c) + 5 * rng.standard_normal(10)).astype(float)
        p, cov = fit(offset, TIMES, y, (a, 1 / t2, c))
        rows.append(("offset", y, p, cov))
    for k in range(50):
        a1, s, a2, q = 600, rng.uniform(120, 180), 400, rng.uniform(15, 30)
        y = np.float32(bi(TIMES, a1, 1 / s, a2, 1 / q) + rng.standard_normal(10)).astype(float)
        p, cov = fit(bi, TIMES, y, (a1, 1 / s, a2, 1 / q))
        if p[1] > p[3]:
            order = [2, 3, 0, 1]
            p, cov = p[order], cov[np.ix_(order, order)]
        rows.append(("bi", y, p, cov))
    with open(out / "reference.csv", "w") as file:
        file.write("# model, ten signals, parameters (amplitude, rate, ...), their standard errors\n")
        for name, y, p, cov in rows:
            numbers = [*y, *p, *np.sqrt(np.diag(cov))]
            file.write(name + "," + ",".join(f"{v:.17g}" for v in numbers) + "\n")


if __name__ == "__main__":
    main()
