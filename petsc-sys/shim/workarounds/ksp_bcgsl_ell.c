/* Upstream: KSPBCGSLSetEll(), src/ksp/ksp/impls/bcgsl/bcgsl.c
   Releases: 3.18 - 3.26
   Fault: five arrays are allocated together. After setup, the first four are freed; KSPReset() and KSPSetType() then
     free the pointer to the fifth, which lies within the freed memory.
   Workaround: KSPReset() and KSPSetType() set this pointer to NULL if the others are NULL.
   Test: unchecked::the_number_of_directions_of_bcgsl_changes_after_setup
   Patch: petsc/ksp_bcgsl_ell.patch */
/* KSP_BCGSL, from 3.18 to 3.26. */
typedef struct {
  PetscInt     ell;
  PetscReal    delta;
  PetscBool    convex, pinv;
  Vec          b, rt, xr, tm, *r, *u_vectors;
  PetscScalar *y0c, *ylc, *ytc, *za, *zb, *u, *v, *work;
  PetscReal   *s, *realwork;
} PetscRsBcgsl;

static PetscErrorCode (*PetscRsMakeBcgsl)(KSP);
static PetscErrorCode (*PetscRsBcgslTheirReset)(KSP);
static PetscErrorCode (*PetscRsBcgslTheirDestroy)(KSP);

static void PetscRsBcgslForget(KSP ksp)
{
  PetscRsBcgsl *bcgsl = (PetscRsBcgsl *)ksp->data;

  if (!bcgsl->work && !bcgsl->s && !bcgsl->u && !bcgsl->v) bcgsl->realwork = NULL;
}

static PetscErrorCode PetscRsBcgslReset(KSP ksp)
{
  PetscRsBcgslForget(ksp);
  return PetscRsBcgslTheirReset(ksp);
}

static PetscErrorCode PetscRsBcgslDestroy(KSP ksp)
{
  PetscRsBcgslForget(ksp);
  return PetscRsBcgslTheirDestroy(ksp);
}

static PetscErrorCode PetscRsBcgslCreate(KSP ksp)
{
  PetscErrorCode ierr = PetscRsMakeBcgsl(ksp);

  if (ierr) return ierr;
  PetscRsBcgslTheirReset   = ksp->ops->reset;
  PetscRsBcgslTheirDestroy = ksp->ops->destroy;
  ksp->ops->reset          = PetscRsBcgslReset;
  ksp->ops->destroy        = PetscRsBcgslDestroy;
  return ierr;
}
