/* Upstream: KSPGMRESGetNewVectors(), src/ksp/ksp/impls/gmres/gmres.c
   Releases: 3.18 - 3.26
   Fault: no vectors are created if the limit of iterations is 0; KSPPGMRES, which applies the operator nevertheless, reads
     uninitialized pointers.
   Workaround: the limit is 1 during the solve, which makes one iteration with both limits.
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
