/* Common functions of the eigensolver classes: convergence tests and comparisons of eigenvalues. */
static PetscErrorCode Comparison(PetscScalar ar, PetscScalar ai, PetscScalar br, PetscScalar bi, PetscInt *result, void *ctx)
{
  Hook *hook = (Hook *)ctx;
  return ((PetscRsComparison)hook->function)(&ar, &ai, &br, &bi, result, hook->ctx);
}

#define EIGENSOLVER(X) \
  static PetscErrorCode X##Convergence(X solver, PetscScalar re, PetscScalar im, PetscReal residual, PetscReal *estimate, void *ctx) \
  { \
    Hook *hook = (Hook *)ctx; \
    return Davidson((PetscObject)solver, ((PetscRs##X##Convergence)hook->function)(solver, &re, &im, residual, estimate, hook->ctx), estimate); \
  } \
  PetscErrorCode PetscRs##X##SetConvergenceTestFunction(X solver, PetscRs##X##Convergence f, void *ctx, PetscRsDestroy destroy) \
  { \
    Hook *hook; \
    CALL(HookCreate((void (*)(void))f, ctx, destroy, &hook)); \
    CALL(X##SetConvergenceTestFunction(solver, X##Convergence, hook, NULL)); \
    return HookCompose((PetscObject)solver, "petsc-rs.convergence", hook); \
  } \
  PetscErrorCode PetscRs##X##SetEigenvalueComparison(X solver, PetscRsComparison f, void *ctx, PetscRsDestroy destroy) \
  { \
    Hook *hook; \
    CALL(HookCreate((void (*)(void))f, ctx, destroy, &hook)); \
    CALL(X##SetEigenvalueComparison(solver, Comparison, hook)); \
    return HookCompose((PetscObject)solver, "petsc-rs.comparison", hook); \
  }

EIGENSOLVER(EPS)
EIGENSOLVER(PEP)
EIGENSOLVER(NEP)

/* DSSort detects from the second part of a selected value whether it belongs to a pair, and moves both values. */
static PetscErrorCode Selection(PetscScalar re, PetscScalar im, Vec xr, Vec xi, PetscScalar *rr, PetscScalar *ri, void *ctx)
{
  Hook *hook = (Hook *)ctx;
  CALL(((PetscRsEPSSelection)hook->function)(&re, &im, xr, xi, rr, ri, hook->ctx));
  if (im == 0.0 || *ri == 0.0) *ri = im;
  return OK;
}

PetscErrorCode PetscRsEPSSetArbitrarySelection(EPS eps, PetscRsEPSSelection f, void *ctx, PetscRsDestroy destroy)
{
  Hook *hook;
  CALL(HookCreate((void (*)(void))f, ctx, destroy, &hook));
  CALL(EPSSetArbitrarySelection(eps, Selection, hook));
  return HookCompose((PetscObject)eps, "petsc-rs.selection", hook);
}

static PetscErrorCode NonlinearFunction(NEP nep, PetscScalar lambda, Mat T, Mat P, void *ctx)
{
  Hook *hook = (Hook *)ctx;
  return ((PetscRsNEPFunction)hook->function)(nep, &lambda, T, P, hook->ctx);
}

PetscErrorCode PetscRsNEPSetFunction(NEP nep, Mat T, Mat P, PetscRsNEPFunction f, void *ctx, PetscRsDestroy destroy)
{
  Hook *hook;
  CALL(HookCreate((void (*)(void))f, ctx, destroy, &hook));
  CALL(NEPSetFunction(nep, T, P, NonlinearFunction, hook));
  return HookCompose((PetscObject)nep, "petsc-rs.function", hook);
}

/* A reset, or another function, removes the matrix; the closure stays. */
static PetscErrorCode NonlinearJacobian(NEP nep, PetscScalar lambda, Mat J, void *ctx)
{
  Hook *hook = (Hook *)ctx;
  if (!J) SETERRQ(PetscObjectComm((PetscObject)nep), PETSC_ERR_ARG_WRONGSTATE, "the derivative has no matrix: call set_jacobian");
  return ((PetscRsNEPJacobian)hook->function)(nep, &lambda, J, hook->ctx);
}

PetscErrorCode PetscRsNEPSetJacobian(NEP nep, Mat J, PetscRsNEPJacobian f, void *ctx, PetscRsDestroy destroy)
{
  Hook *hook;
  CALL(HookCreate((void (*)(void))f, ctx, destroy, &hook));
  CALL(NEPSetJacobian(nep, J, NonlinearJacobian, hook));
  return HookCompose((PetscObject)nep, "petsc-rs.jacobian", hook);
}

#define SHELL_APPLY(X) \
  static PetscErrorCode Shell##X(ST st, Vec x, Vec y) \
  { \
    Hook *hook; \
    CALL(HookFind((PetscObject)st, "petsc-rs.shell." #X, &hook)); \
    return ((PetscRsSTApply)hook->function)(x, y, hook->ctx); \
  } \
  PetscErrorCode PetscRsSTShellSet##X(ST st, PetscRsSTApply f, void *ctx, PetscRsDestroy destroy) \
  { \
    Hook *hook; \
    CALL(HookCreate((void (*)(void))f, ctx, destroy, &hook)); \
    CALL(HookCompose((PetscObject)st, "petsc-rs.shell." #X, hook)); \
    return STShellSet##X(st, Shell##X); \
  }

SHELL_APPLY(Apply)
SHELL_APPLY(ApplyTranspose)

static PetscErrorCode ShellBackTransform(ST st, PetscInt n, PetscScalar *re, PetscScalar *im)
{
  Hook *hook;
  CALL(HookFind((PetscObject)st, "petsc-rs.shell.BackTransform", &hook));
  return ((PetscRsSTBackTransform)hook->function)(n, re, im, hook->ctx);
}

PetscErrorCode PetscRsSTShellSetBackTransform(ST st, PetscRsSTBackTransform f, void *ctx, PetscRsDestroy destroy)
{
  Hook *hook;
  CALL(HookCreate((void (*)(void))f, ctx, destroy, &hook));
  CALL(HookCompose((PetscObject)st, "petsc-rs.shell.BackTransform", hook));
  return STShellSetBackTransform(st, ShellBackTransform);
}

PetscErrorCode PetscRsNEPSetMatrices(NEP nep, Mat function, Mat pre, Mat jacobian)
{
  CALL(NEPSetFunction(nep, function, pre, NULL, NULL));
  return NEPSetJacobian(nep, jacobian, NULL, NULL);
}

static PetscErrorCode FormCtx(Mat matrix, const char *name, void *ctx)
{
  PetscContainer container;

  CALL(PetscContainerCreate(PETSC_COMM_SELF, &container));
  CALL(PetscContainerSetPointer(container, ctx));
  CALL(PetscObjectCompose((PetscObject)matrix, name, (PetscObject)container));
  return PetscContainerDestroy(&container);
}

PetscErrorCode PetscRsMatSetFormFunction(Mat matrix, PetscRsFormFunction f, PetscRsFormFunctionAB both, void *ctx)
{
  CALL(FormCtx(matrix, "formFunctionCtx", ctx));
  CALL(PetscObjectComposeFunction((PetscObject)matrix, "formFunctionAB", both));
  return PetscObjectComposeFunction((PetscObject)matrix, "formFunction", f);
}

PetscErrorCode PetscRsMatSetFormJacobian(Mat matrix, PetscRsFormJacobian f, void *ctx)
{
  CALL(FormCtx(matrix, "formJacobianCtx", ctx));
  return PetscObjectComposeFunction((PetscObject)matrix, "formJacobian", f);
}

PetscErrorCode PetscRsMatSetFormNorm(Mat matrix, PetscRsFormNorm f, void *ctx)
{
  CALL(FormCtx(matrix, "formNormCtx", ctx));
  return PetscObjectComposeFunction((PetscObject)matrix, "formNorm", f);
}

PetscErrorCode PetscRsDSSort(DS ds, PetscScalar *re, PetscScalar *im, PetscRsComparison compare, void *ctx)
{
  Hook           hook = {(void (*)(void))compare, ctx, NULL};
  SlepcSC        order;
  struct _n_SlepcSC old;
  PetscErrorCode ierr;

  CALL(DSGetSlepcSC(ds, &order));
  old                  = *order;
  order->comparison    = Comparison;
  order->comparisonctx = &hook;
  order->map           = NULL;
  order->mapobj        = NULL;
  order->rg            = NULL;
  ierr                 = DSSort(ds, re, im, NULL, NULL, NULL);
  *order               = old;
  return ierr;
}
