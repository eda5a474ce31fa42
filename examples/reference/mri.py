"""Computes the images of `mri` with numpy: the output of these commands is examples/data/mri/{phantom,measured}.txt.

    python examples/reference/mri.py
    python examples/reference/mri.py cartesian_ksp.npy

The images are zero-filled (root of the sum of squares), SENSE (conjugate gradients, with sensitivity maps from the center of
k-space), and total variation (alternating direction method of multipliers). Needs numpy.
"""

import sys

import numpy as np

# Modified Shepp-Logan: value, half axes, center, angle in degrees.
ELLIPSES = [
    (1.0, 0.69, 0.92, 0.0, 0.0, 0.0),
    (-0.8, 0.6624, 0.874, 0.0, -0.0184, 0.0),
    (-0.2, 0.11, 0.31, 0.22, 0.0, -18.0),
    (-0.2, 0.16, 0.41, -0.22, 0.0, 18.0),
    (0.1, 0.21, 0.25, 0.0, 0.35, 0.0),
    (0.1, 0.046, 0.046, 0.0, 0.1, 0.0),
    (0.1, 0.046, 0.046, 0.0, -0.1, 0.0),
    (0.1, 0.046, 0.023, -0.08, -0.605, 0.0),
    (0.1, 0.023, 0.023, 0.0, -0.606, 0.0),
    (0.1, 0.023, 0.046, 0.06, -0.605, 0.0),
]


def grid(ny, nx):
    """The middles of the pixels in [-1, 1]²; y points up, the first row is on top."""
    x = (2 * np.arange(nx) + 1 - nx) / nx
    y = -(2 * np.arange(ny) + 1 - ny) / ny
    return y[:, None], x[None, :]


def phantom(ny, nx):
    y, x = grid(ny, nx)
    image = np.zeros((ny, nx))
    for value, a, b, x0, y0, degrees in ELLIPSES:
        c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
        u, v = (x - x0) * c + (y - y0) * s, (y - y0) * c - (x - x0) * s
        image[(u / a) ** 2 + (v / b) ** 2 <= 1] += value
    return image


def simulated_coils(coils, ny, nx):
    y, x = grid(ny, nx)
    angles = 2 * np.pi * np.arange(coils) / coils
    maps = []
    for t in angles:
        distance = (x - 1.2 * np.cos(t)) ** 2 + (y - 1.2 * np.sin(t)) ** 2
        phase = t + 0.8 * (x * np.cos(t) + y * np.sin(t))
        maps.append(np.exp(-distance / 1.28) * np.exp(1j * phase))
    return np.array(maps)


def hashed(index):
    with np.errstate(over="ignore"):
        z = (index.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(11)).astype(float) / 2.0**53


def made_mask(ny, nx, acceleration, calibration):
    """Samples that are denser in the middle; the middle itself is complete."""
    fy, fx = np.arange(ny)[:, None] - ny // 2, np.arange(nx)[None, :] - nx // 2
    r = np.sqrt(0.5 * ((2 * fy / ny) ** 2 + (2 * fx / nx) ** 2))
    density = (1 - np.minimum(r, 1)) ** 4
    inner = (np.abs(2 * fy + 1) <= calibration) & (np.abs(2 * fx + 1) <= calibration)
    low, high = 0.0, 1e6
    for _ in range(100):
        scale = 0.5 * (low + high)
        p = np.where(inner, 1.0, np.minimum(scale * density, 1.0))
        low, high = (scale, high) if p.mean() < 1 / acceleration else (low, scale)
    return hashed(np.arange(ny * nx)).reshape(ny, nx) < p


def to_k(image):
    axes = (-2, -1)
    return np.fft.fftshift(np.fft.fft2(np.fft.ifftshift(image, axes=axes), norm="ortho"), axes=axes)


def to_image(k):
    axes = (-2, -1)
    return np.fft.fftshift(np.fft.ifft2(np.fft.ifftshift(k, axes=axes), norm="ortho"), axes=axes)


def sensitivities(k, calibration, cut):
    """The images of the windowed center over the root of their sum of squares; zero where that is small."""
    ny, nx = k.shape[1:]
    fy, fx = np.arange(ny)[:, None] - ny // 2, np.arange(nx)[None, :] - nx // 2
    window = lambda f: np.where(np.abs(f) < calibration / 2, np.cos(np.pi * f / calibration) ** 2, 0.0)
    low = to_image(k * window(fy) * window(fx))
    root = np.sqrt((np.abs(low) ** 2).sum(0))
    return np.where(root > cut * root.max(), low / root, 0)


def cg(operator, b, x, rtol, most):
    r = b - operator(x)
    p, rr, goal = r, np.vdot(r, r).real, rtol * np.linalg.norm(b)
    for count in range(most):
        if np.sqrt(rr) <= goal:
            return x, count
        q = operator(p)
        step = rr / np.vdot(p, q).real
        x, r = x + step * p, r - step * q
        rr, old = np.vdot(r, r).real, rr
        p = r + rr / old * p
    return x, most


def reconstruct(k, mask, calibration=24, cut=0.05, regularise=1e-2, weight=1e-3, penalty=0.02, rounds=10, inner=6):
    maps = sensitivities(k, calibration, cut)
    normal = lambda x: (maps.conj() * to_image(mask * to_k(maps * x))).sum(0)
    adjoint = (maps.conj() * to_image(k)).sum(0)
    filled = np.sqrt((np.abs(to_image(k)) ** 2).sum(0))
    sense, its = cg(lambda x: normal(x) + regularise * x, adjoint, 0 * adjoint, 1e-10, 500)
    down = lambda x: np.array([np.roll(x, -1, 0) - x, np.roll(x, -1, 1) - x])
    up = lambda p: np.roll(p[0], 1, 0) - p[0] + np.roll(p[1], 1, 1) - p[1]
    top = np.abs(adjoint).max()
    x = adjoint
    d = u = 0 * down(x)
    total = 0
    for _ in range(rounds):
        b = adjoint + penalty * up(d - u)
        x, n = cg(lambda v: normal(v) + penalty * up(down(v)), b, x, 0.0, inner)
        total += n
        g = down(x) + u
        size = np.sqrt((np.abs(g) ** 2).sum(0))
        d = g * np.maximum(1 - weight * top / penalty / np.maximum(size, 1e-300), 0)
        u = g - d
    return filled, sense, x, its, total, maps


def psnr(image, reference):
    return 20 * np.log10(np.abs(reference).max() / np.sqrt(((np.abs(image) - np.abs(reference)) ** 2).mean()))


def describe(name, image):
    """Norm, largest value, and nine pixels."""
    a = np.abs(image)
    ny, nx = a.shape
    pixels = [a[ny * i // 4, nx * j // 4] for i in (1, 2, 3) for j in (1, 2, 3)]
    print(name, *(f"{v:.10e}" for v in [np.linalg.norm(a), a.max(), *pixels]))


def main():
    if len(sys.argv) > 1:
        k = np.load(sys.argv[1]).astype(complex)
        mask = (np.abs(k) > 0).any(0)
        reference = None
    else:
        ny, nx, coils = 96, 80, 6
        mask = made_mask(ny, nx, 5.0, 20)
        full = to_k(simulated_coils(coils, ny, nx) * phantom(ny, nx))
        reference = np.sqrt((np.abs(to_image(full)) ** 2).sum(0))
        k = full * mask
    calibration = 24 if reference is None else 20
    rounds = 10 if reference is not None else 1
    filled, sense, variation, its, total, maps = reconstruct(k, mask, calibration, rounds=rounds)
    print("sampled", mask.sum(), mask.size)
    for name, image in [("filled", filled), ("sense", sense), ("variation", variation)]:
        describe(name, image)
        if reference is not None:
            print("psnr", name, f"{psnr(image, reference):.6f}")
    return filled, sense, variation, its, total, reference, maps


if __name__ == "__main__":
    main()
