/* Upstream: EPSSetUp_LAPACK(), src/eps/impls/lapack/lapack.c
   Releases: 3.18 - 3.26
   Fault: if an operator cannot be copied, an uninitialized pointer is passed to MatDestroy().
   Workaround: the setup copies each operator first, and returns an error if that fails.
   Test: attacked::an_operator_that_lapack_cannot_copy
   Patch: slepc/eps_lapack_copy.patch */
static PetscErrorCode LapackSetUp(EPS eps)
{
  PetscInt n;
  CALL(STGetNumMatrices(eps->st, &n));
  for (PetscInt i = 0; i < n; i++) {
    Mat            matrix, copy = NULL;
    PetscBool      copies;
    PetscErrorCode ierr;
    CALL(STGetMatrix(eps->st, i, &matrix));
    CALL(MatHasOperation(matrix, MATOP_CREATE_SUBMATRICES, &copies));
    if (!copies) continue;
    CALL(PetscPushErrorHandler(PetscReturnErrorHandler, NULL));
    ierr = MatCreateRedundantMatrix(matrix, 0, PETSC_COMM_SELF, MAT_INITIAL_MATRIX, &copy);
    CALL(PetscPopErrorHandler());
    if (ierr) SETERRQ(PetscObjectComm((PetscObject)eps), PETSC_ERR_SUP, "the type lapack does not support matrices of type %s: convert the matrix", ((PetscObject)matrix)->type_name);
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
