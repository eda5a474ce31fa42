/* Upstream: KSPSetUp(), src/ksp/ksp/interface/itfunc.c
   Releases: 3.18 - 3.25
   Fault: if the type of a preconditioner has changed since the last solve, KSPSolve() calls PCPreSolve() before it sets
     up the preconditioner; PCPreSolve_Deflation() and PCPreSolve_BDDC() dereference NULL.
   Workaround: PCPreSolve_Deflation() and PCPreSolve_BDDC() call PCSetUp() first.
   Test: unchecked::what_prepares_a_solve_is_set_up_before
   Patch: none, mended in 3.26 */
#define PETSC_RS_PRESOLVE "petsc-rs.pc.presolve"

static PetscErrorCode PetscRsPCPreSolve(PC pc, KSP ksp, Vec b, Vec x)
{
  PetscErrorCode (*presolve)(PC, KSP, Vec, Vec) = NULL;
  PetscErrorCode ierr                           = PetscObjectQueryFunction((PetscObject)pc, PETSC_RS_PRESOLVE, &presolve);

  if (!ierr) ierr = PCSetUp(pc);
  return ierr || !presolve ? ierr : presolve(pc, ksp, b, x);
}
