/* Upstream: TSStep_RosW(), src/ts/impls/rosw/rosw.c
   Releases: 3.18 - 3.26
   Fault: for schemes with an explicit first stage and an implicit last stage (assp3p3s1c), the lag of the Jacobian is
     read from an uninitialized variable, which only valgrind detects. If the variable contains 1, the lag that the user
     has set is lost.
   Workaround: during a step of such a scheme, TSRosWSetRecomputeJacobian() is on, so that the variable is not read.
     This has no other effect, since these schemes set no lag.
   Test: unchecked::a_rosenbrock_method_with_an_explicit_stage_keeps_the_lag
   Patch: petsc/ts_rosw_lag.patch */
/* First fields of the scheme and the data of TSROSW, from 3.18 to 3.26. */
typedef struct {
  char      *name;
  PetscInt   order, s, pinterp;
  PetscReal *A, *Gamma;
  PetscBool *explicit_stage;
} PetscRsRosWScheme;

typedef struct {
  PetscRsRosWScheme *scheme;
  Vec               *Y, work[5];
  PetscScalar       *w;
  PetscReal          scoeff, stage_time, stage_explicit;
  PetscBool          recompute_jacobian;
} PetscRsRosW;

static PetscErrorCode (*PetscRsTSStepRosW)(TS);

static PetscErrorCode PetscRsTSStepWithLag(TS ts)
{
  PetscRsRosW    *rosw      = (PetscRsRosW *)ts->data;
  const PetscBool recompute = rosw->recompute_jacobian;
  PetscErrorCode  ierr;

  if (rosw->scheme->explicit_stage[0]) rosw->recompute_jacobian = PETSC_TRUE;
  ierr                     = PetscRsTSStepRosW(ts);
  rosw->recompute_jacobian = recompute;
  return ierr;
}
