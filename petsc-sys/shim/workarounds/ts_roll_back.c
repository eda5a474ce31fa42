/* TSRollBack(), which since 3.21 copies the state before the step, which a reset destroys. */
PetscErrorCode PetscRsTSRollBack(TS ts)
{
#if PETSC_VERSION_GE(3, 21, 0)
  PetscCheck(ts->vec_sol0, PetscObjectComm((PetscObject)ts), PETSC_ERR_ARG_WRONGSTATE, "there is no step to revert since the last reset: call step or solve first");
#endif
  return TSRollBack(ts);
}
