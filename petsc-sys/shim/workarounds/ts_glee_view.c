/* Upstream: TSView_GLEE(), src/ts/impls/glee/glee.c
   Releases: 3.18 - 3.26
   Fault: the view reads the scheme before it calls TSGLEEGetType(), which sets the default scheme; NULL is
     dereferenced.
   Workaround: TSGLEEGetType() is called before the view.
   Test: unchecked::integrators_of_all_types_are_viewed_before_their_setup
   Patch: petsc/ts_view.patch */
static PetscErrorCode PetscRsTSViewGLEE(TS ts, PetscViewer viewer)
{
  TSGLEEType     scheme;
  PetscErrorCode (*view)(TS, PetscViewer) = NULL;
  PetscErrorCode ierr                     = PetscObjectQueryFunction((PetscObject)ts, PETSC_RS_TS_VIEW, &view);

  if (!ierr) ierr = TSGLEEGetType(ts, &scheme);
  return ierr || !view ? ierr : view(ts, viewer);
}
