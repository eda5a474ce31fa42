"""The numbers of tests/wave.rs and of `cargo xtask workshop` by numpy: python3 wave.py"""
import numpy as np

nx, ny, dt, c, f = 53, 31, 0.002, 1500.0, 25.0
dx, dy = 1000.0 / (nx - 1), 600.0 / (ny - 1)
i, j = np.meshgrid(np.arange(nx), np.arange(ny))
distance = np.minimum(np.minimum(i, nx - 1 - i), np.minimum(j, ny - 1 - j))
ratio = (6 - distance) / 6
damping = np.where(distance < 6, np.exp(-2.0 * ratio**2), 1.0)
u, before = np.zeros((ny, nx)), np.zeros((ny, nx))
peak = 0.0
for step in range(200):
    p = np.pad(u, 1)
    laplacian = (p[1:-1, 2:] - 2 * u + p[1:-1, :-2]) / dx**2 + (p[2:, 1:-1] - 2 * u + p[:-2, 1:-1]) / dy**2
    square = (np.pi * f * (step * dt - 1.5 / f)) ** 2
    after = 2 * u - before + (c * dt) ** 2 * laplacian
    after[ny // 2, nx // 5] += dt**2 * (1 - 2 * square) * np.exp(-square)
    u, before = damping * after, u
    peak = max(peak, abs(u[ny // 2, 4 * nx // 5]))
print(repr(np.abs(u).sum()), repr((i * u).sum()), repr(u[ny // 2, 4 * nx // 5]))
print("largest |u| at the receiver", repr(peak))
