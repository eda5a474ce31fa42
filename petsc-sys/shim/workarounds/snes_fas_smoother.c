/* A failed set-up of SNESFAS leaves levels without smoothers; each level is a solver of this type. */
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
