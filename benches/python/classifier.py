"""Twin of the application classifier in PyTorch: the same samples, the same network, the same first parameters, by
LBFGS over all samples at once.

`python3 classifier.py SAMPLES FEATURES HIDDEN THREADS ITERATIONS [float32]`, HIDDEN like `32,16`. Prints
`first <loss>` and `torch <loss> <seconds> <evaluations>`.
"""

import sys
import time

import numpy as np
import torch

MASK = (1 << 64) - 1


def rotate(x, k):
    return (x << np.uint64(k)) | (x >> np.uint64(64 - k))


class Random:
    """xoshiro256++ for many seeds at once, each seeded by splitmix64."""

    def __init__(self, seeds):
        state = np.asarray(seeds, dtype=np.uint64)
        self.s = []
        with np.errstate(over="ignore"):
            for _ in range(4):
                state = state + np.uint64(0x9E3779B97F4A7C15)
                z = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
                z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
                self.s.append(z ^ (z >> np.uint64(31)))

    def bits(self):
        s0, s1, s2, s3 = self.s
        with np.errstate(over="ignore"):
            out = rotate(s0 + s3, 23) + s0
        t = s1 << np.uint64(17)
        s2 = s2 ^ s0
        s3 = s3 ^ s1
        s1 = s1 ^ s2
        s0 = s0 ^ s3
        self.s = [s0, s1, s2 ^ t, rotate(s3, 45)]
        return out

    def draw(self):
        return (self.bits() >> np.uint64(11)).astype(float) / 2.0**53

    def normal(self):
        u = ((self.bits() >> np.uint64(11)).astype(float) + 0.5) / 2.0**53
        v = ((self.bits() >> np.uint64(11)).astype(float) + 0.5) / 2.0**53
        return np.sqrt(-2.0 * np.log(u)) * np.cos(2.0 * np.pi * v)


def samples(count, features, seed=2024):
    hidden = Random([seed])
    pairs = [(hidden.normal()[0], hidden.normal()[0]) for _ in range(features)]
    seeds = [seed ^ ((row + 1) * 0x9E3779B97F4A7C15 & MASK) for row in range(count)]
    random = Random(np.array(seeds, dtype=np.uint64))
    x = np.empty((count, features))
    u, v = np.zeros(count), np.zeros(count)
    for k, (a, b) in enumerate(pairs):
        x[:, k] = random.normal()
        u += a * x[:, k] / np.sqrt(features)
        v += b * x[:, k] / np.sqrt(features)
    chance = 1.0 / (1.0 + np.exp(-(3.0 * np.tanh(2.0 * u) + 1.5 * u * v)))
    return x, (random.draw() < chance).astype(float)


def network(sizes, dtype, seed=1):
    random = Random([seed])
    layers = []
    for inputs, outputs in zip(sizes, sizes[1:]):
        layer = torch.nn.Linear(inputs, outputs, dtype=dtype)
        weights = np.array([random.normal()[0] for _ in range(inputs * outputs)]).reshape(inputs, outputs)
        with torch.no_grad():
            layer.weight.copy_(torch.from_numpy(weights.T.copy() / np.sqrt(inputs)))
            layer.bias.zero_()
        layers += [layer, torch.nn.Tanh()]
    return torch.nn.Sequential(*layers[:-1])


def main():
    count, features = int(sys.argv[1]), int(sys.argv[2])
    hidden = [int(n) for n in sys.argv[3].split(",")]
    torch.set_num_threads(int(sys.argv[4]))
    iterations = int(sys.argv[5])
    dtype = torch.float32 if "float32" in sys.argv[6:] else torch.float64
    x, y = (torch.from_numpy(a).to(dtype) for a in samples(count, features))
    model = network([features, *hidden, 1], dtype)
    loss_of = torch.nn.BCEWithLogitsLoss()
    optimiser = torch.optim.LBFGS(
        model.parameters(), max_iter=iterations, max_eval=100 * iterations, tolerance_grad=0.0, tolerance_change=0.0,
        history_size=10, line_search_fn="strong_wolfe",
    )
    evaluations = 0

    def closure():
        nonlocal evaluations
        evaluations += 1
        optimiser.zero_grad()
        loss = loss_of(model(x).squeeze(1), y)
        loss.backward()
        return loss

    print(f"first {closure().item():.12e}")
    started = time.perf_counter()
    optimiser.step(closure)
    seconds = time.perf_counter() - started
    with torch.no_grad():
        loss = loss_of(model(x).squeeze(1), y).item()
    print(f"torch {loss:.12e} {seconds:.6e} {evaluations}")


if __name__ == "__main__":
    main()
