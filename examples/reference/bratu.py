"""Computes the numbers in tests/bratu.rs with scipy: python3 bratu.py

The discretization is the same, assembled from one-dimensional matrices, with Newton's method and sparse LU. A fold is the
point where the Jacobian is singular, computed with Newton's method for the state, lambda and the null vector.
"""
import math
import numpy as np
import scipy.sparse as sp
import scipy.sparse.linalg as la


def along(n, length, low, high):
    """Stiffness and mass of one direction, and which points are unknowns. A side is None (held) or its exchange."""
    h = length / (n - 1)
    mass = np.full(n, h)
    stiff = sp.lil_matrix((n, n))
    for i in range(n - 1):
        stiff[i, i] += 1 / h
        stiff[i + 1, i + 1] += 1 / h
        stiff[i, i + 1] -= 1 / h
        stiff[i + 1, i] -= 1 / h
    keep = np.ones(n, bool)
    for end, side in ((0, low), (n - 1, high)):
        if side is None:
            keep[end] = False
        else:
            mass[end] = h / 2
            stiff[end, end] += side
    return sp.csr_matrix(stiff), sp.diags(mass).tocsr(), keep


def box(points, lengths, sides):
    """Stiffness, volumes and unknowns; x runs fastest."""
    parts = [along(n, l, *s) for n, l, s in zip(points, lengths, sides)]
    total = None
    for d in range(len(parts)):
        term = sp.identity(1)
        for e in range(len(parts)):
            term = sp.kron(parts[e][0] if e == d else parts[e][1], term)
        total = term if total is None else total + term
    volume, keep = np.ones(1), np.ones(1, bool)
    for _, mass, known in parts:
        volume, keep = np.kron(mass.diagonal(), volume), np.kron(known, keep)
    at = np.flatnonzero(keep)
    return sp.csc_matrix(total.tocsr()[at][:, at]), volume[at]


def rate(u, eps):
    f = np.exp(u / (1 + eps * u))
    return f, f / (1 + eps * u) ** 2, f * (1 / (1 + eps * u) ** 4 - 2 * eps / (1 + eps * u) ** 3)


def steady(k, volume, lam, eps=0.0, start=None):
    u = np.zeros(len(volume)) if start is None else start.copy()
    for _ in range(30):
        if np.abs(u).max() > 20:
            break
        f, df, _ = rate(u, eps)
        step = la.spsolve(k - sp.diags(lam * volume * df), k @ u - lam * volume * f)
        u -= step
        if np.abs(step).max() < 1e-12:
            return u
    raise RuntimeError("no steady state")


def fold(k, volume, eps=0.0):
    """lambda and the largest u where K - lambda M f'(u) has a null vector v, v.v0 = 1."""
    # Along the branch from lambda = 0 by Newton's method, with shorter steps where there is no steady state.
    u, lam, step = np.zeros(len(volume)), 0.0, 0.1 / la.spsolve(k, volume).max()
    while step > 1e-4 * lam or lam == 0:
        try:
            u, lam = steady(k, volume, lam + step, eps, u), lam + step
        except RuntimeError:
            step /= 2
    j = k - sp.diags(lam * volume * rate(u, eps)[1])
    v = np.ones(len(u))
    for _ in range(20):
        v = la.spsolve(j, volume * v)
        v /= np.linalg.norm(v)
    v0, n = v.copy(), len(u)
    for _ in range(100):
        f, df, ddf = rate(u, eps)
        j = k - sp.diags(lam * volume * df)
        jv_u, jv_l = sp.diags(-lam * volume * ddf * v), -volume * df * v
        whole = sp.bmat([[j, None, sp.csc_matrix(-volume * f).T],
                         [jv_u, j, sp.csc_matrix(jv_l).T],
                         [None, sp.csc_matrix(v0), None]]).tocsc()
        right = np.concatenate([k @ u - lam * volume * f, j @ v, [v @ v0 - 1]])
        step = la.spsolve(whole, right)
        u, v, lam = u - step[:n], v - step[n:2 * n], lam - step[-1]
        if np.abs(step).max() < 1e-12:
            return lam, u.max()
    raise RuntimeError("no fold")


HELD = (None, None)
for nx, ny, lam in ((17, 9, 6.0), (21, 13, 3.0), (33, 33, 6.0)):
    u = steady(*box((nx, ny), (1, 1), (HELD, HELD)), lam)
    print("square", nx, ny, lam, repr(u.max()), repr(u.sum()))
u = steady(*box((9, 7, 11), (1, 1, 1), (HELD,) * 3), 7.0)
print("cube", repr(u.max()), repr(u.sum()))
u = steady(*box((17, 9), (1, 1), ((0.0, None), (0.0, 2.5))), 0.6, 0.05)
print("open sides, Arrhenius", repr(u.max()), repr(u.sum()))
print("fold 25 x 25", fold(*box((25, 25), (1, 1), (HELD, HELD))))

GAS = 8.314462618
for name, volume, surface, conductivity, flat, points in (
        ("nmc", 1.28e-4, 0.0379, 2.04, True, (9, 9, 5)), ("lfp", 1.7e-5, 0.00431, 1.89, False, (5, 5, 9))):
    roots = np.roots([2, 0, -surface, 4 * volume])
    a = sorted(r.real for r in roots if abs(r.imag) < 1e-12 and r.real > 0)[1 if flat else 0]
    edges = np.array([a, a, volume / a**2])
    half = edges.min() / 2
    factor, energy = 610.4 * 0.15 * 2.57e5 * 1.667e15, 1.3508e5
    of = lambda t: factor * math.exp(-energy / (GAS * t)) * half**2 * energy / (conductivity * GAS * t**2)
    def ambient(lam):
        low, high = 150.0, 1500.0
        while high - low > 1e-10 * high:
            low, high = ((low + high) / 2, high) if of((low + high) / 2) < lam else (low, (low + high) / 2)
        return low
    for h in (None, 10.0):
        outer = None if h is None else h * half / conductivity
        k, m = box(points, edges / 2 / half, ((0.0, outer),) * 3)
        lam, u = fold(k, m)
        t = ambient(lam)
        print(name, h, "exponential", lam, t, u * GAS * t**2 / energy)
        for _ in range(6):
            lam, u = fold(k, m, GAS * t / energy)
            t = ambient(lam)
        print(name, h, "Arrhenius  ", lam, t, u * GAS * t**2 / energy)
