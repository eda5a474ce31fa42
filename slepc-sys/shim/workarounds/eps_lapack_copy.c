/* Checks that the matrices can be copied: SLEPc destroys a copy that was not created. */
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
