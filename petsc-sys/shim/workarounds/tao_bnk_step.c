/* Upstream: TaoBNKComputeStep(), TaoBNKRecomputePred(), TaoBNKComputeSubHessian(), src/tao/bound/impls/bnk/bnk.c
   Releases: 3.18 - 3.26
   Fault: if all variables are at their bounds, the index set of the other variables is NULL, but it is dereferenced to
     interpolate the first radius and to compute the predicted reduction. The type of the step and the converged reason
     of the linear solver are used without being set. Depending on the contents of the stack, the fallbacks after a
     failed line search never end, or use a quasi-Newton matrix that is NULL.
   Workaround: the index set is empty instead of NULL, and the step is a Newton step.
   Test: unchecked::newton_methods_end_with_all_variables_at_their_bounds
   Patch: petsc/tao_bnk_step.patch */
/* TAO_BNK, from 3.18 to 3.26. */
typedef struct {
  PetscErrorCode (*computehessian)(Tao);
  PetscErrorCode (*computestep)(Tao, PetscBool, KSPConvergedReason *, PetscInt *);
  Tao       bncg;
  void     *bncg_ctx;
  PetscInt  max_cg_its, tot_cg_its;
  Vec       bncg_sol, work[7];
  Mat       inactive[2];
  Vec       parts[4];
  IS        sets[5]; /* first the inactive and the active variables */
  PetscReal values[4], active[2];
  PC        pc;
  Mat       matrix;
  Vec       diagonal[2];
  PetscReal shift[11], step[9], reduction[9], interpolation[7], start[7], limits[5];
  PetscInt  taken[4], types[4], reasons[7];
  PetscBool resetksp;
  void     *ctx;
} PetscRsBNK;

/* First fields of TAO_BQNK, from 3.18 to 3.26. */
typedef struct {
  PetscErrorCode (*solve)(Tao);
  Mat matrix;
  PC  pc;
} PetscRsBQNK;

#define PETSC_RS_TAO_HESSIAN "petsc-rs.tao.hessian"
#define PETSC_RS_TAO_STEP    "petsc-rs.tao.step"

static PetscErrorCode PetscRsTaoNoneInactive(Tao tao, PetscRsBNK *bnk)
{
  return bnk->sets[0] || !bnk->sets[1] ? (PetscErrorCode)0 : ISCreateStride(PetscObjectComm((PetscObject)tao), 0, 0, 1, &bnk->sets[0]);
}

/* The matrix for these variables. */
static PetscErrorCode PetscRsTaoEmptyHessian(Tao tao, Mat *a)
{
  PetscErrorCode ierr = MatDestroy(a);

  if (!ierr) ierr = MatCreate(PetscObjectComm((PetscObject)tao), a);
  if (!ierr) ierr = MatSetSizes(*a, 0, 0, 0, 0);
  if (!ierr) ierr = MatSetType(*a, MATAIJ);
  if (!ierr) ierr = MatSetUp(*a);
  if (!ierr) ierr = MatAssemblyBegin(*a, MAT_FINAL_ASSEMBLY);
  return ierr ? ierr : MatAssemblyEnd(*a, MAT_FINAL_ASSEMBLY);
}

static PetscErrorCode PetscRsTaoHessian(Tao tao)
{
  PetscErrorCode (*hessian)(Tao) = NULL;
  PetscErrorCode ierr            = PetscObjectQueryFunction((PetscObject)tao, PETSC_RS_TAO_HESSIAN, &hessian);

  if (!ierr) ierr = PetscRsTaoNoneInactive(tao, (PetscRsBNK *)tao->data);
  return ierr ? ierr : hessian(tao);
}

static PetscErrorCode PetscRsTaoStep(Tao tao, PetscBool shift, KSPConvergedReason *reason, PetscInt *type)
{
  PetscErrorCode (*step)(Tao, PetscBool, KSPConvergedReason *, PetscInt *) = NULL;
  PetscRsBNK    *bnk  = (PetscRsBNK *)tao->data;
  PetscInt       n    = 0;
  PetscErrorCode ierr = PetscObjectQueryFunction((PetscObject)tao, PETSC_RS_TAO_STEP, &step);

  if (!ierr && bnk->sets[0]) ierr = ISGetSize(bnk->sets[0], &n);
  if (ierr) return ierr;
  *reason = KSP_CONVERGED_ITERATING;
  *type   = 0; /* BNK_NEWTON */
  if (n) return step(tao, shift, reason, type);
  ierr = ISDestroy(&bnk->sets[0]);
  if (!ierr) ierr = step(tao, shift, reason, type);
  if (!ierr) ierr = PetscRsTaoNoneInactive(tao, bnk);
  if (!ierr) ierr = PetscRsTaoEmptyHessian(tao, &bnk->inactive[0]);
  return ierr ? ierr : PetscRsTaoEmptyHessian(tao, &bnk->inactive[1]);
}

static PetscErrorCode PetscRsTaoGuardStep(Tao tao)
{
  PetscRsBNK    *bnk  = (PetscRsBNK *)tao->data;
  PetscErrorCode ierr = (PetscErrorCode)0;

  if (bnk->computehessian && bnk->computehessian != PetscRsTaoHessian) {
    ierr                = PetscObjectComposeFunction((PetscObject)tao, PETSC_RS_TAO_HESSIAN, bnk->computehessian);
    bnk->computehessian = PetscRsTaoHessian;
  }
  if (!ierr && bnk->computestep && bnk->computestep != PetscRsTaoStep) {
    ierr             = PetscObjectComposeFunction((PetscObject)tao, PETSC_RS_TAO_STEP, bnk->computestep);
    bnk->computestep = PetscRsTaoStep;
  }
  return ierr;
}
