/* Upstream: SNESView_NGS(), src/snes/impls/gs/snesgs.c
   Releases: 3.18 - 3.26
   Fault: the view reads the data of the DM without a check that there is a DM; NULL is dereferenced.
   Workaround: a solver without a DM is viewed without these data.
   Test: unchecked::nested_vectors_are_refused_beside_others_by_nonlinear_solvers
   Patch: petsc/snes_ngs_view.patch */
#define PETSC_RS_SNES_VIEW "petsc-rs.snes.view"

static PetscErrorCode PetscRsSNESViewNGS(SNES snes, PetscViewer viewer)
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
