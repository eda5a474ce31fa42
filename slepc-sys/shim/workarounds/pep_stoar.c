/* Upstream: PEPQSliceResetSR(), src/pep/impls/krylov/stoar/qslice.c
   Releases: 3.18 - 3.26
   Fault: a reset frees one array for each result of the last solve, whereas the arrays belong to the eigenvalues of the
     last interval. If the setup of slices or a solve has failed, or the last solve did not use slices, reads are out of
     bounds, and invalid pointers are freed.
   Workaround: each setup resets the slices of the previous solve. A reset that does not follow a complete solve sets
     the number of results to zero; the arrays are then leaked.
   Test: attacked::a_slice_that_fails_after_another_solve, attacked::slices_with_a_monitor_that_fails,
   attacked::slices_before_and_after_another_solve
   Patch: slepc/pep_stoar.patch */
static PetscErrorCode StoarReset(PEP pep)
{
  if (pep->state < PEP_STATE_SOLVED) pep->nconv = 0;
  return stoar.reset(pep);
}

static PetscErrorCode StoarSetUp(PEP pep)
{
  PEPWhich       which = pep->which;
  PetscErrorCode ierr;

  /* Otherwise, a reset omits the slices. */
  pep->which = PEP_ALL;
  ierr       = stoar.reset(pep);
  pep->which = which;
  if (ierr) return ierr;
  pep->nconv = 0;
  return stoar.setup(pep);
}

static PetscErrorCode StoarCreate(PEP pep)
{
  CALL(stoar.create(pep));
  stoar.reset     = pep->ops->reset;
  stoar.setup     = pep->ops->setup;
  pep->ops->reset = StoarReset;
  pep->ops->setup = StoarSetUp;
  return OK;
}
