/* Upstream: EPSDelayedArnoldi(), src/eps/impls/krylov/epskrylov.c
   Releases: 3.18 - 3.26
   Fault: with one Arnoldi step, a coefficient is written before the start of an array.
   Workaround: with delayed reorthogonalization, the setup of lanczos and arnoldi requires a subspace of at least two
     dimensions.
   Test: attacked::a_delayed_orthogonalization_of_one_step
   Patch: slepc/eps_delayed.patch */
static Method lanczos, arnoldi;

static PetscErrorCode TwoSteps(EPS eps)
{
  if (eps->ncv > 1 && eps->mpd > 1) return OK;
  SETERRQ(PetscObjectComm((PetscObject)eps), PETSC_ERR_ARG_OUTOFRANGE, "the delayed orthogonalization needs a subspace of at least two dimensions: see set_dimensions");
}

static PetscErrorCode LanczosSetUp(EPS eps)
{
  EPSLanczosReorthogType kind;
  CALL(lanczos.setup(eps));
  CALL(EPSLanczosGetReorthog(eps, &kind));
  return kind == EPS_LANCZOS_REORTHOG_DELAYED ? TwoSteps(eps) : OK;
}

static PetscErrorCode LanczosCreate(EPS eps)
{
  CALL(lanczos.create(eps));
  lanczos.setup   = eps->ops->setup;
  eps->ops->setup = LanczosSetUp;
  return OK;
}

static PetscErrorCode ArnoldiSetUp(EPS eps)
{
  PetscBool delayed;
  CALL(arnoldi.setup(eps));
  CALL(EPSArnoldiGetDelayed(eps, &delayed));
  return delayed ? TwoSteps(eps) : OK;
}

static PetscErrorCode ArnoldiCreate(EPS eps)
{
  CALL(arnoldi.create(eps));
  arnoldi.setup   = eps->ops->setup;
  eps->ops->setup = ArnoldiSetUp;
  return OK;
}
