/* Upstream: TSRHSJacobianTest(), TSRHSJacobianTestTranspose(), src/ts/interface/ts.c
   Releases: 3.18 - 3.26
   Fault: the options -ts_rhs_jacobian_test_mult and -ts_rhs_jacobian_test_mult_transpose call the Jacobian of the right-hand side
     without checking that there is one; NULL is called.
   Workaround: a missing Jacobian is an error.
   Test: unchecked::a_jacobian_that_is_missing_is_not_tested
   Patch: petsc/ts_test_mult.patch */
PetscErrorCode PetscRsTSCheckTests(TS ts)
{
  TSRHSJacobian  function = NULL;
  PetscErrorCode ierr;

  if (!ts->testjacobian && !ts->testjacobiantranspose) return (PetscErrorCode)0;
  ierr = TSGetRHSJacobian(ts, NULL, NULL, &function, NULL);
  if (ierr || function) return ierr;
  return PetscRsError("TSSolve", __FILE__, PETSC_ERR_ORDER, "-ts_rhs_jacobian_test_mult requires a Jacobian of the right-hand side: call TSSetRHSJacobian");
}
