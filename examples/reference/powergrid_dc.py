"""Computes the DC power flow independently, for the tests of `powergrid`.

Reads MATPOWER cases, builds the DC model with numpy, and solves with scipy's sparse LU. Writes `bus,angle` (radians) for
each case:

    python3 powergrid_dc.py ../data/powergrid/case14.m ... -o ../data/powergrid/reference
"""

import argparse
import pathlib
import re

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.linalg import splu


def table(text, name):
    found = re.search(r"mpc\." + name + r"\s*=\s*\[(.*?)\];", text, re.S)
    if not found:
        return np.zeros((0, 21))
    lines = [line.split("%")[0] for line in found.group(1).splitlines()]
    rows = [row.split() for line in lines for row in line.split(";") if row.strip()]
    return np.array(rows, dtype=float)


def read(path):
    text = path.read_text()
    base = float(re.search(r"mpc\.baseMVA\s*=\s*([0-9.eE+]+)", text).group(1))
    return base, table(text, "bus"), table(text, "gen"), table(text, "branch")


def solve(base, bus, gen, branch):
    index = {int(number): i for i, number in enumerate(bus[:, 0])}
    n = len(bus)

    power = -(bus[:, 2] + bus[:, 4])
    for g in gen[gen[:, 7] > 0]:
        power[index[int(g[0])]] += g[1]
    power /= base

    on = branch[branch[:, 10] > 0]
    f = np.array([index[int(b)] for b in on[:, 0]])
    t = np.array([index[int(b)] for b in on[:, 1]])
    tap = np.where(on[:, 8] == 0, 1.0, on[:, 8])
    b = 1.0 / (on[:, 3] * tap)
    shift = np.deg2rad(on[:, 9])
    np.add.at(power, f, b * shift)
    np.add.at(power, t, -b * shift)

    i = np.concatenate([f, t, f, t])
    j = np.concatenate([f, t, t, f])
    matrix = csr_matrix((np.concatenate([b, b, -b, -b]), (i, j)), shape=(n, n))

    angle = np.zeros(n)
    slack = np.flatnonzero(bus[:, 1] == 3)
    angle[slack] = np.deg2rad(bus[slack, 8])
    free = np.flatnonzero((bus[:, 1] != 3) & (bus[:, 1] != 4))
    rhs = power[free] - matrix[free][:, slack] @ angle[slack]
    lu = splu(matrix[free][:, free].tocsc())
    x = lu.solve(rhs)
    x += lu.solve(rhs - matrix[free][:, free] @ x)  # one step of refinement
    angle[free] = x
    return bus[:, 0].astype(int), angle


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", nargs="+", type=pathlib.Path)
    parser.add_argument("-o", "--out", type=pathlib.Path, required=True)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    for case in args.cases:
        buses, angles = solve(*read(case))
        lines = ["bus,angle"] + [f"{b},{a:.17g}" for b, a in zip(buses, angles)]
        (args.out / f"{case.stem}.csv").write_text("\n".join(lines) + "\n")
        print(f"{case.stem}: {len(buses)} buses, angles {angles.min():.6f} to {angles.max():.6f} rad")


if __name__ == "__main__":
    main()
