/* Upstream: TSReset_IRK(), src/ts/impls/implicit/irk/irk.c
   Releases: 3.18 - 3.26
   Fault: the reset frees the scheme, whose memory only TSCreate_IRK() allocates; TSSetUp_IRK() dereferences NULL.
   Workaround: after TSReset(), the type is created again with the same number of stages.
   Test: unchecked::work_space_of_integrators_comes_with_the_set_up
   Patch: petsc/ts_irk_reset.patch */
/* The constructor of TSIRK, with a number of stages. */
static PetscErrorCode PetscRsTSRenewIRK(TS ts, PetscInt stages)
{
  PetscErrorCode ierr = TSSetType(ts, TSBEULER);

  if (!ierr) ierr = TSSetType(ts, TSIRK);
  if (!ierr) ierr = TSIRKSetNumStages(ts, stages);
  return ierr ? ierr : TSIRKSetType(ts, TSIRKGAUSS);
}

static PetscErrorCode PetscRsTSResetMethod(TS ts)
{
  PetscBool      is_irk = PETSC_FALSE;
  PetscInt       stages = 0;
  PetscErrorCode ierr   = PetscObjectTypeCompare((PetscObject)ts, TSIRK, &is_irk);

  if (!ierr && is_irk) ierr = TSIRKGetNumStages(ts, &stages);
  if (!ierr) ierr = TSReset(ts);
  return ierr || !is_irk ? ierr : PetscRsTSRenewIRK(ts, stages);
}
