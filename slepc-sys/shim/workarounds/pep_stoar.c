/* Upstream: PEPQSliceResetSR(), PEPGetNewShiftValue(), src/pep/impls/krylov/stoar/qslice.c
   Releases: 3.18 - 3.26
   Fault: a reset frees one array for each result of the last solve, whereas the arrays belong to the eigenvalues of the
     last interval. If the setup of slices or a solve has failed, or the last solve did not use slices, reads are out of
     bounds, and invalid pointers are freed. If the method does not find the eigenvalues of an interval that the inertia
     indicates, the interval is halved without end.
   Workaround: each setup resets the slices of the previous solve. A reset that does not follow a complete solve sets
     the number of results to zero; the arrays are then leaked. A shift that equals that of the previous slice is an
     error.
   Test: attacked::a_slice_that_fails_after_another_solve, attacked::slices_with_a_monitor_that_fails,
   attacked::slices_before_and_after_another_solve, attacked::slices_without_the_eigenvalues_of_the_inertia
   Patch: slepc/pep_stoar.patch */
static PetscErrorCode StoarReset(PEP pep)
{
  if (pep->state < PEP_STATE_SOLVED) pep->nconv = 0;
  return stoar.reset(pep);
}

/* The shift of the slice, and the stopping test, which is called in each iteration. */
typedef struct {
  PetscErrorCode (*stopping)(PEP, PetscInt, PetscInt, PetscInt, PetscInt, PEPConvergedReason *, void *);
  void     *ctx;
  PetscBool is_first;
  PetscReal shift;
} StoarSlice;

static PetscErrorCode StoarStopping(PEP pep, PetscInt its, PetscInt max, PetscInt found, PetscInt wanted, PEPConvergedReason *reason, void *ctx)
{
  StoarSlice  *slices = (StoarSlice *)ctx;
  PetscReal shift  = PetscRealPart(pep->target);

  if (its == 1) {
    if (!slices->is_first && shift == slices->shift) SETERRQ(PetscObjectComm((PetscObject)pep), PETSC_ERR_CONV_FAILED, "eigenvalues close to %g were not found", (double)shift);
    slices->is_first = PETSC_FALSE;
    slices->shift    = shift;
  }
  return slices->stopping(pep, its, max, found, wanted, reason, slices->ctx);
}

static PetscErrorCode StoarSlices(PEP pep)
{
  StoarSlice        slices = {pep->stopping, pep->stoppingctx, PETSC_TRUE, 0.0};
  PetscErrorCode ierr;

  pep->stopping    = StoarStopping;
  pep->stoppingctx = &slices;
  ierr             = stoar.solve(pep);
  pep->stopping    = slices.stopping;
  pep->stoppingctx = slices.ctx;
  return ierr;
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
  CALL(stoar.setup(pep));
  if (which != PEP_ALL) {
    TensorOnAllRanks(((TwoLevel *)pep->data)->V);
    return OK;
  }
  stoar.solve     = pep->ops->solve;
  pep->ops->solve = StoarSlices;
  return OK;
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
