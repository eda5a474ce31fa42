/* The tests of -ts_rhs_jacobian_test_mult call the Jacobian of the right-hand side even if there is none. */
PetscErrorCode PetscRsTSCheckTests(TS ts)
{
  TSRHSJacobian  function = NULL;
  PetscErrorCode ierr;

  if (!ts->testjacobian && !ts->testjacobiantranspose) return (PetscErrorCode)0;
  ierr = TSGetRHSJacobian(ts, NULL, NULL, &function, NULL);
  if (ierr || function) return ierr;
  return PetscRsError("TSSolve", __FILE__, PETSC_ERR_ORDER, "-ts_rhs_jacobian_test_mult requires a Jacobian of the right-hand side: call TSSetRHSJacobian");
}
