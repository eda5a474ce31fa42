"""Twin of the Rust program shift_invert: the eigenvalues closest to 0 of a structure in Matrix Market files, by
shift-and-invert, by scipy's `eigsh` (ARPACK with SuperLU) or by slepc4py.

`python3 shift_invert.py STIFFNESS MASS|- COUNT SOLVES scipy|slepc4py`; prints `shift_invert <first> <later> <eigenvalues>`:
the seconds of the first solve, and of the fastest of the later ones (nan if there are none), each with a new solver. Files
are read before the clock starts.
"""

import sys
import time

import numpy as np


def read(name):
    """Rows, columns and values of a real matrix in coordinates, both halves of a symmetric one."""
    with open(name) as file:
        head = file.readline().split()
        line = file.readline()
        while line.startswith("%") or not line.strip():
            line = file.readline()
        rows, columns, count = (int(word) for word in line.split())
        table = np.loadtxt(file, ndmin=2)
    assert rows == columns and len(table) == count, "another shape than expected"
    i, j, x = table[:, 0].astype(np.int32) - 1, table[:, 1].astype(np.int32) - 1, table[:, 2]
    if head[4] == "symmetric":
        low = i != j
        i, j, x = np.concatenate([i, j[low]]), np.concatenate([j, i[low]]), np.concatenate([x, x[low]])
    return rows, i, j, x


def by_scipy(k, m, count):
    from scipy.sparse import coo_matrix
    from scipy.sparse.linalg import eigsh

    def matrix(of):
        n, i, j, x = of
        return coo_matrix((x, (i, j)), shape=(n, n)).tocsc()

    k, m = matrix(k), m and matrix(m)

    def solve():
        begun = time.perf_counter()
        values = eigsh(k, k=count, M=m, sigma=0.0, which="LM", tol=1e-10, return_eigenvectors=True)[0]
        return time.perf_counter() - begun, sorted(values, key=abs)

    return solve


def by_slepc4py(k, m, count):
    import slepc4py

    slepc4py.init(sys.argv[:1])
    from petsc4py import PETSc
    from slepc4py import SLEPc

    def matrix(of):
        n, i, j, x = of
        order = np.lexsort((j, i))
        i, j, x = i[order], j[order], x[order]
        first = np.searchsorted(i, np.arange(n + 1)).astype(PETSc.IntType)
        return PETSc.Mat().createAIJ((n, n), csr=(first, j.astype(PETSc.IntType), x))

    k, m = matrix(k), m and matrix(m)

    def solve():
        begun = time.perf_counter()
        eps = SLEPc.EPS().create()
        eps.setOperators(k, m)
        eps.setProblemType(SLEPc.EPS.ProblemType.GHEP if m else SLEPc.EPS.ProblemType.HEP)
        eps.setWhichEigenpairs(SLEPc.EPS.Which.TARGET_MAGNITUDE)
        eps.setTarget(0.0)
        eps.getST().setType(SLEPc.ST.Type.SINVERT)
        eps.setDimensions(count)
        eps.setTolerances(1e-10)
        eps.setFromOptions()
        eps.solve()
        seconds = time.perf_counter() - begun
        values = [eps.getEigenvalue(i).real for i in range(min(count, eps.getConverged()))]
        eps.destroy()
        return seconds, values

    return solve


def main():
    stiffness, mass, count, solves, way = sys.argv[1:6]
    k, m = read(stiffness), None if mass == "-" else read(mass)
    solve = (by_scipy if way == "scipy" else by_slepc4py)(k, m, int(count))
    first, values = solve()
    later = min((solve()[0] for _ in range(1, int(solves))), default=float("nan"))
    print("shift_invert", f"{first:.6f}", f"{later:.6f}", *(f"{value:.9e}" for value in values))


main()
