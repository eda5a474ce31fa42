"""Twin of src/bin/wave_step.rs in petsc4py: the step of the application `wave` on 400 by 240 points, so many steps. The ways
to write it: calls.py."""

from math import exp, pi

from calls import PETSc, begin, check, mode, report, size

NX, NY, WIDTH = 400, 240, 20
H, DT, STRENGTH, FREQUENCY = 10.0, 0.001, 0.015, 15.0
ALONG = 1.0 / (H * H)


class Wave:
    def __init__(self):
        ghosted = PETSc.DM.BoundaryType.GHOSTED
        self.grid = PETSc.DMDA().create(
            [NX, NY],
            boundary_type=(ghosted, ghosted),
            stencil_width=1,
            stencil_type=PETSc.DMDA.StencilType.STAR,
        )
        self.local = self.grid.createLocalVec()
        self.local.set(0.0)
        self.current = self.grid.createGlobalVec()
        self.previous = self.current.duplicate()
        self.stiffness, self.damping = self.current.duplicate(), self.current.duplicate()
        k, d = self.grid.getVecArray(self.stiffness), self.grid.getVecArray(self.damping)
        (xs, xe), (ys, ye) = self.grid.getRanges()
        for j in range(ys, ye):
            for i in range(xs, xe):
                speed = 1500.0 if j < NY // 2 else 2500.0
                distance = min(i, NX - 1 - i, j, NY - 1 - j)
                ratio = (WIDTH - distance) / WIDTH
                k[i, j] = speed * DT * speed * DT
                d[i, j] = 1.0 if distance >= WIDTH else exp(-STRENGTH * ratio * ratio)

    def interior(self):
        u, next_ = self.grid.getVecArray(self.local), self.grid.getVecArray(self.previous)
        k, d = self.grid.getVecArray(self.stiffness), self.grid.getVecArray(self.damping)
        (xs, xe), (ys, ye) = self.grid.getRanges()
        for j in range(ys, ye):
            for i in range(xs, xe):
                v = u[i, j]
                curvature = (u[i - 1, j] - 2.0 * v + u[i + 1, j]) * ALONG
                curvature += (u[i, j - 1] - 2.0 * v + u[i, j + 1]) * ALONG
                next_[i, j] = d[i, j] * (2.0 * v - next_[i, j] + k[i, j] * curvature)

    def advance(self, step):
        self.grid.globalToLocal(self.current, self.local)
        self.interior()
        source = (NX // 2, NY // 4)
        (xs, xe), (ys, ye) = self.grid.getRanges()
        if xs <= source[0] < xe and ys <= source[1] < ye:
            x = pi * FREQUENCY * (step * DT - 1.0 / FREQUENCY)
            next_, d = self.grid.getVecArray(self.previous), self.grid.getVecArray(self.damping)
            next_[source] += d[source] * DT * DT * (1.0 - 2.0 * x * x) * exp(-x * x)
        self.current, self.previous = self.previous, self.current


class WaveArrays(Wave):
    def arrays(self):
        (xs, xe), (ys, ye) = self.grid.getRanges()
        (gxs, gxe), (gys, gye) = self.grid.getGhostRanges()
        shape = (ye - ys, xe - xs)
        u = self.local.getArray(readonly=True).reshape(gye - gys, gxe - gxs)
        next_ = self.previous.getArray().reshape(shape)
        k = self.stiffness.getArray(readonly=True).reshape(shape)
        d = self.damping.getArray(readonly=True).reshape(shape)
        return u, next_, k, d

    def interior(self):
        u, next_, k, d = self.arrays()
        for j in range(next_.shape[0]):
            for i in range(next_.shape[1]):
                # A ghost point lies before the first one, each way.
                v = u[j + 1, i + 1]
                curvature = (u[j + 1, i] - 2.0 * v + u[j + 1, i + 2]) * ALONG
                curvature += (u[j, i + 1] - 2.0 * v + u[j + 2, i + 1]) * ALONG
                next_[j, i] = d[j, i] * (2.0 * v - next_[j, i] + k[j, i] * curvature)


class WaveNumpy(WaveArrays):
    def interior(self):
        u, next_, k, d = self.arrays()
        v = u[1:-1, 1:-1]
        curvature = (u[1:-1, :-2] - 2.0 * v + u[1:-1, 2:]) * ALONG
        curvature += (u[:-2, 1:-1] - 2.0 * v + u[2:, 1:-1]) * ALONG
        next_[...] = d * (2.0 * v - next_ + k * curvature)


def main():
    steps = size(5)
    begin()
    wave = {"loop": Wave, "arrays": WaveArrays, "numpy": WaveNumpy}[mode()]()
    event = PETSc.Log.Event("WaveStep")
    for step in range(steps):
        event.begin()
        wave.advance(step)
        event.end()
    top = wave.current.norm(PETSc.NormType.INFINITY)
    report("WaveStep")
    check(0.0 < top < 1.0)


main()
