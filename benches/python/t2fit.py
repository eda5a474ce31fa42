"""Twin of the application t2fit: the same curves, voxel by voxel, as one writes it in Python.

`python3 t2fit.py FILE COUNT petsc` fits the first COUNT curves of FILE (.npy, echoes last) by the workshop's script: a
vector of two parameters, a callback that gathers it, TAO's lmvm. `... scipy` fits them by curve_fit with the derivatives
given. Prints `voxels <count> <seconds> <median T2>`.
"""

import sys
import time

import numpy as np

TIMES = np.array([10.0, 20, 40, 60, 80, 120, 160, 200, 240, 280])


class T2Objective:
    def __init__(self, PETSc, signal):
        self.PETSc = PETSc
        self.signal = signal

    def __call__(self, tao, x, g):
        PETSc = self.PETSc
        scatter, all_of_x = PETSc.Scatter.toAll(x)
        scatter.scatter(x, all_of_x, PETSc.InsertMode.INSERT, PETSc.ScatterMode.FORWARD)
        amplitude, t2 = all_of_x.getArray(readonly=True).copy()
        t2 = max(t2, 1e-6)
        decay = np.exp(-TIMES / t2)
        residual = amplitude * decay - self.signal
        full = np.empty(2)
        full[0] = np.dot(residual, decay)
        full[1] = np.dot(residual, amplitude * decay * TIMES / (t2 * t2))
        start, end = x.getOwnershipRange()
        g.getArray()[: end - start] = full[start:end]
        return 0.5 * np.dot(residual, residual)


def by_petsc(signals):
    import petsc4py

    petsc4py.init(sys.argv[:1])
    from petsc4py import PETSc

    found = []
    for signal in signals:
        x = PETSc.Vec().createMPI(2, comm=PETSc.COMM_WORLD)
        x.setValues(range(2), [0.8, 50.0])
        x.assemble()
        tao = PETSc.TAO().create(comm=PETSc.COMM_WORLD)
        tao.setType("lmvm")
        tao.setObjectiveGradient(T2Objective(PETSc, signal), None)
        tao.setFromOptions()
        tao.solve(x)
        found.append(x.getArray()[1])
        tao.destroy()
        x.destroy()
    return found


def by_scipy(signals):
    from scipy.optimize import curve_fit

    def curve(t, amplitude, t2):
        return amplitude * np.exp(-t / t2)

    def slopes(t, amplitude, t2):
        decay = np.exp(-t / t2)
        return np.column_stack([decay, amplitude * decay * t / (t2 * t2)])

    return [curve_fit(curve, TIMES, signal, p0=(0.8, 50.0), jac=slopes)[0][1] for signal in signals]


def main():
    signals = np.load(sys.argv[1]).reshape(-1, len(TIMES))[: int(sys.argv[2])].astype(float)
    fit = {"petsc": by_petsc, "scipy": by_scipy}[sys.argv[3]]
    fit(signals[:1])
    started = time.perf_counter()
    found = fit(signals)
    seconds = time.perf_counter() - started
    print(f"voxels {len(found)} {seconds:.6e} {np.median(found):.4f}")


if __name__ == "__main__":
    main()
