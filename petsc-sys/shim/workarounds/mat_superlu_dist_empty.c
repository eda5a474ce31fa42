/* Upstream: SuperLU_DIST, called in MatLUFactorNumeric_SuperLU_DIST(),
     src/mat/impls/aij/mpi/superlu_dist/superlu_dist.c
   Releases: 3.18 - 3.26
   Fault: if the matrix has no rows, memory before the start of an array is read.
   Workaround: MatGetFactor() returns an error for a matrix without rows.
   Test: unchecked::superlu_dist_factors_no_matrix_without_rows
   Patch: petsc/mat_superlu_dist_empty.patch */
static PetscErrorCode (*PetscRsSuperluDist)(Mat, MatFactorType, Mat *);

static PetscErrorCode PetscRsSuperluDistWithRows(Mat mat, MatFactorType type, Mat *factor)
{
  PetscErrorCode ierr;

  *factor = NULL;
  if (!mat->rmap->N) return PetscRsError("MatGetFactor", __FILE__, PETSC_ERR_SUP, "SuperLU_DIST factors no matrix without rows");
  ierr = PetscRsSuperluDist(mat, type, factor);
  return ierr || !*factor ? ierr : PetscRsSuperluDistAlone(*factor);
}

static PetscErrorCode PetscRsSuperluDistGuard(void)
{
  PetscErrorCode (*make)(Mat, MatFactorType, Mat *) = NULL;
  PetscErrorCode ierr = MatSolverTypeGet(MATSOLVERSUPERLU_DIST, MATSEQAIJ, MAT_FACTOR_LU, NULL, NULL, &make);

  if (ierr || !make || make == PetscRsSuperluDistWithRows) return ierr;
  PetscRsSuperluDist = make;
  for (int i = 0; !ierr && i < 4; i++) ierr = MatSolverTypeRegister(MATSOLVERSUPERLU_DIST, i % 2 ? MATSEQAIJ : MATMPIAIJ, i / 2 ? MAT_FACTOR_LU : MAT_FACTOR_CHOLESKY, PetscRsSuperluDistWithRows);
  return ierr;
}
