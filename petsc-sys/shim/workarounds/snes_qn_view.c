/* Upstream: SNESView_QN(), src/snes/impls/qn/qn.c
   Releases: 3.21 - 3.26
   Fault: the view shows the matrix, which only the options and the set-up create; NULL is dereferenced.
   Workaround: before the set-up, a view omits the matrix.
   Test: unchecked::a_quasi_newton_method_is_viewed_before_and_after_its_set_up
   Patch: petsc/snes_qn_view.patch */
#if PETSC_VERSION_GE(3, 21, 0)
static PetscErrorCode PetscRsSNESViewQN(SNES snes, PetscViewer viewer)
{
  PetscErrorCode (*view)(SNES, PetscViewer) = NULL;
  PetscErrorCode ierr                       = PetscObjectQueryFunction((PetscObject)snes, PETSC_RS_SNES_VIEW, &view);

  return ierr || !view || !snes->setupcalled ? ierr : view(snes, viewer);
}
#endif
