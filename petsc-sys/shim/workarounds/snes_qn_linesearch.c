/* SNESQN uses a line search that only its options create. */
static PetscErrorCode PetscRsSNESGiveSearch(SNES snes)
{
  SNESLineSearch search;
  PetscBool      is_qn = PETSC_FALSE;
  PetscErrorCode ierr  = PetscObjectTypeCompare((PetscObject)snes, SNESQN, &is_qn);

  if (ierr || !is_qn) return ierr;
  ierr = SNESGetLineSearch(snes, &search);
  if (!ierr) ierr = SNESLineSearchSetFunction(search, SNESComputeFunction);
  if (!ierr && !((PetscObject)search)->type_name) ierr = SNESLineSearchSetType(search, SNESLINESEARCHCP);
  return ierr;
}
