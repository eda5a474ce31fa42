static PetscErrorCode (*PetscRsTaoViewPounders)(Tao, PetscViewer);

/* The inner optimizer is created at set-up. */
static PetscErrorCode PetscRsTaoView(Tao tao, PetscViewer viewer)
{
  return tao->setupcalled ? PetscRsTaoViewPounders(tao, viewer) : (PetscErrorCode)0;
}
