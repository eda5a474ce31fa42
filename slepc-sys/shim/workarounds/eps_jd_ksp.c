/* Upstream: dvd_improvex_jd_start(), dvd_improvex_jd_end(), src/eps/impls/davidson/dvdimprovex.c
   Releases: 3.18 - 3.26
   Fault: the linear solver keeps work vectors of an earlier use, which have another type or another number of parts.
     After the solve, it also keeps the operator of the correction equation, although the eigensolver frees the data of
     this operator. If the eigenvalue is real, the vectors of the equation have no imaginary part; the solver uses their
     duplicates later for a complex pair. NULL is dereferenced; private data of another type and freed memory are read.
   Workaround: before and after a solve, the linear solver discards its work vectors; afterwards, it gets its former
     operators back. Missing imaginary parts are created.
   Test: attacked::a_linear_solver_that_jacobi_davidson_has_used_is_used_again
   Patch: slepc/eps_jd_ksp.patch */
static Method davidson;

/* KSPReset() without PCReset(), which destroys the operators. */
static PetscErrorCode DropWork(KSP ksp)
{
  if (ksp->setupstage == KSP_SETUP_NEW) return OK;
  if (ksp->ops->reset) CALL(ksp->ops->reset(ksp));
  if (ksp->guess && ksp->guess->ops->reset) CALL(ksp->guess->ops->reset(ksp->guess));
  CALL(VecDestroyVecs(ksp->nwork, &ksp->work));
  CALL(VecDestroy(&ksp->vec_rhs));
  CALL(VecDestroy(&ksp->vec_sol));
#if PETSC_VERSION_LT(3, 26, 0)
  CALL(VecDestroy(&ksp->diagonal));
  CALL(VecDestroy(&ksp->truediagonal));
#endif
  ksp->setupstage = KSP_SETUP_NEW;
  return OK;
}

static PetscErrorCode GiveBack(KSP ksp, PC pc, Mat A, Mat P)
{
  CALL(DropWork(ksp));
  CALL(KSPSetPC(ksp, pc));
  return A || P ? PCSetOperators(pc, A, P) : OK;
}

static PetscErrorCode Complete(Vec v)
{
  Vec_Comp *parts = (Vec_Comp *)v->data;
  PetscBool is;
  CALL(PetscObjectTypeCompare((PetscObject)v, VECCOMP, &is));
  for (PetscInt i = 1; is && i < parts->nx; i++) {
    if (!parts->x[i]) CALL(VecDuplicate(parts->x[0], &parts->x[i]));
  }
  return OK;
}

typedef struct {
  PetscErrorCode (*function)(KSP, Vec, Vec, void *);
  void *ctx;
} PreSolve;

static PetscErrorCode CorrectionPreSolve(KSP ksp, Vec b, Vec x, void *ctx)
{
  PreSolve *given = (PreSolve *)ctx;
  CALL(Complete(b));
  CALL(Complete(x));
  return given->function ? given->function(ksp, b, x, given->ctx) : OK;
}

static PetscErrorCode JacobiDavidsonSolve(EPS eps)
{
  PetscErrorCode ierr, given;
  PetscBool      hasA, hasP;
  PreSolve       presolve;
  KSP            ksp;
  PC             pc;
  Mat            A = NULL, P = NULL;

  CALL(STGetKSP(eps->st, &ksp));
  CALL(DropWork(ksp));
  CALL(KSPGetPC(ksp, &pc));
  CALL(PCGetOperatorsSet(pc, &hasA, &hasP));
  if (hasA || hasP) CALL(PCGetOperators(pc, hasA ? &A : NULL, hasP ? &P : NULL));
  CALL(PetscObjectReference((PetscObject)ksp));
  CALL(PetscObjectReference((PetscObject)pc));
  if (A) CALL(PetscObjectReference((PetscObject)A));
  if (P) CALL(PetscObjectReference((PetscObject)P));
  presolve.function = ksp->presolve;
  presolve.ctx      = ksp->prectx;
  ksp->presolve     = CorrectionPreSolve;
  ksp->prectx       = &presolve;
  ierr              = davidson.solve(eps);
  ksp->presolve     = presolve.function;
  ksp->prectx       = presolve.ctx;
  given             = GiveBack(ksp, pc, A, P);
  CALL(KSPDestroy(&ksp));
  CALL(PCDestroy(&pc));
  CALL(MatDestroy(&A));
  CALL(MatDestroy(&P));
  return ierr ? ierr : given;
}

static PetscErrorCode JacobiDavidsonCreate(EPS eps)
{
  CALL(davidson.create(eps));
  davidson.solve  = eps->ops->solve;
  eps->ops->solve = JacobiDavidsonSolve;
  return OK;
}
