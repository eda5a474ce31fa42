/* Upstream: KSPSolve_Chebyshev(), KSPSolve_Chebyshev_FourthKind(), src/ksp/ksp/impls/cheby/cheby.c
   Releases: 3.18 - 3.26
   Fault: during the iteration, a work vector is stored as the solution. After an error, for example of the
     preconditioner, it remains stored, and KSPReset() destroys it twice.
   Workaround: after an error, the solution is stored again.
   Test: unchecked::chebyshev_keeps_its_solution_after_an_error
   Patch: petsc/ksp_chebyshev_solution.patch */
static PetscErrorCode (*PetscRsMakeChebyshev)(KSP);

#define PETSC_RS_CHEBYSHEV "petsc-rs.ksp.chebyshev"

static PetscErrorCode PetscRsChebyshevSolve(KSP ksp)
{
  PetscErrorCode (*solve)(KSP) = NULL;
  const Vec      x             = ksp->vec_sol;
  PetscErrorCode ierr          = PetscObjectQueryFunction((PetscObject)ksp, PETSC_RS_CHEBYSHEV, &solve);

  if (!ierr) ierr = solve(ksp);
  ksp->vec_sol = x;
  return ierr;
}

static PetscErrorCode PetscRsChebyshevKeep(KSP ksp)
{
  PetscErrorCode ierr;

  if (ksp->ops->solve == PetscRsChebyshevSolve) return (PetscErrorCode)0;
  ierr            = PetscObjectComposeFunction((PetscObject)ksp, PETSC_RS_CHEBYSHEV, ksp->ops->solve);
  ksp->ops->solve = PetscRsChebyshevSolve;
  return ierr;
}

/* The kind of polynomial, of newer releases, changes the function. */
static PetscErrorCode (*PetscRsChebyshevTheirSetUp)(KSP);

static PetscErrorCode PetscRsChebyshevSetUp(KSP ksp)
{
  PetscErrorCode ierr = PetscRsChebyshevTheirSetUp(ksp);

  return ierr ? ierr : PetscRsChebyshevKeep(ksp);
}

static PetscErrorCode (*PetscRsChebyshevTheirOptions)(KSP, PETSC_RS_ITEMS);

static PetscErrorCode PetscRsChebyshevOptions(KSP ksp, PETSC_RS_ITEMS items)
{
  PetscErrorCode ierr = PetscRsChebyshevTheirOptions(ksp, items);

  return ierr ? ierr : PetscRsChebyshevKeep(ksp);
}

static PetscErrorCode PetscRsChebyshevCreate(KSP ksp)
{
  PetscErrorCode ierr = PetscRsMakeChebyshev(ksp);

  if (ierr) return ierr;
  PetscRsChebyshevTheirSetUp   = ksp->ops->setup;
  PetscRsChebyshevTheirOptions = ksp->ops->setfromoptions;
  ksp->ops->setup              = PetscRsChebyshevSetUp;
  ksp->ops->setfromoptions     = PetscRsChebyshevOptions;
  return PetscRsChebyshevKeep(ksp);
}
