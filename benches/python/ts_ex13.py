"""Twin of src/bin/ts_ex13.rs in petsc4py: heat on n by n points, implicit Euler steps. The ways to write it: calls.py."""

from math import exp, hypot

import numpy as np
from calls import PETSc, begin, check, mode, report, size


class Heat:
    def __init__(self, grid):
        self.grid = grid
        self.local = grid.createLocalVec()
        self.mx, self.my = grid.getSizes()
        self.x, self.y = float(self.mx - 1) ** 2, float(self.my - 1) ** 2

    def start(self, vector):
        u = self.array(vector)
        (xs, xe), (ys, ye) = self.grid.getRanges()
        for j in range(ys, ye):
            for i in range(xs, xe):
                r = hypot(i / (self.mx - 1) - 0.5, j / (self.my - 1) - 0.5)
                u[i, j] = exp(-30.0 * r**3) if r < 0.125 else 0.0

    def array(self, vector):
        return self.grid.getVecArray(vector)

    def edge(self, i, j):
        return i == 0 or j == 0 or i == self.mx - 1 or j == self.my - 1

    def function(self, ts, t, vector, rate):
        self.grid.globalToLocal(vector, self.local)
        u, g = self.array(self.local), self.array(rate)
        (xs, xe), (ys, ye) = self.grid.getRanges()
        for j in range(ys, ye):
            for i in range(xs, xe):
                if self.edge(i, j):
                    g[i, j] = 0.0
                else:
                    v = u[i, j]
                    xx = (u[i - 1, j] - 2.0 * v + u[i + 1, j]) * self.x
                    yy = (u[i, j - 1] - 2.0 * v + u[i, j + 1]) * self.y
                    g[i, j] = xx + yy

    def jacobian(self, ts, t, vector, a, p):
        x, y = self.x, self.y
        row, column = PETSc.Mat.Stencil(), PETSc.Mat.Stencil()
        (xs, xe), (ys, ye) = self.grid.getRanges()
        for j in range(ys, ye):
            for i in range(xs, xe):
                row.index = (i, j)
                row.field = 0
                if self.edge(i, j):
                    p.setValueStencil(row, row, 0.0)
                    continue
                for at, value in (
                    ((i, j - 1), y),
                    ((i - 1, j), x),
                    ((i, j), -2.0 * (x + y)),
                    ((i + 1, j), x),
                    ((i, j + 1), y),
                ):
                    column.index = at
                    column.field = 0
                    p.setValueStencil(row, column, value)
        p.assemble()
        if a != p:
            a.assemble()
        return True


class HeatArrays(Heat):
    def array(self, vector):
        return vector.getArray().reshape(self.my, self.mx).T


class HeatNumpy(Heat):
    def __init__(self, grid):
        super().__init__(grid)
        x, y = self.x, self.y
        number = np.arange(self.mx * self.my, dtype=PETSc.IntType).reshape(self.my, self.mx)
        inside = np.zeros(number.shape, dtype=bool)
        inside[1:-1, 1:-1] = True
        beside = [number - self.mx, number - 1, number, number + 1, number + self.mx]
        columns = np.where(inside[..., None], np.stack(beside, axis=-1), -1)
        columns[..., 2] = number
        self.columns = columns.ravel()
        self.rows = np.arange(0, 5 * number.size + 1, 5, dtype=PETSc.IntType)
        self.values = np.empty((self.my, self.mx, 5))
        self.values[...] = (y, x, -2.0 * (x + y), x, y)
        self.values[~inside, 2] = 0.0

    def function(self, ts, t, vector, rate):
        u = vector.getArray(readonly=True).reshape(self.my, self.mx)
        g = rate.getArray().reshape(self.my, self.mx)
        g[...] = 0.0
        v = u[1:-1, 1:-1]
        g[1:-1, 1:-1] = (u[1:-1, :-2] - 2.0 * v + u[1:-1, 2:]) * self.x
        g[1:-1, 1:-1] += (u[:-2, 1:-1] - 2.0 * v + u[2:, 1:-1]) * self.y

    def jacobian(self, ts, t, vector, a, p):
        # Negative columns, of the rows at the edge, are left out.
        p.setValuesIJV(self.rows, self.columns, self.values.ravel())
        p.assemble()
        if a != p:
            a.assemble()
        return True


def main():
    n = size(64)
    begin()
    grid = PETSc.DMDA().create([n, n], stencil_width=1, stencil_type=PETSc.DMDA.StencilType.STAR)
    ways = {"loop": Heat, "arrays": HeatArrays, "numpy": HeatNumpy}
    problem = ways[mode()](grid)
    ts = PETSc.TS().create()
    ts.setDM(grid)
    ts.setType(PETSc.TS.Type.BEULER)
    ts.setRHSFunction(problem.function, grid.createGlobalVec())
    ts.setRHSJacobian(problem.jacobian, grid.createMat())
    steps = 20 if mode() == "numpy" else 2
    ts.setTimeStep(1e-4)
    ts.setMaxSteps(steps)
    ts.setMaxTime(1.0)
    ts.setExactFinalTime(PETSc.TS.ExactFinalTime.STEPOVER)
    ts.setFromOptions()
    x = grid.createGlobalVec()
    problem.start(x)
    ts.solve(x)
    top = x.norm(PETSc.NormType.INFINITY)
    report("TSFunctionEval", "TSJacobianEval")
    check(ts.getStepNumber() == steps and 0.3 < top < 1.0)


main()
