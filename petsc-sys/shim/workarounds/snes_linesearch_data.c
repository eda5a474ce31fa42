/* SNESNEWTONLS and related types write a number to the data of a line search of any type. */
static PetscErrorCode PetscRsSNESMake(SNES snes, PetscErrorCode (*create)(SNES))
{
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
}
