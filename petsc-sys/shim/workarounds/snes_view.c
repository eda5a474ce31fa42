#define PETSC_RS_SNES_VIEW "petsc-rs.snes.view"

#if PETSC_VERSION_GE(3, 21, 0)
/* Since 3.21, SNESQN views a matrix, which only the set-up creates. */
static PetscErrorCode PetscRsSNESViewQN(SNES snes, PetscViewer viewer)
{
  PetscErrorCode (*view)(SNES, PetscViewer) = NULL;
  PetscErrorCode ierr                       = PetscObjectQueryFunction((PetscObject)snes, PETSC_RS_SNES_VIEW, &view);

  return ierr || !view || !snes->setupcalled ? ierr : view(snes, viewer);
}
#endif

/* SNESNGS views data of the DM without checking whether it has one. */
static PetscErrorCode PetscRsSNESView(SNES snes, PetscViewer viewer)
{
  PetscErrorCode (*view)(SNES, PetscViewer) = NULL;
  PetscErrorCode ierr                       = PetscObjectQueryFunction((PetscObject)snes, PETSC_RS_SNES_VIEW, &view);
  DMSNES         functions;
  PetscBool      secant;

  if (ierr || !view || !snes->dm) return ierr;
  ierr = PetscRsSNESFunctions(snes, &functions);
  if (ierr) return ierr;
  /* It knows its own sweep by the address. */
  secant = functions->ops->computegs == PetscRsSNESSecant ? PETSC_TRUE : PETSC_FALSE;
  if (secant) functions->ops->computegs = SNESComputeNGSDefaultSecant;
  ierr = view(snes, viewer);
  if (secant) functions->ops->computegs = PetscRsSNESSecant;
  return ierr;
}
