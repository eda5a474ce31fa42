#define PETSC_RS_VIEW "petsc-rs.pc.view"

/* Some types view data that exist only between a set-up and a reset. */
static PetscErrorCode PetscRsPCView(PC pc, PetscViewer viewer)
{
  PetscErrorCode (*view)(PC, PetscViewer) = NULL;
  PetscErrorCode ierr                     = PetscObjectQueryFunction((PetscObject)pc, PETSC_RS_VIEW, &view);

  return ierr || !view || !pc->setupcalled ? ierr : view(pc, viewer);
}
