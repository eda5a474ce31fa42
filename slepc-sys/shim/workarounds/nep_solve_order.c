/* Upstream: NEPSolve_RII(), NEPSolve_SLP(), NEPSolve_NArnoldi(), src/nep/impls/rii/rii.c, slp/slp.c,
   narnoldi/narnoldi.c
   Releases: 3.18 - 3.26
   Fault: if no eigenvalue has converged, the DS has dimension zero, and DSGetMat() returns an error. NEPSolve()
     therefore fails instead of returning with a converged reason.
   Workaround: the error is ignored if the converged reason is set and there is no eigenvalue.
   Test: nep::failures_are_reported_and_a_second_solve_works
   Patch: slepc/nep_solve_order.patch */
PetscErrorCode PetscRsNEPSolve(NEP nep)
{
  NEPConvergedReason reason;
  PetscInt           n;
  PetscErrorCode     ierr;

  CALL(NEPForgetInner(nep));
  ierr = NEPSolve(nep);
  if ((int)ierr != PETSC_ERR_ORDER) return ierr;
  CALL(NEPGetConvergedReason(nep, &reason));
  CALL(NEPGetConverged(nep, &n));
  return reason && !n ? OK : ierr;
}
