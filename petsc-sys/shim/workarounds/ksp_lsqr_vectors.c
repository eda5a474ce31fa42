/* Upstream: KSPSetUp_LSQR(), src/ksp/ksp/impls/lsqr/lsqr.c
   Releases: 3.18 - 3.26
   Fault: the setup creates the vector for the preconditioned residual only if the preconditioner is not PCNONE. It is
     not repeated if the type of the preconditioner changes; a pointer is then read beyond an array.
   Workaround: the setup is repeated before a solve that needs this vector.
   Test: unchecked::lsqr_gets_a_preconditioner_after_setup
   Patch: petsc/ksp_lsqr_vectors.patch */
static PetscErrorCode (*PetscRsMakeLsqr)(KSP);
static PetscErrorCode (*PetscRsLsqrTheirSetUp)(KSP);
static PetscErrorCode (*PetscRsLsqrTheirSolve)(KSP);
#define PETSC_RS_LSQR "petsc-rs.ksp.lsqr"

/* Notes a setup without preconditioner. */
static PetscErrorCode PetscRsLsqrSetUp(KSP ksp)
{
  PetscBool      none = PETSC_FALSE;
  PetscErrorCode ierr = PetscRsLsqrTheirSetUp(ksp);

  if (!ierr) ierr = PetscObjectTypeCompare((PetscObject)ksp->pc, PCNONE, &none);
  return ierr ? ierr : PetscObjectComposeFunction((PetscObject)ksp, PETSC_RS_LSQR, none ? PetscRsLsqrTheirSetUp : NULL);
}

static PetscErrorCode PetscRsLsqrSolve(KSP ksp)
{
  PetscErrorCode (*without)(KSP) = NULL;
  PetscBool      none            = PETSC_FALSE;
  PetscErrorCode ierr            = PetscObjectQueryFunction((PetscObject)ksp, PETSC_RS_LSQR, &without);

  if (!ierr) ierr = PetscObjectTypeCompare((PetscObject)ksp->pc, PCNONE, &none);
  if (!ierr && without && !none) ierr = PetscRsLsqrSetUp(ksp);
  return ierr ? ierr : PetscRsLsqrTheirSolve(ksp);
}

static PetscErrorCode PetscRsLsqrCreate(KSP ksp)
{
  PetscErrorCode ierr = PetscRsMakeLsqr(ksp);

  if (ierr) return ierr;
  PetscRsLsqrTheirSetUp = ksp->ops->setup;
  PetscRsLsqrTheirSolve = ksp->ops->solve;
  ksp->ops->setup       = PetscRsLsqrSetUp;
  ksp->ops->solve       = PetscRsLsqrSolve;
  return ierr;
}
