/* Upstream: SNESSolve_Patch(), src/snes/impls/patch/snespatch.c
   Releases: 3.18 - 3.26
   Fault: the inner preconditioner is accessed as one of type patch, although options may set another type; private data
     of another type is read.
   Workaround: a solve with another inner type returns an error.
   Test: unchecked::the_preconditioner_of_patches_keeps_its_type
   Patch: petsc/snes_patch_pc.patch */
static PetscErrorCode PetscRsSNESCheckPatch(SNES snes)
{
  PetscBool      is_patch = PETSC_FALSE, fits = PETSC_TRUE;
  PetscErrorCode ierr     = PetscObjectTypeCompare((PetscObject)snes, SNESPATCH, &is_patch);

  /* Its data consists of the preconditioner. */
  if (!ierr && is_patch) ierr = PetscObjectTypeCompare(*(PetscObject *)snes->data, PCPATCH, &fits);
  if (ierr || fits) return ierr;
  return PetscRsError("SNESSolve", __FILE__, PETSC_ERR_SUP, "the preconditioner of a solver of type patch must have the type patch: remove the option -pc_type");
}
