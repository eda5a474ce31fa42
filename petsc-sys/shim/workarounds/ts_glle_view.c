/* Upstream: TSView_GLLE(), src/ts/impls/implicit/glle/glle.c
   Releases: 3.18 - 3.26
   Fault: the view reads the order of the current scheme, but only TSSetFromOptions() or TSGLLESetType() create the
     schemes; NULL is dereferenced.
   Workaround: before the set-up, a view omits the data of the method.
   Test: unchecked::integrators_of_all_types_are_viewed_before_their_setup
   Patch: petsc/ts_view.patch */
#define PETSC_RS_TS_VIEW "petsc-rs.ts.view"

static PetscErrorCode PetscRsTSViewGLLE(TS ts, PetscViewer viewer)
{
  PetscErrorCode (*view)(TS, PetscViewer) = NULL;
  PetscErrorCode ierr                     = PetscObjectQueryFunction((PetscObject)ts, PETSC_RS_TS_VIEW, &view);

  return ierr || !view || !ts->setupcalled ? ierr : view(ts, viewer);
}
