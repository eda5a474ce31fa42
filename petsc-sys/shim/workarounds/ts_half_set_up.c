/* Upstream: TSSetUp_IRK(), src/ts/impls/implicit/irk/irk.c
   Releases: 3.18 - 3.26
   Fault: if the set-up fails in MatCreateKAIJ(), a matrix without its block remains. The next set-up treats this matrix
     as complete; NULL is dereferenced.
   Workaround: after a failed set-up, methods of all types are reset.
   Test: unchecked::a_method_whose_setup_failed_is_set_up_from_the_start
   Patch: petsc/ts_half_set_up.patch */
static PetscErrorCode PetscRsTSForgetSetUp(TS ts)
{
  PetscBool      is_irk = PETSC_FALSE;
  PetscInt       stages = 0;
  PetscErrorCode ierr   = PetscObjectTypeCompare((PetscObject)ts, TSIRK, &is_irk);

  if (!ierr && is_irk) ierr = TSIRKGetNumStages(ts, &stages);
  if (!ierr && ts->ops->reset) ierr = ts->ops->reset(ts);
  return ierr || !is_irk ? ierr : PetscRsTSRenewIRK(ts, stages);
}
