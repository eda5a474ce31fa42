#define PETSC_RS_PRESOLVE "petsc-rs.pc.presolve"

/* KSPSolve() does not set up a preconditioner whose type has changed since the last solve. */
static PetscErrorCode PetscRsPCPreSolve(PC pc, KSP ksp, Vec b, Vec x)
{
  PetscErrorCode (*presolve)(PC, KSP, Vec, Vec) = NULL;
  PetscErrorCode ierr                           = PetscObjectQueryFunction((PetscObject)pc, PETSC_RS_PRESOLVE, &presolve);

  if (!ierr) ierr = PCSetUp(pc);
  return ierr || !presolve ? ierr : presolve(pc, ksp, b, x);
}
