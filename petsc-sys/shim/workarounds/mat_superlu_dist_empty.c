static PetscErrorCode (*PetscRsSuperluDist)(Mat, MatFactorType, Mat *);

/* SuperLU_DIST reads before its arrays where there are no rows. */
static PetscErrorCode PetscRsSuperluDistWithRows(Mat mat, MatFactorType type, Mat *factor)
{
  *factor = NULL;
  if (!mat->rmap->N) return PetscRsError("MatGetFactor", __FILE__, PETSC_ERR_SUP, "SuperLU_DIST factors no matrix without rows");
  return PetscRsSuperluDist(mat, type, factor);
}

static PetscErrorCode PetscRsSuperluDistGuard(void)
{
  PetscErrorCode (*make)(Mat, MatFactorType, Mat *) = NULL;
  PetscErrorCode ierr = MatSolverTypeGet(MATSOLVERSUPERLU_DIST, MATSEQAIJ, MAT_FACTOR_LU, NULL, NULL, &make);

  if (ierr || !make || make == PetscRsSuperluDistWithRows) return ierr;
  PetscRsSuperluDist = make;
  ierr               = MatSolverTypeRegister(MATSOLVERSUPERLU_DIST, MATSEQAIJ, MAT_FACTOR_LU, PetscRsSuperluDistWithRows);
  return ierr ? ierr : MatSolverTypeRegister(MATSOLVERSUPERLU_DIST, MATMPIAIJ, MAT_FACTOR_LU, PetscRsSuperluDistWithRows);
}
