/* Upstream: PCSetUp_Deflation(), src/ksp/pc/impls/deflation/deflation.c
   Releases: 3.18 - 3.26
   Fault: a number is divided by the number of vectors of the deflation space, which is zero for a matrix without rows.
   Workaround: PCSetUp() returns an error for a matrix without rows.
   Test: unchecked::nothing_is_deflated_without_rows
   Patch: petsc/pc_deflation_empty.patch */
static PetscErrorCode PetscRsDeflationCheck(PC pc)
{
  PetscInt       n = 1;
  PetscBool      is_deflation;
  PetscErrorCode ierr = PetscObjectTypeCompare((PetscObject)pc, PCDEFLATION, &is_deflation);

  if (!ierr && is_deflation && pc->pmat) ierr = MatGetSize(pc->pmat, &n, NULL);
  if (ierr || n) return ierr;
  return PetscRsError("PCSetUp", __FILE__, PETSC_ERR_ARG_SIZ, "deflation requires a matrix with rows");
}
