/* The reset of TSIRK frees the scheme, whose memory only its constructor allocates, and the set-up uses it without
   a check. */
static PetscErrorCode PetscRsTSResetMethod(TS ts)
{
  PetscBool      is_irk = PETSC_FALSE;
  PetscInt       stages = 0;
  PetscErrorCode ierr   = PetscObjectTypeCompare((PetscObject)ts, TSIRK, &is_irk);

  if (!ierr && is_irk) ierr = TSIRKGetNumStages(ts, &stages);
  if (!ierr) ierr = TSReset(ts);
  if (ierr || !is_irk) return ierr;
  ierr = TSSetType(ts, TSBEULER);
  if (!ierr) ierr = TSSetType(ts, TSIRK);
  if (!ierr) ierr = TSIRKSetNumStages(ts, stages);
  return ierr ? ierr : TSIRKSetType(ts, TSIRKGAUSS);
}
