/* Upstream: GNHookFunction(), src/tao/leastsquares/impls/brgn/brgn.c
   Releases: 3.18 - 3.26
   Fault: after each iteration of the subsolver of TAOBRGN, its gradient is copied without a check that there is one;
     with TAONM and others, which have none, NULL is dereferenced.
   Workaround: the subsolver returns an error if it has no gradient.
   Test: tao::methods::a_subsolver_of_least_squares_needs_a_gradient
   Patch: petsc/tao_brgn_gradient.patch */
static PetscErrorCode (*PetscRsTaoHookOfBRGN)(Tao, PetscInt, void *);
static PetscErrorCode (*PetscRsTaoTheirSetUpBRGN)(Tao);

static PetscErrorCode PetscRsTaoHook(Tao tao, PetscInt iteration, void *ctx)
{
  if (!tao->gradient) return PetscRsError("TaoSolve", __FILE__, PETSC_ERR_SUP, "the subsolver of brgn needs a method with a gradient");
  return PetscRsTaoHookOfBRGN(tao, iteration, ctx);
}

static PetscErrorCode PetscRsTaoSetUpBRGN(Tao tao)
{
  Tao            within;
  PetscErrorCode ierr = PetscRsTaoTheirSetUpBRGN(tao);

  if (!ierr) ierr = TaoBRGNGetSubsolver(tao, &within);
  if (ierr || within->user_update != tao->data || within->ops->update == PetscRsTaoHook) return ierr;
  PetscRsTaoHookOfBRGN = within->ops->update;
  within->ops->update  = PetscRsTaoHook;
  return ierr;
}
