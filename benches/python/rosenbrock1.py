"""Twin of src/bin/rosenbrock1.rs in petsc4py: Rosenbrock's function in n pairs of variables. The ways to write it:
calls.py.
"""

import numpy as np
from calls import PETSc, begin, check, mode, report, size

ALPHA = 99.0


class Rosenbrock:
    """Pair by pair, element by element of numpy's arrays."""

    def gradient(self, tao, vector, g_vector):
        x, g = vector.getArray(readonly=True), g_vector.getArray()
        total = 0.0
        for i in range(0, len(x), 2):
            t, u = x[i + 1] - x[i] * x[i], 1.0 - x[i]
            total += ALPHA * t * t + u * u
            g[i] = -4.0 * ALPHA * t * x[i] - 2.0 * u
            g[i + 1] = 2.0 * ALPHA * t
        return total

    def hessian(self, tao, vector, h, p):
        x = vector.getArray(readonly=True)
        for i in range(0, len(x), 2):
            across = -4.0 * ALPHA * x[i]
            first = -4.0 * ALPHA * (x[i + 1] - 3.0 * x[i] * x[i]) + 2.0
            at = [i, i + 1]
            p.setValues(at, at, [first, across, across, 2.0 * ALPHA])
        p.assemble()


class RosenbrockArrays(Rosenbrock):
    """Pair by pair, through lists, whose elements are reached faster."""

    def gradient(self, tao, vector, g_vector):
        x, g = vector.getArray(readonly=True).tolist(), [0.0] * vector.getLocalSize()
        total = 0.0
        for i in range(0, len(x), 2):
            a = x[i]
            t, u = x[i + 1] - a * a, 1.0 - a
            total += ALPHA * t * t + u * u
            g[i] = -4.0 * ALPHA * t * a - 2.0 * u
            g[i + 1] = 2.0 * ALPHA * t
        g_vector.setArray(g)
        return total


class RosenbrockNumpy(Rosenbrock):
    """Whole arrays at a time."""

    def gradient(self, tao, vector, g_vector):
        x, g = vector.getArray(readonly=True), g_vector.getArray()
        a, b = x[::2], x[1::2]
        t, u = b - a * a, 1.0 - a
        g[::2] = -4.0 * ALPHA * t * a - 2.0 * u
        g[1::2] = 2.0 * ALPHA * t
        return float(ALPHA * (t @ t) + u @ u)

    def hessian(self, tao, vector, h, p):
        x = vector.getArray(readonly=True)
        a, b = x[::2], x[1::2]
        blocks = np.empty((len(a), 2, 2))
        blocks[:, 0, 0] = -4.0 * ALPHA * (b - 3.0 * a * a) + 2.0
        blocks[:, 0, 1] = blocks[:, 1, 0] = -4.0 * ALPHA * a
        blocks[:, 1, 1] = 2.0 * ALPHA
        pairs = np.arange(len(a) + 1, dtype=PETSc.IntType)
        p.setValuesBlockedIJV(pairs, pairs[:-1], blocks.ravel())
        p.assemble()


def main():
    n = 2 * size(1000)
    begin()
    ways = {"loop": Rosenbrock, "arrays": RosenbrockArrays, "numpy": RosenbrockNumpy}
    problem = ways[mode()]()
    x = PETSc.Vec().createSeq(n)
    h = PETSc.Mat().createBAIJ([n, n], 2, nnz=1, comm=PETSc.COMM_SELF)
    tao = PETSc.TAO().create(PETSc.COMM_SELF)
    tao.setObjectiveGradient(problem.gradient, None)
    tao.setHessian(problem.hessian, h)
    for kind in ("lmvm", "nls"):
        tao.setType(kind)
        tao.setFromOptions()
        x.set(0.0)
        tao.solve(x)
        right = abs(x.norm(PETSc.NormType.NORM_1) - n) < 1e-4 * n
        check(tao.getConvergedReason() > 0 and right)
    report("TaoObjGradEval", "TaoHessianEval")


main()
