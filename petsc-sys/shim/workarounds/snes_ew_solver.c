/* Upstream: SNESGetKSP(), SNESSetKSP(), KSPPreSolve_SNESEW(), src/snes/interface/snes.c
   Releases: 3.18 - 3.26
   Fault: the functions that SNESGetKSP() sets for the tolerances of Eisenstat and Walker keep the solver that created the
     KSP. After SNESSetKSP() of another solver, or in a KSPSolve() outside a nonlinear solve, they read the residual of
     the first solver, which may be NULL.
   Workaround: during each nonlinear solve, these functions get the solver that runs. In other linear solves, they do
     nothing.
   Test: unchecked::a_linear_solve_outside_has_no_tolerances_of_the_residual,
     unchecked::tolerances_of_a_linear_solver_are_those_of_the_solver_that_runs
   Patch: petsc/snes_ew_solver.patch */
#if PETSC_VERSION_GE(3, 26, 0)
  #define PETSC_RS_EW(field) field##_ew
#else
  #define PETSC_RS_EW(field) field
#endif
static PetscErrorCode (*PetscRsEWBefore)(KSP, Vec, Vec, void *);
static PetscErrorCode (*PetscRsEWAfter)(KSP, Vec, Vec, void *);

static PetscErrorCode PetscRsPreSolveEW(KSP ksp, Vec b, Vec x, void *snes)
{
  return snes ? PetscRsEWBefore(ksp, b, x, snes) : (PetscErrorCode)0;
}

static PetscErrorCode PetscRsPostSolveEW(KSP ksp, Vec b, Vec x, void *snes)
{
  return snes ? PetscRsEWAfter(ksp, b, x, snes) : (PetscErrorCode)0;
}

/* The functions are not public: a solver without options shows them. */
static PetscErrorCode PetscRsFindEW(void)
{
  PetscOptions   none = NULL;
  SNES           other;
  KSP            inner;
  PetscErrorCode ierr = (PetscErrorCode)0;

  if (PetscRsEWBefore) return ierr;
  ierr = PetscOptionsCreate(&none);
  if (!ierr) ierr = PetscOptionsPush(none);
  if (!ierr) ierr = SNESCreate(PETSC_COMM_SELF, &other);
  if (!ierr) ierr = SNESGetKSP(other, &inner);
  if (ierr) return ierr;
  PetscRsEWBefore = inner->PETSC_RS_EW(presolve);
  PetscRsEWAfter  = inner->PETSC_RS_EW(postsolve);
  ierr            = SNESDestroy(&other);
  if (!ierr) ierr = PetscOptionsPop();
  return ierr ? ierr : PetscOptionsDestroy(&none);
}

/* Replaces the functions by those above, without a solver. */
static PetscErrorCode PetscRsReplaceEW(KSP ksp)
{
  PetscErrorCode ierr = PetscRsFindEW();

  if (ierr || !PetscRsEWBefore) return ierr;
  if (ksp->PETSC_RS_EW(presolve) == PetscRsEWBefore) {
    ksp->PETSC_RS_EW(presolve) = PetscRsPreSolveEW;
    ksp->PETSC_RS_EW(prectx)   = NULL;
  }
  if (ksp->PETSC_RS_EW(postsolve) == PetscRsEWAfter) {
    ksp->PETSC_RS_EW(postsolve) = PetscRsPostSolveEW;
    ksp->PETSC_RS_EW(postctx)   = NULL;
  }
  return ierr;
}

/* Sets the nonlinear solver of these functions, and returns the one before. */
static void *PetscRsExchangeEW(KSP ksp, void *snes)
{
  void *last = NULL;

  if (ksp->PETSC_RS_EW(presolve) == PetscRsPreSolveEW) {
    last                     = ksp->PETSC_RS_EW(prectx);
    ksp->PETSC_RS_EW(prectx) = snes;
  }
  if (ksp->PETSC_RS_EW(postsolve) == PetscRsPostSolveEW) ksp->PETSC_RS_EW(postctx) = snes;
  return last;
}

PetscErrorCode PetscRsSNESGetKSP(SNES snes, KSP *ksp)
{
  PetscErrorCode ierr = SNESGetKSP(snes, ksp);

  return ierr ? ierr : PetscRsReplaceEW(*ksp);
}

/* Solves with tolerances of this solver. */
static PetscErrorCode PetscRsSNESSolveEW(SNES snes, PetscErrorCode (*solve)(SNES))
{
  KSP            ksp = snes->ksp;
  void          *last;
  PetscErrorCode ierr = (PetscErrorCode)0, end;

  if (!ksp) return solve(snes);
  ierr = PetscRsReplaceEW(ksp);
  if (!ierr) ierr = PetscObjectReference((PetscObject)ksp);
  if (ierr) return ierr;
  last = PetscRsExchangeEW(ksp, snes);
  ierr = solve(snes);
  (void)PetscRsExchangeEW(ksp, last);
  end = PetscObjectDereference((PetscObject)ksp);
  return ierr ? ierr : end;
}
