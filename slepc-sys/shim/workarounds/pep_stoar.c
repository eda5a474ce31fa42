/* A failed setup keeps the number of results of the previous solve, and a reset would free that number of
   results. Slices also stay where all eigenvalues are no longer wanted, and would be reset after other solves. */
static PetscErrorCode StoarSetUp(PEP pep)
{
  PEPWhich       which = pep->which;
  PetscErrorCode ierr;
  pep->which = PEP_ALL;
  ierr       = stoar.reset(pep);
  pep->which = which;
  CALL(ierr);
  pep->nconv = 0;
  return stoar.setup(pep);
}

static PetscErrorCode StoarCreate(PEP pep)
{
  CALL(stoar.create(pep));
  stoar.reset     = pep->ops->reset;
  stoar.setup     = pep->ops->setup;
  pep->ops->setup = StoarSetUp;
  return OK;
}
