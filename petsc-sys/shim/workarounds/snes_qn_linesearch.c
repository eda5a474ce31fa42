/* Upstream: SNESSolve_QN(), SNESSetFromOptions_QN(), src/snes/impls/qn/qn.c
   Releases: 3.18 - 3.26
   Fault: only SNESSetFromOptions() creates the line search; without this call, NULL is dereferenced.
   Workaround: the line search is created before the set-up.
   Test: unchecked::quasi_newton_needs_no_options
   Patch: petsc/snes_qn_linesearch.patch */
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
