"""Computes the DC power flow of a tiled network with series capacitors independently, for the tests of `powergrid`.

The network consists of four copies of a case, each connected to the previous one by twenty lines. One branch in fifty has a
negative reactance. The random numbers come from the same generator as in `tests/powergrid.rs`. Writes `bus,angle` (radians) for some buses:

    python3 powergrid_tiled.py ../data/powergrid/case2869pegase.m -o ../data/powergrid/reference/tiled.csv
"""

import argparse
import pathlib

import numpy as np

from powergrid_dc import read, solve

COPIES, TIES, EVERY = 4, 20, 53


def generator():
    state = 1
    while True:
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        yield state >> 33


def tiled(base, bus, gen, branch):
    random = generator()
    below = lambda bound: next(random) % bound
    n = len(bus)
    index = {number: i for i, number in enumerate(bus[:, 0])}
    local = np.vectorize(lambda number: index[number] + 1)
    buses, gens, branches = [], [], []
    for copy in range(COPIES):
        shift = copy * n
        b, g, r = bus.copy(), gen.copy(), branch.copy()
        b[:, 0] = shift + 1 + np.arange(n)
        if copy > 0:
            b[b[:, 1] == 3, 1] = 2
        g[:, 0] = shift + local(gen[:, 0])
        r[:, :2] = shift + local(branch[:, :2])
        for row in r:
            if below(50) == 0:
                row[3] *= -0.3
        buses, gens, branches = buses + [b], gens + [g], branches + [r]
        if copy > 0:
            ties = np.zeros((TIES, branch.shape[1]))
            ties[:, 3], ties[:, 10] = 0.05, 1
            for row in ties:
                row[0] = shift - n + below(n) + 1
                row[1] = shift + below(n) + 1
            branches.append(ties)
    return base, np.vstack(buses), np.vstack(gens), np.vstack(branches)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("case", type=pathlib.Path)
    parser.add_argument("-o", "--out", type=pathlib.Path, required=True)
    args = parser.parse_args()
    buses, angles = solve(*tiled(*read(args.case)))
    lines = [f"{b},{a:.17g}" for b, a in zip(buses[::EVERY], angles[::EVERY])]
    args.out.write_text("bus,angle\n" + "\n".join(lines) + "\n")
    print(f"{len(buses)} buses, angles {angles.min():.6f} to {angles.max():.6f} rad")
