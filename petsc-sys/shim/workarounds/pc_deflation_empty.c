/* The method divides by the number of vectors in its space. */
static PetscErrorCode PetscRsDeflationCheck(PC pc)
{
  PetscInt       n = 1;
  PetscBool      is_deflation;
  PetscErrorCode ierr = PetscObjectTypeCompare((PetscObject)pc, PCDEFLATION, &is_deflation);

  if (!ierr && is_deflation && pc->pmat) ierr = MatGetSize(pc->pmat, &n, NULL);
  if (ierr || n) return ierr;
  return PetscRsError("PCSetUp", __FILE__, PETSC_ERR_ARG_SIZ, "deflation requires a matrix with rows");
}
