/* Creates index sets of the colors, in a list that the caller frees. ISColoringGetIS creates new ones only if the
   coloring stores none; stored ones are passed to each MatFDColoring, which destroys them. */
PetscErrorCode PetscRsISColoringMakeIS(ISColoring colors, PetscInt *n, IS *list[])
{
  PetscErrorCode ierr;
  IS *kept = colors->is;

  colors->is = NULL;
  ierr = ISColoringGetIS(colors, PETSC_OWN_POINTER, n, list);
  colors->is = kept;
  return ierr;
}
