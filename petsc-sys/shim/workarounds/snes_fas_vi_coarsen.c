/* Upstream: DMSetVI(), DMCoarsen_SNESVI(), src/snes/impls/vi/rs/virs.c
   Releases: 3.18 - 3.26
   Fault: while SNESVINEWTONRSLS runs, its own function replaces the coarsening function of the DM, even if the DM has
     no such function. If a callback solves with SNESFAS on the same DM, this function calls NULL.
   Workaround: the set-up of SNESFAS returns an error on a DM on which a variational inequality is being solved.
   Test: unchecked::levels_are_not_created_while_an_inequality_is_solved
   Patch: petsc/snes_vi_dm.patch */
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
