/* Upstream: SNESFASSetLevels(), src/snes/impls/fas/fasfunc.c
   Releases: 3.18 - 3.26
   Fault: a change of the number of levels destroys the smoothers and the levels, but the solver remains marked as set up;
     SNESSolve() omits the set-up and dereferences NULL.
   Workaround: a level without a smoother is an error; SNESReset() removes the mark.
   Test: unchecked::levels_of_nonlinear_multigrid_change_after_a_reset
   Patch: petsc/snes_fas_levels.patch */
/* Each level is a solver of this type. */
static PetscErrorCode PetscRsSNESCheckLevel(SNES snes)
{
  PetscBool      is_fas   = PETSC_FALSE;
  SNES           smoother = NULL;
  PetscErrorCode ierr     = PetscObjectTypeCompare((PetscObject)snes, SNESFAS, &is_fas);

  if (ierr || !is_fas) return ierr;
  ierr = SNESFASCycleGetSmoother(snes, &smoother);
  if (ierr || smoother) return ierr;
  return PetscRsError("SNESSolve", __FILE__, PETSC_ERR_ORDER, "a level has no smoother: reset the solver");
}
