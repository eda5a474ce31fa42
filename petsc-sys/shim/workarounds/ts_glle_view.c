/* Upstream: TSView_GLLE(), src/ts/impls/implicit/glle/glle.c
   Releases: 3.18 - 3.26
   Fault: the order of the current scheme is read, but the schemes are created by TSSetFromOptions() or TSGLLESetType();
   NULL is dereferenced.
   Workaround: the part of the method is omitted from a view before the set-up.
   Test: unchecked::integrators_of_all_types_are_viewed_before_their_setup
   Patch: petsc/ts_view.patch */
#define PETSC_RS_TS_VIEW "petsc-rs.ts.view"

static PetscErrorCode PetscRsTSViewGLLE(TS ts, PetscViewer viewer)
{
  PetscErrorCode (*view)(TS, PetscViewer) = NULL;
  PetscErrorCode ierr                     = PetscObjectQueryFunction((PetscObject)ts, PETSC_RS_TS_VIEW, &view);

  return ierr || !view || !ts->setupcalled ? ierr : view(ts, viewer);
}
