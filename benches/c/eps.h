/* What the twins of eigensolvers share: the solve, and the comparison with the largest eigenvalue in closed form. */
#include <slepceps.h>

static PetscErrorCode solve(Mat a, PetscReal exact, PetscBool *right)
{
  EPS         eps;
  PetscInt    n;
  PetscScalar value;
  PetscReal   error;

  PetscFunctionBeginUser;
  *right = PETSC_FALSE;
  PetscCall(EPSCreate(PETSC_COMM_WORLD, &eps));
  PetscCall(EPSSetOperators(eps, a, NULL));
  PetscCall(EPSSetProblemType(eps, EPS_HEP));
  PetscCall(EPSSetFromOptions(eps));
  PetscCall(EPSSolve(eps));
  PetscCall(EPSGetConverged(eps, &n));
  for (PetscInt i = 0; i < n; i++) {
    PetscCall(EPSGetEigenpair(eps, i, &value, NULL, NULL, NULL));
    PetscCall(EPSComputeError(eps, i, EPS_ERROR_RELATIVE, &error));
    if (i == 0) *right = error < 1e-6 && PetscAbsReal(PetscRealPart(value) - exact) < 1e-6 ? PETSC_TRUE : PETSC_FALSE;
  }
  PetscCall(EPSDestroy(&eps));
  PetscFunctionReturn(0);
}
