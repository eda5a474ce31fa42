/* SNESFAS coarsens the DM; while a variational inequality is solved on it, that is DMCoarsen_SNESVI(), which does not look
   whether the DM can. */
static PetscErrorCode PetscRsSNESCheckCoarsen(SNES snes)
{
  PetscBool      is_fas = PETSC_FALSE;
  PetscObject    reduced = NULL;
  DM             dm;
  PetscErrorCode ierr = PetscObjectTypeCompare((PetscObject)snes, SNESFAS, &is_fas);

  if (ierr || !is_fas) return ierr;
  ierr = SNESGetDM(snes, &dm);
  if (!ierr) ierr = PetscObjectQuery((PetscObject)dm, "VI", &reduced);
  if (ierr || !reduced) return ierr;
  return PetscRsError("SNESSetUp", __FILE__, PETSC_ERR_ARG_WRONGSTATE, "a variational inequality with the same DM is being solved");
}
