"""Computes the principal components of a cohort with numpy's full decomposition, for the tests of `pca`. Writes
`component,singular,share`:

    python3 pca.py ../data/gwas/cohort > ../data/gwas/pca.csv
"""

import sys

import numpy as np

prefix = sys.argv[1]
samples = len(open(prefix + ".fam").readlines())
variants = len(open(prefix + ".bim").readlines())
packed = np.fromfile(prefix + ".bed", np.uint8)[3:].reshape(variants, -1)
codes = (packed[:, :, None] >> np.array([0, 2, 4, 6])) & 3
codes = codes.reshape(variants, -1)[:, :samples]
copies = np.array([2.0, np.nan, 1.0, 0.0])[codes]
copies = copies[~np.isnan(copies).all(axis=1)]
p = np.nanmean(copies, axis=1, keepdims=True) / 2
varies = ((p > 0) & (p < 1)).ravel()
copies, p = copies[varies], p[varies]
standard = np.nan_to_num((copies - 2 * p) / np.sqrt(2 * p * (1 - p)))
singular = np.linalg.svd(standard, compute_uv=False)
print("component,singular,share")
for i, s in enumerate(singular[:10], 1):
    print(f"{i},{s:.15e},{s * s / (standard**2).sum():.15e}")
