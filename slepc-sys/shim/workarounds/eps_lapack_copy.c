/* Upstream: EPSSetUp_LAPACK(), src/eps/impls/lapack/lapack.c
   Releases: 3.18 - 3.26
   Fault: if MatCreateRedundantMatrix() fails for an operator, for example one that is not assembled, an uninitialized
     matrix is destroyed.
   Workaround: the setup first copies each operator, and returns an error if a copy fails.
   Test: attacked::an_operator_that_lapack_cannot_copy
   Patch: slepc/eps_lapack_copy.patch */
static Method lapack;

static PetscErrorCode LapackSetUp(EPS eps)
{
  PetscBool shift, copies;
  PetscInt  n;
  Mat       A, copy = NULL;

  CALL(PetscObjectTypeCompare((PetscObject)eps->st, STSHIFT, &shift));
  CALL(STGetNumMatrices(eps->st, &n));
  for (PetscInt i = 0; shift && i < n; i++) {
    CALL(STGetMatrix(eps->st, i, &A));
    CALL(MatHasOperation(A, MATOP_CREATE_SUBMATRICES, &copies));
    if (!copies) continue;
    CALL(MatCreateRedundantMatrix(A, 0, PETSC_COMM_SELF, MAT_INITIAL_MATRIX, &copy));
    CALL(MatDestroy(&copy));
  }
  return lapack.setup(eps);
}

static PetscErrorCode LapackCreate(EPS eps)
{
  CALL(lapack.create(eps));
  lapack.setup    = eps->ops->setup;
  eps->ops->setup = LapackSetUp;
  return OK;
}
