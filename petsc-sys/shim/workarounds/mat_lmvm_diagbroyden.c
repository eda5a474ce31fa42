/* Upstream: MatCreate_LMVMDiagBrdn(), src/ksp/ksp/utils/lmvm/diagbrdn/diagbrdn.c
   Releases: 3.24 - 3.26
   Fault: for transposed products and solves, the base type MATLMVM calls functions that the derived type should
     provide. MATLMVMDIAGBROYDEN does not set them; NULL is called.
   Workaround: the transposed functions of the base type are removed from these matrices. PETSc then calls MatMult() and
     MatSolve() instead, since the matrix is symmetric.
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
