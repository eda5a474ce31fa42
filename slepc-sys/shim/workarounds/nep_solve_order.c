/* If no eigenvalue has converged, methods with deflation fail with an error of their dense solver, whose dimension
   they do not set (observed in 3.18); the converged reason is already set. */
PetscErrorCode PetscRsNEPSolve(NEP nep)
{
  NEPConvergedReason reason;
  PetscInt           n;
  PetscErrorCode     ierr = NEPSolve(nep);

  if ((int)ierr != PETSC_ERR_ORDER) return ierr;
  CALL(NEPGetConvergedReason(nep, &reason));
  CALL(NEPGetConverged(nep, &n));
  return reason && !n ? OK : ierr;
}
