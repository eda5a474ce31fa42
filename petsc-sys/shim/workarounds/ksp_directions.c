/* Upstream: KSPSetUp_FCG(), src/ksp/ksp/impls/fcg/fcg.c; KSPSetUp_PIPEFCG(), src/ksp/ksp/impls/fcg/pipefcg/pipefcg.c;
     KSPSetUp_PIPEGCR(), src/ksp/ksp/impls/gcr/pipegcr/pipegcr.c
   Releases: 3.18 - 3.26
   Fault: a set-up that follows KSPReset(), SNESReset() or a failed set-up allocates the arrays of directions again, but
     keeps the number of directions; uninitialized pointers are used. Since 3.26, KSPFCG has this fault only after a
     failed set-up.
   Workaround: at a reset, and before a second set-up, the data of the method are created anew, with the same settings.
   Test: unchecked::methods_with_directions_forget_their_vectors,
     unchecked::directions_of_a_set_up_that_failed_are_forgotten, unchecked::directions_of_an_inner_solver_are_forgotten
   Patch: petsc/ksp_directions.patch */
#define PETSC_RS_DIRECTIONS "petsc-rs.ksp.directions"

typedef struct {
  PetscErrorCode (*get_most)(KSP, PetscInt *), (*set_most)(KSP, PetscInt);
  PetscErrorCode (*get_at_once)(KSP, PetscInt *), (*set_at_once)(KSP, PetscInt);
  PetscErrorCode (*get_truncation)(KSP, KSPFCDTruncationType *), (*set_truncation)(KSP, KSPFCDTruncationType);
  PetscErrorCode (*get_unroll)(KSP, PetscBool *), (*set_unroll)(KSP, PetscBool);
  PetscErrorCode (*ours)(KSP), (*theirs)(KSP), (*setup)(KSP), (*reset)(KSP);
} PetscRsDirections;

static PetscErrorCode PetscRsCreateFCG(KSP);
static PetscErrorCode PetscRsCreatePIPEFCG(KSP);
static PetscErrorCode PetscRsCreatePIPEGCR(KSP);

#define PETSC_RS_OF(name) KSP##name##GetMmax, KSP##name##SetMmax, KSP##name##GetNprealloc, KSP##name##SetNprealloc, KSP##name##GetTruncationType, KSP##name##SetTruncationType
static PetscRsDirections PetscRsFCG     = {PETSC_RS_OF(FCG), NULL, NULL, PetscRsCreateFCG, NULL, NULL, NULL};
static PetscRsDirections PetscRsPIPEFCG = {PETSC_RS_OF(PIPEFCG), NULL, NULL, PetscRsCreatePIPEFCG, NULL, NULL, NULL};
static PetscRsDirections PetscRsPIPEGCR = {PETSC_RS_OF(PIPEGCR), KSPPIPEGCRGetUnrollW, KSPPIPEGCRSetUnrollW, PetscRsCreatePIPEGCR, NULL, NULL, NULL};
#undef PETSC_RS_OF

static PetscErrorCode PetscRsHasDirections(void)
{
  return (PetscErrorCode)0;
}

static PetscErrorCode PetscRsDirectionsOf(KSP ksp, const PetscRsDirections **of)
{
  PetscBool      pipelined = PETSC_FALSE, residuals = PETSC_FALSE;
  PetscErrorCode ierr = PetscObjectTypeCompare((PetscObject)ksp, KSPPIPEFCG, &pipelined);

  if (!ierr) ierr = PetscObjectTypeCompare((PetscObject)ksp, KSPPIPEGCR, &residuals);
  *of = pipelined ? &PetscRsPIPEFCG : residuals ? &PetscRsPIPEGCR : &PetscRsFCG;
  return ierr;
}

static PetscErrorCode PetscRsDirectionsForget(KSP ksp, const PetscRsDirections *of)
{
  PetscErrorCode (*made)(void) = NULL;
  KSPFCDTruncationType truncation;
  PetscBool            unroll = PETSC_FALSE;
  PetscInt             most, at_once;
  PetscErrorCode       ierr = PetscObjectQueryFunction((PetscObject)ksp, PETSC_RS_DIRECTIONS, &made);

  if (ierr || !made) return ierr;
  ierr = of->get_most(ksp, &most);
  if (!ierr) ierr = of->get_at_once(ksp, &at_once);
  if (!ierr) ierr = of->get_truncation(ksp, &truncation);
  if (!ierr && of->get_unroll) ierr = of->get_unroll(ksp, &unroll);
  if (!ierr) ierr = PetscObjectComposeFunction((PetscObject)ksp, PETSC_RS_DIRECTIONS, NULL);
  if (!ierr) ierr = ksp->ops->destroy(ksp);
  ksp->ops->reset = of->reset; /* not every constructor sets it */
  if (!ierr) ierr = of->ours(ksp);
  if (!ierr) ierr = of->set_most(ksp, most);
  /* C rejects larger values, but starts with a larger one where there are few directions. */
  if (!ierr) ierr = of->set_at_once(ksp, PetscMin(at_once, most + 1));
  if (!ierr) ierr = of->set_truncation(ksp, truncation);
  return ierr || !of->set_unroll ? ierr : of->set_unroll(ksp, unroll);
}

static PetscErrorCode PetscRsDirectionsSetUp(KSP ksp)
{
  const PetscRsDirections *of   = NULL;
  PetscErrorCode           ierr = PetscRsDirectionsOf(ksp, &of);

  if (!ierr) ierr = PetscRsDirectionsForget(ksp, of);
  if (!ierr) ierr = PetscObjectComposeFunction((PetscObject)ksp, PETSC_RS_DIRECTIONS, PetscRsHasDirections);
  return ierr ? ierr : of->setup(ksp);
}

static PetscErrorCode PetscRsDirectionsReset(KSP ksp)
{
  const PetscRsDirections *of   = NULL;
  PetscErrorCode           ierr = PetscRsDirectionsOf(ksp, &of);

  if (!ierr && of->reset) ierr = of->reset(ksp);
  return ierr ? ierr : PetscRsDirectionsForget(ksp, of);
}

static PetscErrorCode PetscRsDirectionsCreate(KSP ksp, PetscRsDirections *of)
{
  PetscErrorCode ierr = of->theirs(ksp);

  if (ierr) return ierr;
  of->setup       = ksp->ops->setup;
  of->reset       = ksp->ops->reset;
  ksp->ops->setup = PetscRsDirectionsSetUp;
  ksp->ops->reset = PetscRsDirectionsReset;
  return ierr;
}

static PetscErrorCode PetscRsCreateFCG(KSP ksp)
{
  return PetscRsDirectionsCreate(ksp, &PetscRsFCG);
}

static PetscErrorCode PetscRsCreatePIPEFCG(KSP ksp)
{
  return PetscRsDirectionsCreate(ksp, &PetscRsPIPEFCG);
}

static PetscErrorCode PetscRsCreatePIPEGCR(KSP ksp)
{
  return PetscRsDirectionsCreate(ksp, &PetscRsPIPEGCR);
}
