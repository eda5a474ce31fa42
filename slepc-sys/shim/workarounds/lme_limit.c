/* If the maximum number of iterations is reached without a solution, LMESolve reads a solution that does not exist
   (a NULL pointer; observed in 3.18 and 3.26). This monitor ends the solve before, without an error or a reason. */
#define LIMIT "petsc-rs.limit"

static PetscErrorCode LimitMonitor(LME lme, PetscInt its, PetscReal estimate, void *ctx)
{
  PetscReal tol;
  PetscInt  max;

  (void)ctx;
  CALL(LMEGetTolerances(lme, &tol, &max));
  if (estimate >= tol && its >= max) SETERRQ(PetscObjectComm((PetscObject)lme), PETSC_ERR_NOT_CONVERGED, "iteration limit");
  return OK;
}

PetscErrorCode PetscRsLMESolve(LME lme)
{
  PetscObject    flag = NULL;
  Mat            A;
  PetscErrorCode ierr;

  CALL(PetscObjectQuery((PetscObject)lme, LIMIT, &flag));
  if (!flag) {
    CALL(LMEMonitorSet(lme, LimitMonitor, NULL, NULL));
    CALL(LMEGetCoefficients(lme, &A, NULL, NULL, NULL));
    CALL(PetscObjectCompose((PetscObject)lme, LIMIT, (PetscObject)A));
  }
  ierr = LMESolve(lme);
  return (int)ierr == PETSC_ERR_NOT_CONVERGED ? OK : ierr;
}

PetscErrorCode PetscRsLMEMonitorCancel(LME lme)
{
  CALL(PetscObjectCompose((PetscObject)lme, LIMIT, NULL));
  return LMEMonitorCancel(lme);
}
