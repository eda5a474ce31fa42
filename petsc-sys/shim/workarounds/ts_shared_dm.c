/* Upstream: TSSetUp(), src/ts/interface/ts.c
   Releases: 3.18 - 3.26
   Fault: the DM stores the functions of the nonlinear solver together with the integrator that set them last, without a
     reference. If another integrator has this DM, its solver calls the functions with the stored integrator, which may
     be destroyed.
   Workaround: before an integrator runs, the DM stores this integrator.
   Test: ts::state::integrators_use_the_functions_of_a_grid_in_turn
   Patch: petsc/ts_shared_dm.patch */
static PetscErrorCode PetscRsTSClaim(TS ts, DM dm)
{
  PetscErrorCode (*function)(SNES, Vec, Vec, void *)      = NULL;
  PetscErrorCode (*jacobian)(SNES, Vec, Mat, Mat, void *) = NULL;
  void          *ctx  = NULL;
  PetscErrorCode ierr = DMSNESGetFunction(dm, &function, &ctx);

  if (ierr) return ierr;
  if (function == SNESTSFormFunction && ctx != (void *)ts) {
    ierr = DMSNESSetFunction(dm, SNESTSFormFunction, ts);
    if (ierr) return ierr;
  }
  ierr = DMSNESGetJacobian(dm, &jacobian, &ctx);
  if (ierr) return ierr;
  if (jacobian == SNESTSFormJacobian && ctx != (void *)ts) ierr = DMSNESSetJacobian(dm, SNESTSFormJacobian, ts);
  return ierr;
}

/* Claims the DM of the integrator, and that of its nonlinear solver, which may be another one. */
PetscErrorCode PetscRsTSClaimDM(TS ts)
{
  SNES           snes;
  DM             dm, inner;
  PetscErrorCode ierr = TSGetDM(ts, &dm);

  if (!ierr) ierr = PetscRsTSClaim(ts, dm);
  if (!ierr) ierr = TSGetSNES(ts, &snes);
  if (!ierr) ierr = SNESGetDM(snes, &inner);
  return ierr || inner == dm ? ierr : PetscRsTSClaim(ts, inner);
}
