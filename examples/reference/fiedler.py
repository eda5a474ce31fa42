"""Computes the algebraic connectivities of MATPOWER networks with scipy, for the tests of `partition`.

Reads the case with `powergrid_dc.py` and computes the two smallest eigenvalues of the Laplacian with scipy's eigsh. Writes
`case,weight,connectivity,small,large,cut` (sizes of both sides, given by the sign of the vector, and lines between them):

    python3 fiedler.py ../data/powergrid/case14.m ... > ../data/powergrid/reference/fiedler.csv
"""

import pathlib
import re
import sys

import numpy as np
from scipy.sparse import coo_matrix, csgraph, diags
from scipy.sparse.linalg import eigsh

from powergrid_dc import table

print("case,weight,connectivity,small,large,cut")
for path in map(pathlib.Path, sys.argv[1:]):
    text = path.read_text()
    bus, branch = table(text, "bus"), table(text, "branch")
    index = {int(number): i for i, number in enumerate(bus[:, 0])}
    n = len(bus)
    on = branch[branch[:, 10] > 0]
    f = np.array([index[int(b)] for b in on[:, 0]])
    t = np.array([index[int(b)] for b in on[:, 1]])
    ratio = np.where(on[:, 8] == 0, 1.0, on[:, 8])
    for weight in ["lines", "susceptance"]:
        w = np.ones(len(on)) if weight == "lines" else abs(1 / (on[:, 3] * ratio))
        a = coo_matrix((np.r_[w, w], (np.r_[f, t], np.r_[t, f])), (n, n)).tocsr()
        assert csgraph.connected_components(a)[0] == 1, path
        laplacian = (diags(np.asarray(a.sum(1)).ravel()) - a).tocsc()
        shift = -1e-4 * laplacian.diagonal().max()
        start = np.random.default_rng(1).standard_normal(n)
        values, vectors = eigsh(laplacian, 2, sigma=shift, which="LM", tol=1e-13, v0=start)
        order = np.argsort(values)
        side = vectors[:, order[1]] > 0
        sizes = sorted([int(side.sum()), int(n - side.sum())])
        cut = int((side[f] != side[t]).sum())
        print(f"{path.stem},{weight},{values[order[1]]:.15e},{sizes[0]},{sizes[1]},{cut}")
