/* Upstream: STSetKSP(), src/sys/classes/st/interface/stsles.c
   Releases: 3.18 - 3.26
   Fault: a transformation remains marked as set up, although its new linear solver has no operators. Davidson methods
     keep the former linear solver without a reference; freed memory is read.
   Workaround: the transformation is set up again.
   Test: attacked::another_linear_solver_after_a_set_up
   Patch: slepc/st_new_ksp.patch */
PetscErrorCode PetscRsSTSetKSP(ST st, KSP ksp)
{
  CALL(STSetKSP(st, ksp));
  st->state   = ST_STATE_INITIAL;
  st->opready = PETSC_FALSE;
  return OK;
}
