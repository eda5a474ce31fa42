/* Upstream: MatCreate_LMVMDiagBrdn(), src/ksp/ksp/utils/lmvm/diagbrdn/diagbrdn.c
   Releases: 3.24 - 3.26
   Fault: the base type MATLMVM calls functions of the type for transposed products and solves. This type does not set
     them; NULL is called.
   Workaround: the functions of the base type are removed. MatMult() and MatSolve() are then used, since the matrix is
     symmetric.
   Test: unchecked::quasi_newton_matrices_without_a_transposed_product_or_a_set_up
   Patch: petsc/mat_lmvm_diagbroyden.patch */
#if PETSC_VERSION_GE(3, 24, 0)
static PetscErrorCode (*PetscRsMakeDiagBroyden)(Mat);

static PetscErrorCode PetscRsCreateDiagBroyden(Mat mat)
{
  PetscErrorCode ierr = PetscRsMakeDiagBroyden(mat);

  if (ierr) return ierr;
  mat->ops->multtranspose          = NULL;
  mat->ops->multhermitiantranspose = NULL;
  mat->ops->solvetranspose         = NULL;
  return ierr;
}
#endif
