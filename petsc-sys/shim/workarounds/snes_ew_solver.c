/* Upstream: SNESSetKSP(), KSPPreSolve_SNESEW(), src/snes/interface/snes.c
   Releases: 3.18 - 3.26
   Fault: the functions that SNESGetKSP() sets for the tolerances of Eisenstat and Walker keep the solver that created the
     KSP; after SNESSetKSP() of another solver, they read the residual of the first one, which may be NULL.
   Workaround: before each solve of a SNES, the context of these functions is set to this SNES.
   Test: unchecked::tolerances_of_a_linear_solver_are_those_of_the_solver_that_runs
   Patch: petsc/snes_ew_solver.patch */
static PetscErrorCode PetscRsSNESOwnTolerances(SNES snes)
{
  KSP            ksp  = snes->ksp;
  PetscErrorCode ierr = (PetscErrorCode)0;

  if (!ksp) return ierr;
#if PETSC_VERSION_GE(3, 26, 0)
  if (ksp->presolve_ew) ksp->prectx_ew = snes;
  if (ksp->postsolve_ew) ksp->postctx_ew = snes;
#else
  static PetscErrorCode (*before)(KSP, Vec, Vec, void *), (*after)(KSP, Vec, Vec, void *);

  if (!before) { /* they are not public: a solver without options shows them */
    PetscOptions none = NULL;
    SNES         other;
    KSP          inner;

    ierr = PetscOptionsCreate(&none);
    if (!ierr) ierr = PetscOptionsPush(none);
    if (!ierr) ierr = SNESCreate(PETSC_COMM_SELF, &other);
    if (!ierr) ierr = SNESGetKSP(other, &inner);
    if (ierr) return ierr;
    before = inner->presolve;
    after  = inner->postsolve;
    ierr   = SNESDestroy(&other);
    if (!ierr) ierr = PetscOptionsPop();
    if (!ierr) ierr = PetscOptionsDestroy(&none);
    if (ierr) return ierr;
  }
  if (ksp->presolve == before) ksp->prectx = snes;
  if (ksp->postsolve == after) ksp->postctx = snes;
#endif
  return ierr;
}
