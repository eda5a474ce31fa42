/* The constructor of TSIRK, with a number of stages: the reset of this type frees the scheme, whose memory only the
   constructor allocates, and the set-up uses it without a check. */
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
