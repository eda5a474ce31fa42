"""Computes the AC power flow independently, for the tests of `powergrid --ac`.

The solver is Newton's method in complex notation (derivatives of S = V·conj(Y·V) as matrix products) with scipy's sparse LU.
Writes `bus,magnitude,angle` (p.u., radians) for each case given:

    python3 powergrid_ac.py ../data/powergrid/case14.m ... -o ../data/powergrid/reference [--stored]
"""

import argparse
import pathlib

import numpy as np
from scipy.sparse import bmat, csr_matrix, diags
from scipy.sparse.linalg import splu

from powergrid_dc import table

import re


def solve(path, stored):
    text = path.read_text()
    base = float(re.search(r"mpc\.baseMVA\s*=\s*([0-9.eE+]+)", text).group(1))
    bus, gen, branch = table(text, "bus"), table(text, "gen"), table(text, "branch")
    index = {int(number): i for i, number in enumerate(bus[:, 0])}
    n = len(bus)
    gen = gen[gen[:, 7] > 0]
    at = np.array([index[int(b)] for b in gen[:, 0]])
    power = -(bus[:, 2] + 1j * bus[:, 3])
    np.add.at(power, at, gen[:, 1] + 1j * gen[:, 2])
    power /= base
    held = np.full(n, np.nan)
    held[at] = gen[:, 5]

    on = branch[branch[:, 10] > 0]
    f = np.array([index[int(b)] for b in on[:, 0]])
    t = np.array([index[int(b)] for b in on[:, 1]])
    tap = np.where(on[:, 8] == 0, 1.0, on[:, 8]) * np.exp(1j * np.deg2rad(on[:, 9]))
    y = 1.0 / (on[:, 2] + 1j * on[:, 3])
    own = y + 0.5j * on[:, 4]
    values = [own / abs(tap) ** 2, -y / tap.conj(), -y / tap, own, (bus[:, 4] + 1j * bus[:, 5]) / base]
    every = np.arange(n)
    matrix = csr_matrix(
        (np.concatenate(values), (np.concatenate([f, f, t, t, every]), np.concatenate([f, t, f, t, every]))), (n, n)
    )

    kind = np.where((bus[:, 1] == 2) & np.isnan(held), 1, bus[:, 1])
    slack, pv, pq = (np.flatnonzero(kind == k) for k in (3, 2, 1))
    magnitude, angle = np.ones(n), np.full(n, np.deg2rad(bus[slack[0], 8]))
    if stored:
        magnitude, angle = bus[:, 7].copy(), np.deg2rad(bus[:, 8])
    fixed = ~np.isnan(held) & (kind != 1)
    magnitude[fixed] = held[fixed]
    angle[slack] = np.deg2rad(bus[slack, 8])
    free = np.concatenate([pv, pq])
    for step in range(30):
        v = magnitude * np.exp(1j * angle)
        current = matrix @ v
        s = v * current.conj() - power
        mismatch = np.concatenate([s[free].real, s[pq].imag])
        if abs(mismatch).max() < 5e-11:
            break
        by_angle = 1j * diags(v) @ (diags(current) - matrix @ diags(v)).conj()
        unit = v / abs(v)
        by_magnitude = diags(v) @ (matrix @ diags(unit)).conj() + diags(current.conj() * unit)
        by_angle, by_magnitude = csr_matrix(by_angle), csr_matrix(by_magnitude)
        jacobian = bmat(
            [
                [by_angle[free][:, free].real, by_magnitude[free][:, pq].real],
                [by_angle[pq][:, free].imag, by_magnitude[pq][:, pq].imag],
            ]
        )
        change = splu(jacobian.tocsc()).solve(-mismatch)
        angle[free] += change[: len(free)]
        magnitude[pq] += change[len(free) :]
    print(f"{path.stem}: {step} steps, mismatch {abs(mismatch).max():.1e}")
    return bus[:, 0].astype(int), magnitude, angle


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", nargs="+", type=pathlib.Path)
    parser.add_argument("-o", "--output", type=pathlib.Path, required=True)
    parser.add_argument("--stored", action="store_true", help="begin with the voltages of the file")
    args = parser.parse_args()
    for path in args.cases:
        numbers, magnitude, angle = solve(path, args.stored)
        lines = [f"{b},{v:.10f},{a:.10f}" for b, v, a in zip(numbers, magnitude, angle)]
        (args.output / f"{path.stem}_ac.csv").write_text("bus,magnitude,angle\n" + "\n".join(lines) + "\n")
