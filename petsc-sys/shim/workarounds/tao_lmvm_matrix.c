/* Upstream: TaoSolve_NLS(), TaoSolve_NTR(), TaoSolve_NTL(), src/tao/unconstrained/impls/; TaoBNKInitialize(),
     TaoBNKEstimateActiveSet(), TaoView_BNK(), src/tao/bound/impls/bnk/bnk.c; TaoBQNKComputeHessian(),
     src/tao/bound/impls/bqnk/bqnk.c
   Releases: 3.18 - 3.26
   Fault: the methods store pointers to a preconditioner of type lmvm and to its matrix without references. They use
     these pointers in the next solve and in TaoView(), even after PCSetType() and KSPSetPC(). Since 3.21,
     KSPSetOperators() in the solve may free the matrix. Freed memory is read.
   Workaround: before a solve and a view, the pointers are replaced if they differ from the preconditioner and the
     matrix of the KSP. The solve holds a reference to the matrix.
   Test: unchecked::newton_methods_forget_the_matrix_of_another_preconditioner, unchecked::newton_methods_keep_a_quasi_newton_operator
   Patch: petsc/tao_lmvm_matrix.patch */
#define PETSC_RS_TAO_SOLVE "petsc-rs.tao.solve"
#define PETSC_RS_TAO_VIEW  "petsc-rs.tao.view"

/* The matrix of the preconditioner lmvm of an optimizer, or NULL for another type. */
static PetscErrorCode PetscRsTaoLMVM(Tao tao, PC *pc, Mat *matrix)
{
  PetscBool      is_lmvm = PETSC_FALSE;
  PetscErrorCode ierr    = KSPGetPC(tao->ksp, pc);

  *matrix = NULL;
  if (!ierr) ierr = PetscObjectTypeCompare((PetscObject)*pc, PCLMVM, &is_lmvm);
  return ierr || !is_lmvm ? ierr : PCLMVMGetMatLMVM(*pc, matrix);
}

/* Since 3.21, the matrix may be that of KSPSetOperators(), which the solve replaces. */
static PetscErrorCode PetscRsTaoSolveWithLMVM(Tao tao)
{
  PetscErrorCode (*solve)(Tao) = NULL;
  PC             pc;
  Mat            matrix = NULL;
  PetscErrorCode ierr   = PetscObjectQueryFunction((PetscObject)tao, PETSC_RS_TAO_SOLVE, &solve), end;

  if (!ierr) ierr = PetscRsTaoLMVM(tao, &pc, &matrix);
  if (!ierr && matrix) ierr = PetscObjectReference((PetscObject)matrix);
  if (ierr) return ierr;
  ierr = solve(tao);
  end  = MatDestroy(&matrix);
  return ierr ? ierr : end;
}

/* The methods of unconstrained optimization read these pointers only in a solve; their set-up makes them NULL. */
static PetscErrorCode PetscRsTaoSolveNewton(Tao tao)
{
  PetscErrorCode ierr = (PetscErrorCode)0;

  if (tao->ops->setup) ierr = tao->ops->setup(tao);
  return ierr ? ierr : PetscRsTaoSolveWithLMVM(tao);
}

static PetscErrorCode PetscRsTaoForgetBNK(Tao tao)
{
  PetscRsBNK    *bnk  = (PetscRsBNK *)tao->data;
  PetscBool      used = PETSC_FALSE;
  Mat            matrix;
  PC             pc;
  PetscErrorCode ierr;

  if (!bnk->pc && !bnk->matrix) return (PetscErrorCode)0;
  ierr = PetscRsTaoLMVM(tao, &pc, &matrix);
  if (!ierr && matrix) ierr = MatLMVMIsAllocated(matrix, &used); /* a new matrix may be at the same address */
  if (ierr) return ierr;
  if (bnk->pc != pc || !matrix) bnk->pc = NULL;
  if (bnk->matrix != matrix || !used) bnk->matrix = NULL;
  return (PetscErrorCode)0;
}

static PetscErrorCode PetscRsTaoSolveBNK(Tao tao)
{
  PetscErrorCode ierr = PetscRsTaoForgetBNK(tao);

  if (!ierr) ierr = PetscRsTaoGuardStep(tao);
  return ierr ? ierr : PetscRsTaoSolveWithLMVM(tao);
}

static PetscErrorCode PetscRsTaoSolveBQNK(Tao tao)
{
  PetscRsBQNK         *bqnk = (PetscRsBQNK *)((PetscRsBNK *)tao->data)->ctx;
  const PetscErrorCode ierr = KSPGetPC(tao->ksp, &bqnk->pc);

  return ierr ? ierr : PetscRsTaoSolveBNK(tao);
}

static PetscErrorCode PetscRsTaoViewBNK(Tao tao, PetscViewer viewer)
{
  PetscErrorCode (*view)(Tao, PetscViewer) = NULL;
  PetscErrorCode ierr                      = PetscObjectQueryFunction((PetscObject)tao, PETSC_RS_TAO_VIEW, &view);

  if (!ierr) ierr = PetscRsTaoForgetBNK(tao);
  return ierr ? ierr : view(tao, viewer);
}
