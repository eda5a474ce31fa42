/* Upstream: KSPGMRESGetNewVectors(), src/ksp/ksp/impls/gmres/gmres.c
   Releases: 3.18 - 3.26
   Fault: no vectors are created if the maximum number of iterations is 0. KSPPGMRES applies the operator nevertheless,
     and reads uninitialized pointers.
   Workaround: during such a solve, the maximum is 1; KSPPGMRES makes one iteration in both cases.
   Test: unchecked::pipelined_gmres_without_iterations
   Patch: petsc/ksp_pgmres_vectors.patch */
static PetscErrorCode (*PetscRsMakePgmres)(KSP);
static PetscErrorCode (*PetscRsPgmresTheirSolve)(KSP);

static PetscErrorCode PetscRsPgmresSolve(KSP ksp)
{
  const PetscInt limit = ksp->max_it;
  PetscErrorCode ierr;

  if (limit > 0) return PetscRsPgmresTheirSolve(ksp);
  ksp->max_it = 1;
  ierr        = PetscRsPgmresTheirSolve(ksp);
  ksp->max_it = limit;
  return ierr;
}

static PetscErrorCode PetscRsPgmresCreate(KSP ksp)
{
  PetscErrorCode ierr = PetscRsMakePgmres(ksp);

  if (ierr) return ierr;
  PetscRsPgmresTheirSolve = ksp->ops->solve;
  ksp->ops->solve         = PetscRsPgmresSolve;
  return ierr;
}
