/* Upstream: SNESTSFormFunction(), SNESTSFormJacobian(), src/ts/interface/ts.c; SNESTSFormFunction_Alpha()
   Releases: 3.18 - 3.26
   Fault: a solve with the nonlinear solver of an integrator calls the function and the Jacobian of the TS method. They
     use vectors that exist only between TSSetUp() and TSReset(); NULL is dereferenced. Before 3.21, explicit methods
     have neither function, and NULL is called.
   Workaround: before TSSetUp() and after TSReset(), and always for explicit methods, both functions return an error.
     Otherwise, the functions of the method are called without a check.
   Test: unchecked::the_functions_of_an_integrator_need_its_setup
   Patch: petsc/ts_functions_early.patch */
#define PETSC_RS_TS_FUNCTION "petsc-rs.ts.function"
#define PETSC_RS_TS_JACOBIAN "petsc-rs.ts.jacobian"
#define PETSC_RS_TS_RESET    "petsc-rs.ts.reset"

static PetscErrorCode PetscRsTSIsEarly(void)
{
  return PetscRsError("SNESTSFormFunction", __FILE__, PETSC_ERR_ARG_WRONGSTATE, "the integrator of this nonlinear solver is not set up, or its method is explicit");
}

static PetscErrorCode PetscRsTSEarlyFunction(SNES snes, Vec x, Vec f, TS ts)
{
  (void)snes, (void)x, (void)f, (void)ts;
  return PetscRsTSIsEarly();
}

static PetscErrorCode PetscRsTSEarlyJacobian(SNES snes, Vec x, Mat j, Mat p, TS ts)
{
  (void)snes, (void)x, (void)j, (void)p, (void)ts;
  return PetscRsTSIsEarly();
}

/* Removes the functions of the method until the next set-up. */
static void PetscRsTSHideFunctions(TS ts)
{
  ts->ops->snesfunction = PetscRsTSEarlyFunction;
  ts->ops->snesjacobian = PetscRsTSEarlyJacobian;
}

static PetscErrorCode PetscRsTSResetFunctions(TS ts)
{
  PetscErrorCode (*reset)(TS) = NULL;
  PetscErrorCode ierr         = PetscObjectQueryFunction((PetscObject)ts, PETSC_RS_TS_RESET, &reset);

  PetscRsTSHideFunctions(ts);
  return ierr || !reset ? ierr : reset(ts);
}

static PetscErrorCode PetscRsTSShowFunctions(TS ts)
{
  PetscErrorCode (*function)(SNES, Vec, Vec, TS)      = NULL;
  PetscErrorCode (*jacobian)(SNES, Vec, Mat, Mat, TS) = NULL;
  PetscErrorCode ierr = PetscObjectQueryFunction((PetscObject)ts, PETSC_RS_TS_FUNCTION, &function);

  if (!ierr) ierr = PetscObjectQueryFunction((PetscObject)ts, PETSC_RS_TS_JACOBIAN, &jacobian);
  if (ierr) return ierr;
  if (function && ts->ops->snesfunction == PetscRsTSEarlyFunction) ts->ops->snesfunction = function;
  if (jacobian && ts->ops->snesjacobian == PetscRsTSEarlyJacobian) ts->ops->snesjacobian = jacobian;
  return (PetscErrorCode)0;
}

/* Keeps the functions of a method that was just created for its set-up. */
static PetscErrorCode PetscRsTSKeepFunctions(TS ts)
{
  PetscErrorCode ierr = PetscObjectComposeFunction((PetscObject)ts, PETSC_RS_TS_FUNCTION, ts->ops->snesfunction);

  if (!ierr) ierr = PetscObjectComposeFunction((PetscObject)ts, PETSC_RS_TS_JACOBIAN, ts->ops->snesjacobian);
  if (!ierr) ierr = PetscObjectComposeFunction((PetscObject)ts, PETSC_RS_TS_RESET, ts->ops->reset);
  if (ierr) return ierr;
  ts->ops->reset = PetscRsTSResetFunctions;
  PetscRsTSHideFunctions(ts);
  return ierr;
}
