/* Upstream: TSSetUp(), src/ts/interface/ts.c
   Releases: 3.18 - 3.26
   Fault: the functions of the nonlinear solver lie on the DM with the integrator that set its functions last, which is not
     counted; another integrator with this DM calls them with that one, which may be destroyed.
   Workaround: each integrator takes its place before it runs.
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
