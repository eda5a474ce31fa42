/* Upstream: PCSetUp_MG(), src/ksp/pc/impls/mg/mg.c
   Releases: 3.18 - 3.23
   Fault: missing interpolations are created from the DM, even if there is no DM; NULL is dereferenced.
   Workaround: PCSetUp() returns an error if interpolations and the DM are missing.
   Test: unchecked::multigrid_without_interpolations_and_a_dm_is_refused
   Patch: none, mended in 3.24 */
static PetscErrorCode PetscRsMGCheck(PC pc)
{
  PetscBool      is_mg = PETSC_FALSE;
  PC_MG_Levels **levels;
  PetscInt       i;
  PetscErrorCode ierr = PetscObjectTypeCompare((PetscObject)pc, PCMG, &is_mg);

  if (ierr || !is_mg || pc->dm || pc->setupcalled) return ierr;
  levels = ((PC_MG *)pc->data)->levels;
  if (!levels || ((PC_MG *)pc->data)->galerkin == PC_MG_GALERKIN_EXTERNAL || ((PC_MG *)pc->data)->coarseSpaceType == PCMG_ADAPT_GDSW) return ierr;
  for (i = levels[0]->levels - 1; i > 0; i--) {
    if (!levels[i]->interpolate && !levels[i]->restrct) return PetscRsError("PCSetUp", __FILE__, PETSC_ERR_ORDER, "a level of multigrid has no interpolation, and there is no DM that makes one");
  }
  return ierr;
}
