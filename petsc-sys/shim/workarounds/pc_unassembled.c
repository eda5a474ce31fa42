/* These types read the storage of the matrix, which has gaps before it is assembled. */
static PetscErrorCode PetscRsAssembledCheck(PC pc)
{
  PetscBool      reads = PETSC_FALSE;
  PetscErrorCode ierr  = PetscObjectTypeCompareAny((PetscObject)pc, &reads, PCCP, PCTFS, PCML, "");

  if (ierr || !reads || !pc->pmat || pc->pmat->assembled) return ierr;
  return PetscRsError("PCSetUp", __FILE__, PETSC_ERR_ARG_WRONGSTATE, "the matrix is not assembled");
}
