static PetscErrorCode (*PetscRsTaoCreatePounders)(Tao);
static PetscErrorCode (*PetscRsTaoViewPounders)(Tao, PetscViewer);

/* The inner optimizer is created at set-up. */
static PetscErrorCode PetscRsTaoView(Tao tao, PetscViewer viewer)
{
  return tao->setupcalled ? PetscRsTaoViewPounders(tao, viewer) : (PetscErrorCode)0;
}

static PetscErrorCode PetscRsTaoCreate(Tao tao)
{
  const PetscErrorCode ierr = PetscRsTaoCreatePounders(tao);

  if (ierr || !tao->ops->view) return ierr;
  PetscRsTaoViewPounders = tao->ops->view;
  tao->ops->view         = PetscRsTaoView;
  return ierr;
}
