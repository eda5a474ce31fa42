/* Upstream: TaoView_POUNDERS(), src/tao/leastsquares/impls/pounders/pounders.c
   Releases: 3.18 - 3.26
   Fault: the view shows the inner optimizer, which only the set-up creates; NULL is dereferenced.
   Workaround: before the set-up, a view omits the inner optimizer.
   Test: unchecked::an_optimiser_is_shown_before_its_set_up
   Patch: petsc/tao_pounders_view.patch */
static PetscErrorCode (*PetscRsTaoViewPounders)(Tao, PetscViewer);

static PetscErrorCode PetscRsTaoView(Tao tao, PetscViewer viewer)
{
  return tao->setupcalled ? PetscRsTaoViewPounders(tao, viewer) : (PetscErrorCode)0;
}
