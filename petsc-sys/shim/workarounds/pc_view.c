/* Upstream: PCView_Exotic(), src/ksp/pc/impls/wb/wb.c; PCView_MPI(), src/ksp/pc/impls/mpi/pcmpi.c;
     PCView_Redistribute(), src/ksp/pc/impls/redistribute/redistribute.c; PCView_GASM(),
     src/ksp/pc/impls/gasm/gasm.c; before 3.23 also PCView_Deflation()
   Releases: 3.18 - 3.26
   Fault: the view uses objects that exist only between PCSetUp() and PCReset(); NULL is dereferenced.
   Workaround: before a setup, the view shows only the type.
   Test: unchecked::preconditioners_are_viewed_before_their_set_up
   Patch: petsc/pc_view.patch */
#define PETSC_RS_VIEW "petsc-rs.pc.view"

static PetscErrorCode PetscRsPCView(PC pc, PetscViewer viewer)
{
  PetscErrorCode (*view)(PC, PetscViewer) = NULL;
  PetscErrorCode ierr                     = PetscObjectQueryFunction((PetscObject)pc, PETSC_RS_VIEW, &view);

  return ierr || !view || !pc->setupcalled ? ierr : view(pc, viewer);
}
