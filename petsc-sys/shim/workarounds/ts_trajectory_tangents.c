/* Upstream: TSTrajectorySet_Basic(), TSTrajectoryGet_Basic(), src/ts/trajectory/impls/basic/trajbasic.c
   Releases: 3.18 - 3.26
   Fault: a trajectory in files stores the forward sensitivities of the stages. If the type of the TS was replaced, or
     the TS was reset, these matrices do not exist; NULL is dereferenced.
   Workaround: it is an error if a matrix does not exist.
   Test: unchecked::tangents_in_files_end_with_their_method
   Patch: petsc/ts_trajectory_tangents.patch */
static PetscErrorCode (*PetscRsTrajectoryMakeBasic)(TSTrajectory, TS);
static PetscErrorCode (*PetscRsTrajectoryStoreBasic)(TSTrajectory, TS, PetscInt, PetscReal, Vec);
static PetscErrorCode (*PetscRsTrajectoryLoadBasic)(TSTrajectory, TS, PetscInt, PetscReal *);

static PetscErrorCode PetscRsTrajectoryCheckTangents(TS ts, PetscInt step, const char *function)
{
  Mat           *stages = NULL;
  PetscInt       n      = 0;
  PetscBool      there  = ts->mat_sensip ? PETSC_TRUE : PETSC_FALSE;
  PetscErrorCode ierr   = (PetscErrorCode)0;

  if (!ts->forward_solve) return ierr;
  if (step) {
    ierr = TSForwardGetStages(ts, &n, &stages);
    if (ierr) return ierr;
    if (!stages) there = PETSC_FALSE;
    for (PetscInt i = 0; there && i < n; i++) there = stages[i] ? PETSC_TRUE : PETSC_FALSE;
  }
  if (there) return ierr;
  return PetscRsError(function, __FILE__, PETSC_ERR_ARG_WRONGSTATE, "the forward sensitivities were removed by TSReset or TSSetType");
}

static PetscErrorCode PetscRsTrajectorySetBasic(TSTrajectory trajectory, TS ts, PetscInt step, PetscReal time, Vec u)
{
  PetscErrorCode ierr = PetscRsTrajectoryCheckTangents(ts, step, "TSTrajectorySet");

  return ierr ? ierr : PetscRsTrajectoryStoreBasic(trajectory, ts, step, time, u);
}

static PetscErrorCode PetscRsTrajectoryGetBasic(TSTrajectory trajectory, TS ts, PetscInt step, PetscReal *time)
{
  PetscErrorCode ierr = PetscRsTrajectoryCheckTangents(ts, step, "TSTrajectoryGet");

  return ierr ? ierr : PetscRsTrajectoryLoadBasic(trajectory, ts, step, time);
}

static PetscErrorCode PetscRsTrajectoryCreateBasic(TSTrajectory trajectory, TS ts)
{
  PetscErrorCode ierr = PetscRsTrajectoryMakeBasic(trajectory, ts);

  if (ierr) return ierr;
  PetscRsTrajectoryStoreBasic = trajectory->ops->set;
  PetscRsTrajectoryLoadBasic  = trajectory->ops->get;
  trajectory->ops->set        = PetscRsTrajectorySetBasic;
  trajectory->ops->get        = PetscRsTrajectoryGetBasic;
  return ierr;
}

static PetscErrorCode PetscRsTrajectoryGuardBasic(void)
{
  PetscErrorCode (*create)(TSTrajectory, TS) = NULL;
  PetscErrorCode ierr                        = PetscFunctionListFind(TSTrajectoryList, TSTRAJECTORYBASIC, &create);

  if (ierr || !create || create == PetscRsTrajectoryCreateBasic) return ierr;
  PetscRsTrajectoryMakeBasic = create;
  return TSTrajectoryRegister(TSTRAJECTORYBASIC, PetscRsTrajectoryCreateBasic);
}
