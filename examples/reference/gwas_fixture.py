"""Writes examples/data/gwas/cohort.{bed,bim,fam}: synthetic genotypes with all special cases of the formats.

    python examples/reference/gwas_fixture.py examples/data/gwas/cohort
    plink1.9 --bfile examples/data/gwas/cohort --assoc --allow-no-sex --out cohort

The second command writes cohort.assoc. Needs numpy.

There are 203 samples: cases, controls, and some with unknown phenotype, sex or parents. There are 160 variants on autosomes,
X, Y, XY, MT and unknown chromosomes. Alleles are common, rare, absent, or missing in all samples. Some samples have invalid
heterozygous genotypes on haploid chromosomes. Variants with a negative position are omitted.
"""

import sys

import numpy as np

SAMPLES, VARIANTS = 203, 160
CODE = np.array([3, 2, 0, 1], dtype=np.uint8)  # copies of the first allele 0, 1, 2, missing -> PLINK's two bits


def main(prefix):
    rng = np.random.default_rng(20251017)
    sex = rng.choice([0, 1, 2], SAMPLES, p=[0.05, 0.45, 0.5])
    phenotype = rng.choice([-9, 0, 1, 2], SAMPLES, p=[0.04, 0.03, 0.48, 0.45])
    founder = rng.random(SAMPLES) < 0.8
    with open(prefix + ".fam", "w") as fam:
        for i in range(SAMPLES):
            parents = "0 0" if founder[i] else f"father{i} mother{i}"
            fam.write(f"family{i // 3} person{i} {parents} {sex[i]} {phenotype[i]}\n")

    chromosomes = [1] * 50 + [2] * 30 + [22] * 20 + [23] * 25 + [24] * 10 + [25] * 8 + [26] * 8 + [0] * 4
    chromosomes += [3] * (VARIANTS - len(chromosomes))
    packed = bytearray([0x6C, 0x1B, 0x01])
    with open(prefix + ".bim", "w") as bim:
        for j, chromosome in enumerate(chromosomes):
            frequency = rng.choice([0.02, 0.1, 0.3, 0.5, 0.7, 0.95])
            shift = rng.choice([0.0, 0.0, 0.15])
            p = np.clip(frequency + shift * (phenotype == 2), 0.0, 1.0)
            missing = rng.choice([0.0, 0.05, 0.4])
            if j % 20 == 7:
                p[:] = 0.0
            if j % 20 == 13:
                p[:] = 1.0
            if j % 40 == 27:
                missing = 1.0
            if j % 40 == 33:
                p[:] = 0.0
                p[np.flatnonzero(phenotype == 2)[:2]] = 1.0
            copies = rng.binomial(2, p)
            if chromosome in (24, 26):
                copies = 2 * (copies > 0)
                copies[rng.random(SAMPLES) < 0.03] = 1
            elif chromosome == 23:
                male = (sex == 1) & (rng.random(SAMPLES) < 0.95)
                copies = np.where(male, 2 * (copies > 0), copies)
            copies[rng.random(SAMPLES) < missing] = 3
            bits = CODE[copies]
            bits = np.concatenate([bits, np.zeros(-SAMPLES % 4, dtype=np.uint8)]).reshape(-1, 4)
            packed += bytes(bits[:, 0] | bits[:, 1] << 2 | bits[:, 2] << 4 | bits[:, 3] << 6)
            position = -9 if j % 50 == 11 else 1000 * (j + 1)
            first, second = ("A", "G") if j % 3 else ("C", "T")
            bim.write(f"{chromosome}\trs{j}\t0\t{position}\t{first}\t{second}\n")
    with open(prefix + ".bed", "wb") as bed:
        bed.write(packed)


if __name__ == "__main__":
    main(sys.argv[1])
