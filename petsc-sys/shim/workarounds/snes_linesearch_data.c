/* Upstream: SNESLineSearchBTSetAlpha(), src/snes/linesearch/impls/bt/linesearchbt.c, called by SNESCreate_VINEWTONRSLS()
   Releases: 3.18 - 3.23
   Fault: the data of every line search are accessed as those of SNESLINESEARCHBT; NULL is dereferenced, or data of
     another type are overwritten.
   Workaround: the solver is created first, and gets its line search afterwards.
   Test: unchecked::a_line_search_of_another_type_is_kept_by_newtons_method
   Patch: none, mended in 3.24 */
static PetscErrorCode PetscRsSNESMake(SNES snes, PetscErrorCode (*create)(SNES))
{
#if PETSC_VERSION_LT(3, 24, 0)
  SNESLineSearch search = snes->linesearch;
  PetscErrorCode ierr;

  snes->linesearch = NULL;
  ierr             = create(snes);
  if (!search) return ierr;
  if (snes->linesearch) {
    const PetscErrorCode end = SNESLineSearchDestroy(&snes->linesearch);

    if (!ierr) ierr = end;
  }
  snes->linesearch = search;
  return ierr;
#else
  return create(snes);
#endif
}
