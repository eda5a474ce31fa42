/* Upstream: TSRollBack(), src/ts/interface/ts.c
   Releases: 3.21 - 3.26
   Fault: the function copies the state before the step, which TSReset() destroys; NULL is dereferenced.
   Workaround: it is an error if this state does not exist.
   Test: unchecked::a_step_before_a_reset_is_not_reverted
   Patch: petsc/ts_roll_back.patch */
PetscErrorCode PetscRsTSRollBack(TS ts)
{
#if PETSC_VERSION_GE(3, 21, 0)
  PetscCheck(ts->vec_sol0, PetscObjectComm((PetscObject)ts), PETSC_ERR_ARG_WRONGSTATE, "there is no step to revert since the last reset: call step or solve first");
#endif
  return TSRollBack(ts);
}
