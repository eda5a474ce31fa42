/* Each type of integrator is created by PetscRsTSCreate, which adds what the workarounds need. */
static PetscFunctionList PetscRsTSTypes;
#define PETSC_RS_TS_SETUP "petsc-rs.ts.setup"

static PetscErrorCode PetscRsTSForgetTypes(void)
{
  return PetscFunctionListDestroy(&PetscRsTSTypes);
}

static PetscErrorCode PetscRsTSSetUp(TS ts)
{
  PetscErrorCode (*setup)(TS) = NULL;
  PetscErrorCode ierr         = PetscObjectQueryFunction((PetscObject)ts, PETSC_RS_TS_SETUP, &setup);

  if (!ierr) ierr = PetscRsTSShowFunctions(ts);
  if (!ierr && setup) ierr = setup(ts);
  if (ierr) (void)PetscRsTSForgetSetUp(ts);
  return ierr;
}

static PetscErrorCode PetscRsTSCreate(TS ts)
{
  PetscErrorCode (*create)(TS) = NULL;
  PetscBool      is_glle = PETSC_FALSE, is_glee = PETSC_FALSE, is_rosw = PETSC_FALSE;
  PetscErrorCode ierr          = PetscFunctionListFind(PetscRsTSTypes, ((PetscObject)ts)->type_name, &create);

  if (!ierr) ierr = create(ts);
  if (!ierr) ierr = PetscObjectTypeCompare((PetscObject)ts, TSGLLE, &is_glle);
  if (!ierr) ierr = PetscObjectTypeCompare((PetscObject)ts, TSGLEE, &is_glee);
  if (!ierr) ierr = PetscObjectTypeCompare((PetscObject)ts, TSROSW, &is_rosw);
  if (!ierr && (is_glle || is_glee)) {
    ierr          = PetscObjectComposeFunction((PetscObject)ts, PETSC_RS_TS_VIEW, ts->ops->view);
    ts->ops->view = is_glle ? PetscRsTSViewGLLE : PetscRsTSViewGLEE;
  }
  if (!ierr && is_rosw) {
    PetscRsTSStepRosW = ts->ops->step;
    ts->ops->step     = PetscRsTSStepWithLag;
  }
  if (!ierr) ierr = PetscRsTSKeepScheme(ts);
  if (ierr) return ierr;
  if (!ts->ops->setup) {
    PetscRsTSHideFunctions(ts);
    return ierr;
  }
  ierr           = PetscObjectComposeFunction((PetscObject)ts, PETSC_RS_TS_SETUP, ts->ops->setup);
  ts->ops->setup = PetscRsTSSetUp;
  return ierr ? ierr : PetscRsTSKeepFunctions(ts);
}

PetscErrorCode PetscRsTSGuard(void)
{
  const char   **names = NULL;
  int            i, n = 0;
  PetscErrorCode ierr = TSInitializePackage();

  if (ierr || PetscRsTSTypes) return ierr;
  ierr = PetscFunctionListDuplicate(TSList, &PetscRsTSTypes);
  if (!ierr) ierr = PetscRegisterFinalize(PetscRsTSForgetTypes);
  if (!ierr) ierr = TSGLLEAcceptRegister(TSGLLEACCEPT_ALWAYS, PetscRsGLLEAccept);
  if (!ierr) ierr = PetscFunctionListGet(PetscRsTSTypes, &names, &n);
  for (i = 0; !ierr && i < n; i++) ierr = TSRegister(names[i], PetscRsTSCreate);
  PetscRsFree((void *)names);
  if (!ierr) ierr = PetscRsTrajectoryGuard();
  return ierr ? ierr : PetscRsTrajectoryGuardBasic();
}
