/* Upstream: ISColoringGetIS(), src/vec/is/is/utils/iscoloring.c
   Releases: 3.18 - 3.20
   Fault: with PETSC_OWN_POINTER, for example in MatFDColoringSetUp(), the returned index sets are those that the
     coloring stores; they are destroyed twice. A DMDA returns the same coloring to all callers, so the finite
     differences of one solver destroy the index sets that SNESNGS of another solver uses.
   Workaround: new index sets are created each time, so that the coloring stores none, and a DMDA creates a new coloring
     for each caller.
   Test: unchecked::colors_lent_as_sets_stay_those_of_the_grid, unchecked::sweeps_have_colors_of_their_own
   Patch: none, mended in 3.21 */
/* Creates index sets of the colors, in a list that the caller frees. ISColoringGetIS() creates new ones only if the
   coloring stores none. */
PetscErrorCode PetscRsISColoringMakeIS(ISColoring colors, PetscInt *n, IS *list[])
{
  PetscErrorCode ierr;
  IS *kept = colors->is;

  colors->is = NULL;
  ierr = ISColoringGetIS(colors, PETSC_OWN_POINTER, n, list);
  colors->is = kept;
  return ierr;
}

/* Without the colorings that it stores, a DMDA makes new ones. */
static PetscErrorCode PetscRsDMDAForgetColors(DM dm)
{
  DM_DA               *grid = (DM_DA *)dm->data;
  const PetscErrorCode ierr = ISColoringDestroy(&grid->localcoloring);

  return ierr ? ierr : ISColoringDestroy(&grid->ghostedcoloring);
}
