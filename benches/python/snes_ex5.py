"""Twin of src/bin/snes_ex5.rs in petsc4py: the Bratu problem on n by n points. The ways to write it: calls.py."""

from math import exp

import numpy as np
from calls import PETSc, begin, check, mode, repeats, report, size

LAMBDA = 6.0


class Bratu:
    def __init__(self, grid):
        self.grid = grid
        self.local = grid.createLocalVec()
        self.mx, self.my = grid.getSizes()
        hx, hy = 1.0 / (self.mx - 1), 1.0 / (self.my - 1)
        self.x, self.y, self.scale = hy / hx, hx / hy, hx * hy * LAMBDA

    def guess(self, vector):
        u = self.array(vector)
        (xs, xe), (ys, ye) = self.grid.getRanges()
        for j in range(ys, ye):
            for i in range(xs, xe):
                along_x = min(i, self.mx - 1 - i) / (self.mx - 1)
                along_y = min(j, self.my - 1 - j) / (self.my - 1)
                u[i, j] = LAMBDA / (LAMBDA + 1.0) * min(along_x, along_y) ** 0.5

    def array(self, vector):
        return self.grid.getVecArray(vector)

    def edge(self, i, j):
        return i == 0 or j == 0 or i == self.mx - 1 or j == self.my - 1

    def function(self, snes, vector, residual):
        x, y, scale = self.x, self.y, self.scale
        self.grid.globalToLocal(vector, self.local)
        u, f = self.array(self.local), self.array(residual)
        (xs, xe), (ys, ye) = self.grid.getRanges()
        for j in range(ys, ye):
            for i in range(xs, xe):
                v = u[i, j]
                if self.edge(i, j):
                    f[i, j] = 2.0 * (x + y) * v
                else:
                    xx = (2.0 * v - u[i - 1, j] - u[i + 1, j]) * x
                    yy = (2.0 * v - u[i, j - 1] - u[i, j + 1]) * y
                    f[i, j] = xx + yy - scale * exp(v)

    def jacobian(self, snes, vector, a, p):
        x, y, scale = self.x, self.y, self.scale
        self.grid.globalToLocal(vector, self.local)
        u = self.array(self.local)
        row, column = PETSc.Mat.Stencil(), PETSc.Mat.Stencil()
        (xs, xe), (ys, ye) = self.grid.getRanges()
        for j in range(ys, ye):
            for i in range(xs, xe):
                row.index = (i, j)
                row.field = 0
                if self.edge(i, j):
                    p.setValueStencil(row, row, 2.0 * (x + y))
                    continue
                centre = 2.0 * (x + y) - scale * exp(u[i, j])
                for at, value in (
                    ((i, j - 1), -y),
                    ((i - 1, j), -x),
                    ((i, j), centre),
                    ((i + 1, j), -x),
                    ((i, j + 1), -y),
                ):
                    column.index = at
                    column.field = 0
                    p.setValueStencil(row, column, value)
        p.assemble()
        if a != p:
            a.assemble()
        return True


class BratuArrays(Bratu):
    def array(self, vector):
        return vector.getArray().reshape(self.my, self.mx).T


class BratuNumpy(Bratu):
    def __init__(self, grid):
        super().__init__(grid)
        number = np.arange(self.mx * self.my, dtype=PETSc.IntType).reshape(self.my, self.mx)
        self.inside = np.zeros(number.shape, dtype=bool)
        self.inside[1:-1, 1:-1] = True
        beside = [number - self.mx, number - 1, number, number + 1, number + self.mx]
        columns = np.where(self.inside[..., None], np.stack(beside, axis=-1), -1)
        columns[..., 2] = number
        self.columns = columns.reshape(-1, 5)
        self.rows = np.arange(0, 5 * number.size + 1, 5, dtype=PETSc.IntType)

    def function(self, snes, vector, residual):
        x, y = self.x, self.y
        u = vector.getArray(readonly=True).reshape(self.my, self.mx)
        f = residual.getArray().reshape(self.my, self.mx)
        f[...] = 2.0 * (x + y) * u
        v = u[1:-1, 1:-1]
        f[1:-1, 1:-1] -= (u[1:-1, :-2] + u[1:-1, 2:]) * x + (u[:-2, 1:-1] + u[2:, 1:-1]) * y
        f[1:-1, 1:-1] -= self.scale * np.exp(v)

    def jacobian(self, snes, vector, a, p):
        x, y = self.x, self.y
        u = vector.getArray(readonly=True).reshape(self.my, self.mx)
        values = np.empty((self.my, self.mx, 5))
        values[...] = (-y, -x, 0.0, -x, -y)
        values[..., 2] = 2.0 * (x + y) - np.where(self.inside, self.scale * np.exp(u), 0.0)
        # Negative columns, of the rows at the edge, are left out.
        p.setValuesIJV(self.rows, self.columns.ravel(), values.ravel())
        p.assemble()
        if a != p:
            a.assemble()
        return True


def main():
    n = size(64)
    grid = PETSc.DMDA().create([n, n], stencil_width=1, stencil_type=PETSc.DMDA.StencilType.STAR)
    ways = {"loop": Bratu, "arrays": BratuArrays, "numpy": BratuNumpy}
    problem = ways[mode()](grid)
    snes = PETSc.SNES().create()
    snes.setDM(grid)
    residual, a = grid.createGlobalVec(), grid.createMat()
    snes.setFunction(problem.function, residual)
    snes.setJacobian(problem.jacobian, a)
    snes.setFromOptions()
    x = grid.createGlobalVec()
    problem.guess(x)
    snes.solve(None, x)
    top = x.norm(PETSc.NormType.INFINITY)
    begin()
    for _ in range(repeats()):
        snes.computeFunction(x, residual)
        snes.computeJacobian(x, a)
    report("SNESFunctionEval", "SNESJacobianEval")
    check(snes.getConvergedReason() > 0 and 0.5 < top < 1.0)


main()
