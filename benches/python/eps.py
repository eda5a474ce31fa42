"""Twins of eps_ex1, eps_ex2 and eps_ex3 in slepc4py, as its own demonstrations write them: row by row, and the product
of a shell matrix in numpy.

`python3 eps.py eps_ex1|eps_ex2|eps_ex3 <n>`
"""

import math
import sys

import slepc4py

slepc4py.init(sys.argv[:1])
from petsc4py import PETSc  # noqa: E402  (after init)
from slepc4py import SLEPc  # noqa: E402


def line(n):
    a = PETSc.Mat().create()
    a.setSizes([n, n])
    a.setFromOptions()
    a.setUp()
    first, last = a.getOwnershipRange()
    for i in range(first, last):
        if i > 0:
            a[i, i - 1] = -1.0
        if i < n - 1:
            a[i, i + 1] = -1.0
        a[i, i] = 2.0
    a.assemble()
    return a, 2.0 - 2.0 * math.cos(n * math.pi / (n + 1))


def largest(n):
    return 4.0 - 4.0 * math.cos(n * math.pi / (n + 1))


def square(n):
    a = PETSc.Mat().create()
    a.setSizes([n * n, n * n])
    a.setFromOptions()
    a.setUp()
    first, last = a.getOwnershipRange()
    for row in range(first, last):
        i, j = divmod(row, n)
        if i > 0:
            a[row, row - n] = -1.0
        if i < n - 1:
            a[row, row + n] = -1.0
        if j > 0:
            a[row, row - 1] = -1.0
        if j < n - 1:
            a[row, row + 1] = -1.0
        a[row, row] = 4.0
    a.assemble()
    return a, largest(n)


class Laplacian:
    def __init__(self, n):
        self.n = n

    def mult(self, mat, x, y):
        n = self.n
        x = x.getArray(readonly=1).reshape(n, n)
        y = y.getArray(readonly=0).reshape(n, n)
        y[:, :] = 4.0 * x
        y[:, 1:] -= x[:, :-1]
        y[:, :-1] -= x[:, 1:]
        y[1:, :] -= x[:-1, :]
        y[:-1, :] -= x[1:, :]


def shell(n):
    a = PETSc.Mat().createPython([n * n, n * n], Laplacian(n))
    a.setUp()
    return a, largest(n)


def main():
    make = {"eps_ex1": line, "eps_ex2": square, "eps_ex3": shell}[sys.argv[1]]
    a, exact = make(int(sys.argv[2]))
    eps = SLEPc.EPS().create()
    eps.setOperators(a)
    eps.setProblemType(SLEPc.EPS.ProblemType.HEP)
    eps.setFromOptions()
    eps.solve()
    right = False
    for i in range(eps.getConverged()):
        error = eps.computeError(i, SLEPc.EPS.ErrorType.RELATIVE)
        if i == 0:
            right = error < 1e-6 and abs(eps.getEigenvalue(0) - exact) < 1e-6
    if not right:
        print("wrong result", file=sys.stderr)
        sys.exit(3)


main()
