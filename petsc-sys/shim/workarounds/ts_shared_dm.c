/* The residual and Jacobian of implicit stages lie on a DM with a pointer to the integrator that came first, which may be
   gone. Points them to this one. */
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
