/* The package bas does not detect a failed factorization, and follows uninitialized pointers. */
static PetscErrorCode PetscRsNoBas(Mat mat, MatFactorType type, Mat *factor)
{
  (void)mat;
  (void)type;
  *factor = NULL;
  return PetscRsError("MatGetFactor", __FILE__, PETSC_ERR_SUP, "the package bas does not detect that a factorization failed");
}
