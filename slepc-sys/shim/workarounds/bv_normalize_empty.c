/* Upstream: BVNormalize_LAPACK_Private(), src/sys/classes/bv/interface/bvlapack.c
   Releases: 3.18 - 3.26
   Fault: on a process without rows, the leading dimension is 0, which LAPACK refuses: this process returns an error, and
   the others wait for it.
   Workaround: if a process has no rows, the columns are normalized one by one.
   Test: attacked::a_polynomial_with_an_empty_rank
   Patch: slepc/bv_normalize_empty.patch */
#define BV_NORMALIZE "petsc-rs.normalize"

/* The two columns of a complex pair have one norm. */
static PetscErrorCode NormalizeColumns(BV bv, const PetscScalar *im)
{
  for (PetscInt i = bv->l, n; i < bv->k; i += n) {
    PetscReal norm, other;
    n = !PetscDefined(USE_COMPLEX) && im && im[i] != (PetscScalar)0.0 && i + 1 < bv->k ? 2 : 1;
    CALL(BVNormColumn(bv, i, NORM_2, &norm));
    if (n == 2) {
      CALL(BVNormColumn(bv, i + 1, NORM_2, &other));
      norm = SlepcAbs(norm, other);
    }
    if (norm == 0.0) SETERRQ(PetscObjectComm((PetscObject)bv), PETSC_ERR_LIB, "column %d of the basis is zero", (int)i);
    for (PetscInt j = 0; j < n; j++) CALL(BVScaleColumn(bv, i + j, 1.0 / norm));
  }
  return OK;
}

static PetscErrorCode BasisNormalize(BV bv, PetscScalar *im)
{
  PetscErrorCode (*normalize)(BV, PetscScalar *) = NULL;
  PetscErrorCode ierr;
  PetscInt       rows;
  Mat            matrix = bv->matrix;

  CALL(PetscObjectQueryFunction((PetscObject)bv, BV_NORMALIZE, &normalize));
  if (MPI_Allreduce(&bv->n, &rows, 1, MPIU_INT, MPI_MIN, PetscObjectComm((PetscObject)bv))) return PETSC_ERR_MPI;
  if (rows) return normalize(bv, im);
  /* This function uses the Euclidean norm. */
  bv->matrix = NULL;
  ierr       = NormalizeColumns(bv, im);
  bv->matrix = matrix;
  return ierr;
}
