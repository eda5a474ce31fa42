/* Davidson methods end the process where a convergence test fails: they end the solve instead, after which the error of
   the callback is found. */
static PetscErrorCode Davidson(PetscObject solver, PetscErrorCode ierr, PetscReal *estimate)
{
  PetscBool davidson;
  if (!ierr) return OK;
  CALL(PetscObjectTypeCompareAny(solver, &davidson, EPSGD, EPSJD, ""));
  if (!davidson) return ierr;
  *estimate = 0.0;
  return OK;
}
