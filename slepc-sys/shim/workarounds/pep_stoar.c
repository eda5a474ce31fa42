/* A failed setup keeps the number of results of the previous solve, and a reset would free that number of
   results. */
static PetscErrorCode StoarSetUp(PEP pep)
{
  CALL(stoar.reset(pep));
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
