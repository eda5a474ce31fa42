/* Upstream: TaoView_POUNDERS(), src/tao/leastsquares/impls/pounders/pounders.c
   Releases: 3.18 - 3.26
   Fault: it views the inner optimizer, which only the set-up creates; NULL is dereferenced.
   Workaround: an optimizer that is not set up is viewed without this part.
   Test: unchecked::an_optimiser_is_shown_before_its_set_up
   Patch: petsc/tao_pounders_view.patch */
static PetscErrorCode (*PetscRsTaoViewPounders)(Tao, PetscViewer);

static PetscErrorCode PetscRsTaoView(Tao tao, PetscViewer viewer)
{
  return tao->setupcalled ? PetscRsTaoViewPounders(tao, viewer) : (PetscErrorCode)0;
}
