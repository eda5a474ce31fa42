/* Upstream: MatCholeskyFactorNumeric_SeqAIJ_Bas(), src/mat/impls/aij/seq/bas/basfactor.c
   Releases: 3.18 - 3.26
   Fault: a failed factorization is not detected, because the wrong variable is tested; the factor is then built from an
     uninitialized structure.
   Workaround: MATSOLVERBAS returns an error.
   Test: unchecked::a_package_that_does_not_notice_failures_is_refused
   Patch: petsc/mat_bas.patch */
static PetscErrorCode PetscRsNoBas(Mat mat, MatFactorType type, Mat *factor)
{
  (void)mat;
  (void)type;
  *factor = NULL;
  return PetscRsError("MatGetFactor", __FILE__, PETSC_ERR_SUP, "the package bas does not detect that a factorization failed");
}
