/* Upstream: LMESolve_Krylov_Lyapunov(), src/lme/impls/krylov/lmekrylov.c
   Releases: 3.18 - 3.26
   Fault: if the maximum number of iterations is reached, the basis for the solution does not exist: BVCreateMat()
     dereferences NULL.
   Workaround: at the maximum number of iterations, a monitor returns an error before SLEPc uses the basis. After the
     solve, this error is discarded; the converged reason is not set.
   Test: lme::misuse_says_what_is_wrong
   Patch: slepc/lme_limit.patch */
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
