/* Upstream: EPSReset_KrylovSchur_Slice(), EPSKrylovSchurGetChildEPS(), src/eps/impls/krylov/krylovschur/ks-slice.c,
   krylovschur.c
   Releases: 3.18 - 3.26
   Fault: reset, change of type and destruction use the child eigensolver for slices, which exists only after a setup;
     NULL is dereferenced. Options and view create the child from the operators; without operators, NULL is
     dereferenced.
   Workaround: the functions for slices are not called if there is no child. Without operators, the options return an
     error, and the view omits the method.
   Test: attacked::an_interval_that_was_never_sliced
   Patch: slepc/eps_slices.patch */
/* First fields of the data of Krylov-Schur, from 3.18 to 3.26. */
typedef struct {
  PetscReal    keep;
  PetscBool    lock;
  void        *sr;
  PetscInt     nev, ncv, mpd, npart;
  PetscBool    detect;
  PetscReal   *subintervals;
  PetscBool    subintset;
  PetscMPIInt *nconv_loc;
  EPS          eps;
} KrylovSchur;

static PetscErrorCode Slices(EPS eps, PetscBool *slices)
{
  ST        st;
  PetscBool filter;
  CALL(EPSGetST(eps, &st));
  CALL(PetscObjectTypeCompare((PetscObject)st, STFILTER, &filter));
  *slices = eps->which == EPS_ALL && !filter ? PETSC_TRUE : PETSC_FALSE;
  return OK;
}

/* With another selection of eigenvalues, reset and destruction do not use the child. */
static PetscErrorCode Undo(EPS eps, PetscErrorCode (*undo)(EPS))
{
  EPSWhich       which = eps->which;
  PetscBool      slices;
  PetscErrorCode ierr;
  CALL(Slices(eps, &slices));
  if (slices && !((KrylovSchur *)eps->data)->eps) eps->which = EPS_LARGEST_MAGNITUDE;
  ierr       = undo(eps);
  eps->which = which;
  return ierr;
}

static PetscErrorCode KrylovSchurReset(EPS eps) { return Undo(eps, krylovschur.reset); }
static PetscErrorCode KrylovSchurDestroy(EPS eps) { return Undo(eps, krylovschur.destroy); }

static PetscErrorCode LacksOperators(EPS eps, PetscBool *lacks)
{
  PetscInt n;
  CALL(Slices(eps, lacks));
  CALL(STGetNumMatrices(eps->st, &n));
  if (n) *lacks = PETSC_FALSE;
  return OK;
}

static PetscErrorCode KrylovSchurOptions(EPS eps, Items items)
{
  PetscBool lacks;
  CALL(LacksOperators(eps, &lacks));
  if (lacks) SETERRQ(PetscObjectComm((PetscObject)eps), PETSC_ERR_ORDER, "to compute all eigenvalues of an interval, set the operators before the options");
  return krylovschur.options(eps, items);
}

static PetscErrorCode KrylovSchurView(EPS eps, PetscViewer viewer)
{
  PetscBool lacks;
  CALL(LacksOperators(eps, &lacks));
  return lacks ? OK : krylovschur.view(eps, viewer);
}

static PetscErrorCode KrylovSchurCreate(EPS eps)
{
  CALL(krylovschur.create(eps));
  krylovschur.reset        = eps->ops->reset;
  krylovschur.destroy      = eps->ops->destroy;
  krylovschur.view         = eps->ops->view;
  krylovschur.options      = eps->ops->setfromoptions;
  eps->ops->reset          = KrylovSchurReset;
  eps->ops->destroy        = KrylovSchurDestroy;
  eps->ops->view           = KrylovSchurView;
  eps->ops->setfromoptions = KrylovSchurOptions;
  return OK;
}
