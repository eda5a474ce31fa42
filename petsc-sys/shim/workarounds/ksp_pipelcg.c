/* Upstream: KSPReset_PIPELCG(), src/ksp/ksp/impls/cg/pipelcg/pipelcg.c
   Releases: 3.18 - 3.26
   Fault: the numbers of vectors are computed from the length of the pipeline. This length is 0 before the options are
     read, and options can change it after setup: the solver is never destroyed, or more vectors are destroyed than
     exist.
   Workaround: the reset of the type is called once after each setup, and before options are read.
   Test: unchecked::a_pipeline_is_destroyed_before_setup_and_keeps_its_length
   Patch: petsc/ksp_pipelcg.patch */
static PetscErrorCode (*PetscRsMakePipelcg)(KSP);
static PetscErrorCode (*PetscRsPipelcgTheirSetUp)(KSP);
static PetscErrorCode (*PetscRsPipelcgTheirReset)(KSP);
static PetscErrorCode (*PetscRsPipelcgTheirOptions)(KSP, PETSC_RS_ITEMS);
#define PETSC_RS_PIPELCG "petsc-rs.ksp.pipelcg"

/* Only after a setup: before, C returns the error "Trying to destroy negative number of vectors". */
static PetscErrorCode PetscRsPipelcgReset(KSP ksp)
{
  PetscErrorCode (*ready)(KSP) = NULL;
  PetscErrorCode ierr          = PetscObjectQueryFunction((PetscObject)ksp, PETSC_RS_PIPELCG, &ready);

  if (ierr || !ready) return ierr;
  ierr = PetscObjectComposeFunction((PetscObject)ksp, PETSC_RS_PIPELCG, NULL);
  return ierr ? ierr : PetscRsPipelcgTheirReset(ksp);
}

static PetscErrorCode PetscRsPipelcgSetUp(KSP ksp)
{
  PetscErrorCode ierr = PetscRsPipelcgTheirSetUp(ksp);

  return ierr ? ierr : PetscObjectComposeFunction((PetscObject)ksp, PETSC_RS_PIPELCG, PetscRsPipelcgTheirSetUp);
}

static PetscErrorCode PetscRsPipelcgOptions(KSP ksp, PETSC_RS_ITEMS PetscOptionsObject)
{
  PetscErrorCode ierr = PetscRsPipelcgReset(ksp);

  if (ierr) return ierr;
  ksp->setupstage = KSP_SETUP_NEW;
  return PetscRsPipelcgTheirOptions(ksp, PetscOptionsObject);
}

static PetscErrorCode PetscRsPipelcgDestroy(KSP ksp)
{
  PetscErrorCode ierr = PetscRsPipelcgReset(ksp);

  return ierr ? ierr : KSPDestroyDefault(ksp);
}

static PetscErrorCode PetscRsPipelcgCreate(KSP ksp)
{
  PetscErrorCode ierr = PetscRsMakePipelcg(ksp);

  if (ierr) return ierr;
  PetscRsPipelcgTheirSetUp   = ksp->ops->setup;
  PetscRsPipelcgTheirReset   = ksp->ops->reset;
  PetscRsPipelcgTheirOptions = ksp->ops->setfromoptions;
  PetscRsPipelcgTheirSolve   = ksp->ops->solve;
  ksp->ops->solve            = PetscRsPipelcgSolve;
  ksp->ops->setup            = PetscRsPipelcgSetUp;
  ksp->ops->reset            = PetscRsPipelcgReset;
  ksp->ops->setfromoptions   = PetscRsPipelcgOptions;
  ksp->ops->destroy          = PetscRsPipelcgDestroy;
  return ierr;
}
