/* Upstream: SNESTSFormFunction(), SNESTSFormJacobian(), src/ts/interface/ts.c; SNESTSFormFunction_Alpha()
   Releases: 3.18 - 3.26
   Fault: a solve with the nonlinear solver of an integrator calls the function and the Jacobian of the method, which use
     vectors that exist only between TSSetUp() and TSReset(); NULL is dereferenced.
   Workaround: both return an error before TSSetUp().
   Test: unchecked::the_solver_of_an_integrator_needs_its_setup
   Patch: petsc/ts_functions_early.patch */
#define PETSC_RS_TS_FUNCTION "petsc-rs.ts.function"
#define PETSC_RS_TS_JACOBIAN "petsc-rs.ts.jacobian"

static PetscErrorCode PetscRsTSNeedsSetUp(TS ts, const char *function)
{
  if (ts->setupcalled) return (PetscErrorCode)0;
  return PetscRsError(function, __FILE__, PETSC_ERR_ARG_WRONGSTATE, "the integrator of this nonlinear solver is not set up");
}

static PetscErrorCode PetscRsTSFunction(SNES snes, Vec x, Vec f, TS ts)
{
  PetscErrorCode (*function)(SNES, Vec, Vec, TS) = NULL;
  PetscErrorCode ierr                            = PetscRsTSNeedsSetUp(ts, "SNESTSFormFunction");

  if (!ierr) ierr = PetscObjectQueryFunction((PetscObject)ts, PETSC_RS_TS_FUNCTION, &function);
  return ierr || !function ? ierr : function(snes, x, f, ts);
}

static PetscErrorCode PetscRsTSJacobian(SNES snes, Vec x, Mat j, Mat p, TS ts)
{
  PetscErrorCode (*jacobian)(SNES, Vec, Mat, Mat, TS) = NULL;
  PetscErrorCode ierr                                 = PetscRsTSNeedsSetUp(ts, "SNESTSFormJacobian");

  if (!ierr) ierr = PetscObjectQueryFunction((PetscObject)ts, PETSC_RS_TS_JACOBIAN, &jacobian);
  return ierr || !jacobian ? ierr : jacobian(snes, x, j, p, ts);
}

/* Puts the checks before the functions of a method that was just created. */
static PetscErrorCode PetscRsTSCheckFunctions(TS ts)
{
  PetscErrorCode ierr = (PetscErrorCode)0;

  if (ts->ops->snesfunction) {
    ierr                  = PetscObjectComposeFunction((PetscObject)ts, PETSC_RS_TS_FUNCTION, ts->ops->snesfunction);
    ts->ops->snesfunction = PetscRsTSFunction;
  }
  if (ierr || !ts->ops->snesjacobian) return ierr;
  ierr                  = PetscObjectComposeFunction((PetscObject)ts, PETSC_RS_TS_JACOBIAN, ts->ops->snesjacobian);
  ts->ops->snesjacobian = PetscRsTSJacobian;
  return ierr;
}
