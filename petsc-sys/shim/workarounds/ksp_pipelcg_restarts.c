/* Upstream: KSPSolve_PIPELCG(), KSPSolve_InnerLoop_PIPELCG(), src/ksp/ksp/impls/cg/pipelcg/pipelcg.c
   Releases: 3.18 - 3.26
   Fault: the first two iterations are not counted: after a breakdown in one of them, the solve starts again, and never
     ends. Only the setup requires that the maximum number of iterations exceeds the length of the pipeline: if both are
     equal, no iteration is counted, and if the maximum is smaller, memory beyond arrays is written.
   Workaround: the solve ends if the preconditioner is applied many times without a counted iteration. KSPSolve()
     returns an error unless the maximum number of iterations exceeds the length of the pipeline.
   Test: unchecked::a_pipeline_that_breaks_down_ends
   Patch: petsc/ksp_pipelcg_restarts.patch */
typedef struct PetscRsPipelcgRun PetscRsPipelcgRun;
struct PetscRsPipelcgRun {
  PetscRsPipelcgRun *outer;
  KSP                ksp;
  PC                 pc;
  PetscInt           its, idle, most;
  PetscErrorCode (*apply)(PC, Vec, Vec);
};

static PetscRsPipelcgRun *PetscRsPipelcgRuns;
static PetscErrorCode (*PetscRsPipelcgTheirSolve)(KSP);

/* Counts the calls since the last iteration. */
static PetscErrorCode PetscRsPipelcgApply(PC pc, Vec x, Vec y)
{
  PetscRsPipelcgRun *run = PetscRsPipelcgRuns;

  while (run && run->pc != pc) run = run->outer;
  if (!run) return PetscRsError("PCApply", __FILE__, PETSC_ERR_PLIB, "no solver of type pipelcg runs with this preconditioner");
  if (run->its != run->ksp->its) run->idle = 0;
  else if (++run->idle > run->most) run->ksp->reason = KSP_DIVERGED_BREAKDOWN;
  run->its = run->ksp->its;
  return run->apply(pc, x, y);
}

static PetscErrorCode PetscRsPipelcgSolve(KSP ksp)
{
  const PetscInt    length = *(PetscInt *)ksp->data; /* the first field of KSP_CG_PIPE_L, from 3.18 to 3.26 */
  PetscRsPipelcgRun run    = {PetscRsPipelcgRuns, ksp, ksp->pc, -1, 0, 10 * (length + 3), NULL};
  PetscErrorCode    ierr   = (PetscErrorCode)0;

  if (ksp->max_it > 0 && ksp->max_it <= length) ierr = PetscRsError("KSPSolve", __FILE__, PETSC_ERR_ARG_INCOMP, "the limit of iterations must be larger than the length of the pipeline");
  if (!ierr) ierr = PCSetUp(run.pc); /* it may set the function */
  if (ierr) return ierr;
  run.apply = run.pc->ops->apply;
  if (!run.apply || run.apply == PetscRsPipelcgApply) return PetscRsPipelcgTheirSolve(ksp);
  PetscRsPipelcgRuns  = &run;
  run.pc->ops->apply = PetscRsPipelcgApply;
  ierr               = PetscRsPipelcgTheirSolve(ksp);
  if (run.pc->ops->apply == PetscRsPipelcgApply) run.pc->ops->apply = run.apply;
  PetscRsPipelcgRuns = run.outer;
  return ierr;
}
