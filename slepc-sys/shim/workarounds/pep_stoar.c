/* Upstream: PEPQSliceResetSR(), src/pep/impls/krylov/stoar/qslice.c
   Releases: 3.18 - 3.26
   Fault: a reset frees an array for each result, by the number of results of the previous solve. If the setup of
   slices has failed, these arrays do not exist: invalid pointers are freed.
   Workaround: the setup resets the slices, and sets the number of results to zero.
   Test: attacked::a_slice_that_fails_after_another_solve
   Patch: slepc/pep_stoar.patch */
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
