/* Upstream: ElementCreate(), StackDestroy(), src/ts/trajectory/impls/memory/trajmemory.c
   Releases: 3.18 - 3.26
   Fault: an element is counted before it is put on the stack. After an error in between, the destruction reads an
     element that does not exist.
   Workaround: if a trajectory in memory failed to store a state, its destruction does not free its memory.
   Test: unchecked::a_trajectory_that_failed_to_store_a_state_is_removed
   Patch: petsc/ts_trajectory_stack.patch */
static PetscErrorCode (*PetscRsTrajectoryMake)(TSTrajectory, TS);
#define PETSC_RS_TRAJECTORY_SET "petsc-rs.trajectory.set"

static PetscErrorCode PetscRsTrajectorySet(TSTrajectory trajectory, TS ts, PetscInt step, PetscReal time, Vec u)
{
  PetscErrorCode (*set)(TSTrajectory, TS, PetscInt, PetscReal, Vec) = NULL;
  PetscErrorCode ierr = PetscObjectQueryFunction((PetscObject)trajectory, PETSC_RS_TRAJECTORY_SET, &set);

  if (!ierr && set) ierr = set(trajectory, ts, step, time, u);
  if (ierr) trajectory->ops->destroy = NULL;
  return ierr;
}

static PetscErrorCode PetscRsTrajectoryCreate(TSTrajectory trajectory, TS ts)
{
  PetscErrorCode ierr = PetscRsTrajectoryMake(trajectory, ts);

  if (!ierr) ierr = PetscObjectComposeFunction((PetscObject)trajectory, PETSC_RS_TRAJECTORY_SET, trajectory->ops->set);
  if (!ierr) trajectory->ops->set = PetscRsTrajectorySet;
  return ierr;
}

static PetscErrorCode PetscRsTrajectoryGuard(void)
{
  PetscErrorCode (*create)(TSTrajectory, TS) = NULL;
  PetscErrorCode ierr                        = PetscFunctionListFind(TSTrajectoryList, TSTRAJECTORYMEMORY, &create);

  if (ierr || !create || create == PetscRsTrajectoryCreate) return ierr;
  PetscRsTrajectoryMake = create;
  return TSTrajectoryRegister(TSTRAJECTORYMEMORY, PetscRsTrajectoryCreate);
}
