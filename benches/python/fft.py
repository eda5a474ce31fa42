"""The transform of the program `fft` by mpi4py-fft: fft.py <n0> <n1> <n2> <repeats>. Plans are made by measuring, and are
not timed. The spectrum stays transposed, as there."""

import sys

import numpy as np
from mpi4py import MPI
from mpi4py_fft import PFFT, newDistArray

comm = MPI.COMM_WORLD
shape, repeats = [int(n) for n in sys.argv[1:4]], int(sys.argv[4])
fft = PFFT(comm, shape, axes=(0, 1, 2), dtype=np.complex128, slab=True)
array, spectrum, back = newDistArray(fft, False), newDistArray(fft), newDistArray(fft, False)
count = np.arange(array.size).reshape(array.shape)
array[:] = (count * 7919 + 13) % 1009 / 1009 - 0.5


def median_time(transform):
    times = []
    for _ in range(repeats + 1):
        comm.Barrier()
        begun = MPI.Wtime()
        transform()
        comm.Barrier()
        times.append(MPI.Wtime() - begun)
    return np.median(times[1:])


there = median_time(lambda: fft.forward(array, spectrum, normalize=False))
home = median_time(lambda: fft.backward(spectrum, back, normalize=False))
error = float(np.abs(np.asarray(back) / np.prod(shape) - np.asarray(array)).max(initial=0.0))
error = comm.allreduce(error, MPI.MAX) / 0.5
if comm.rank == 0:
    print(f"forward {1e3 * there:.3f} ms, backward {1e3 * home:.3f} ms")
    print(f"round trip: relative error {error:.1e}")
