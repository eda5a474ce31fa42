/* Upstream: PCPreSolve_Eisenstat(), PCPostSolve_Eisenstat(), PCReset_Eisenstat(), PCApply_Eisenstat(),
     src/ksp/pc/impls/eisens/eisen.c
   Releases: 3.18 - 3.26
   Fault: until the solve ends, the operator is replaced with a shell that is not referenced. After an error during the
     solve, the shell is destroyed twice and the operator never, and the right-hand side remains changed.
     KSPGetOperators() returns the shell, which refers to the preconditioner and the operator without a reference.
     Outside a solve, uninitialized values are read.
   Workaround: from PCPreSolve() on, the shell is referenced and recorded. The operator and the right-hand side are
     restored when the method returns an error, and the operator also before a reset. PetscRsPCGetOperators() returns
     the operator instead of the shell. Outside a solve, the preconditioner returns an error.
   Test: unchecked::eisenstat_gives_the_operator_back_after_an_error,
     unchecked::eisenstat_shows_no_shell_and_restores_the_right_hand_side
   Patch: petsc/pc_eisenstat.patch */
#define PETSC_RS_EXCHANGED "petsc-rs.pc.exchanged"
#define PETSC_RS_ORIGINAL "petsc-rs.pc.original"
#define PETSC_RS_KSP_SOLVE "petsc-rs.ksp.solve"
#define PETSC_RS_KSP_RHS "petsc-rs.ksp.rhs"

static struct _PCOps PetscRsEisenstatOps;

/* First fields of PC_Eisenstat, from 3.18 to 3.26. */
typedef struct {
  Mat shell, a;
  Vec rhs[2];
} PetscRsEisenstat;

/* Returns the operators that the user has set. */
PetscErrorCode PetscRsPCGetOperators(PC pc, Mat *a, Mat *p)
{
  PetscObject    shell = NULL, original = NULL;
  PetscErrorCode ierr  = PCGetOperators(pc, a, p);

  if (!ierr) ierr = PetscObjectQuery((PetscObject)pc, PETSC_RS_EXCHANGED, &shell);
  if (!ierr && shell && shell == (PetscObject)*a) ierr = PetscObjectQuery((PetscObject)pc, PETSC_RS_ORIGINAL, &original);
  if (original) *a = (Mat)original;
  return ierr;
}

static PetscErrorCode PetscRsEisenstatForget(PC pc)
{
  PetscErrorCode ierr = PetscObjectCompose((PetscObject)pc, PETSC_RS_EXCHANGED, NULL);

  return ierr ? ierr : PetscObjectCompose((PetscObject)pc, PETSC_RS_ORIGINAL, NULL);
}

/* An earlier solve failed, and the operators are new: the type holds the reference to the previous operator, and
   drops it. */
static PetscErrorCode PetscRsEisenstatGiveUp(PC pc)
{
  PetscObject    original = NULL;
  PetscErrorCode ierr     = PetscObjectQuery((PetscObject)pc, PETSC_RS_ORIGINAL, &original);

  if (!ierr && original) ierr = PetscObjectDereference(original);
  return ierr ? ierr : PetscRsEisenstatForget(pc);
}

static PetscErrorCode PetscRsEisenstatTakeBack(PC);

/* Copies to the right-hand side, which KSPSolve() locks since 3.22. */
static PetscErrorCode PetscRsEisenstatRestore(Vec saved, Vec rhs)
{
  PetscInt       locks = 0;
  PetscErrorCode ierr  = (PetscErrorCode)0, end = (PetscErrorCode)0;

#if PETSC_VERSION_GE(3, 22, 0)
  ierr = VecLockGet(rhs, &locks);
  for (PetscInt i = 0; !ierr && i < locks; i++) ierr = VecLockReadPop(rhs);
#endif
  if (!ierr) ierr = VecCopy(saved, rhs);
  for (PetscInt i = 0; !end && i < locks; i++) end = VecLockReadPush(rhs);
  return ierr ? ierr : end;
}

/* The method of a solver, after PCPreSolve(). */
static PetscErrorCode PetscRsEisenstatSolve(KSP ksp)
{
  PetscErrorCode (*solve)(KSP) = NULL;
  PC             pc            = ksp->pc;
  Vec            rhs           = NULL;
  PetscBool      is_eisenstat  = PETSC_FALSE;
  PetscErrorCode ierr          = PetscObjectQueryFunction((PetscObject)ksp, PETSC_RS_KSP_SOLVE, &solve), end;

  if (!ierr) ierr = PetscObjectReference((PetscObject)pc);
  if (ierr) return ierr;
  ksp->ops->solve = solve;
  ierr            = solve(ksp);
  end             = PetscObjectTypeCompare((PetscObject)pc, PCEISENSTAT, &is_eisenstat);
  if (!end) end = PetscObjectQuery((PetscObject)ksp, PETSC_RS_KSP_RHS, (PetscObject *)&rhs);
  if (!end && ierr && is_eisenstat && pc->presolvedone > 0) {
    if (rhs) end = PetscRsEisenstatRestore(((PetscRsEisenstat *)pc->data)->rhs[pc->presolvedone - 1], rhs);
    /* An inner solve leaves the shell to the outer one. */
    if (pc->presolvedone > 1) pc->presolvedone--;
    else if (!end) end = PetscRsEisenstatTakeBack(pc);
  }
  if (!end) end = PetscObjectCompose((PetscObject)ksp, PETSC_RS_KSP_RHS, NULL);
  (void)PCDestroy(&pc);
  return ierr ? ierr : end;
}

static PetscErrorCode PetscRsEisenstatWatch(KSP ksp, Vec b)
{
  PetscErrorCode ierr = PetscObjectCompose((PetscObject)ksp, PETSC_RS_KSP_RHS, (PetscObject)b);

  if (ierr || ksp->ops->solve == PetscRsEisenstatSolve) return ierr;
  ierr            = PetscObjectComposeFunction((PetscObject)ksp, PETSC_RS_KSP_SOLVE, ksp->ops->solve);
  ksp->ops->solve = PetscRsEisenstatSolve;
  return ierr;
}

static PetscErrorCode PetscRsEisenstatPreSolve(PC pc, KSP ksp, Vec b, Vec x)
{
  PetscObject    shell  = NULL;
  const Mat      before = pc->mat;
  PetscErrorCode ierr   = PetscObjectQuery((PetscObject)pc, PETSC_RS_EXCHANGED, &shell), end;

  /* A solve that failed before, perhaps by another type, has not counted itself out. */
  if (!ierr && (PetscObject)pc->mat != shell) pc->presolvedone = 1;
  if (!ierr && shell && (PetscObject)pc->mat != shell) ierr = PetscRsEisenstatGiveUp(pc);
  /* As PetscRsPCPreSolve(). */
  if (!ierr && (PetscObject)pc->mat != shell) ierr = PCSetUp(pc);
  if (ierr) return ierr;
  end = PetscRsEisenstatOps.presolve(pc, ksp, b, x);
  if (!end) end = PetscRsEisenstatWatch(ksp, b);
  if (pc->mat == before) return end;
  ierr = PetscObjectReference((PetscObject)pc->mat);
  if (!ierr) ierr = PetscObjectCompose((PetscObject)pc, PETSC_RS_EXCHANGED, (PetscObject)pc->mat);
  if (!ierr) ierr = PetscObjectCompose((PetscObject)pc, PETSC_RS_ORIGINAL, (PetscObject)before);
  return end ? end : ierr;
}

static PetscErrorCode PetscRsEisenstatPostSolve(PC pc, KSP ksp, Vec b, Vec x)
{
  const Mat      before = pc->mat;
  PetscErrorCode ierr   = PetscRsEisenstatOps.postsolve(pc, ksp, b, x);

  if (ierr || pc->mat == before) return ierr;
  ierr = PetscObjectDereference((PetscObject)before);
  return ierr ? ierr : PetscRsEisenstatForget(pc);
}

static PetscErrorCode PetscRsEisenstatTakeBack(PC pc)
{
  PetscObject    shell = NULL;
  PetscErrorCode ierr  = PetscObjectQuery((PetscObject)pc, PETSC_RS_EXCHANGED, &shell);

  pc->presolvedone = 0;
  if (ierr || !shell) return ierr;
  if ((PetscObject)pc->mat != shell) return PetscRsEisenstatGiveUp(pc);
  pc->mat = pc->pmat; /* of both operators, which were one, there is a reference */
  ierr    = PetscObjectDereference(shell);
  return ierr ? ierr : PetscRsEisenstatForget(pc);
}

static PetscErrorCode PetscRsEisenstatReset(PC pc)
{
  PetscErrorCode ierr = PetscRsEisenstatTakeBack(pc);

  return ierr ? ierr : PetscRsEisenstatOps.reset(pc);
}

static PetscErrorCode PetscRsEisenstatDestroy(PC pc)
{
  PetscErrorCode ierr = PetscRsEisenstatTakeBack(pc);

  return ierr ? ierr : PetscRsEisenstatOps.destroy(pc);
}

/* Without the shell as the operator, the method multiplies with uninitialized data. */
static PetscErrorCode PetscRsEisenstatApply(PC pc, Vec b, Vec x)
{
  if (!pc->presolvedone) return PetscRsError("PCApply", __FILE__, PETSC_ERR_ARG_WRONGSTATE, "eisenstat can only be applied during a solve");
  return PetscRsEisenstatOps.apply(pc, b, x);
}

static PetscErrorCode PetscRsEisenstatApplyTranspose(PC pc, Vec b, Vec x)
{
  if (!pc->presolvedone) return PetscRsError("PCApplyTranspose", __FILE__, PETSC_ERR_ARG_WRONGSTATE, "eisenstat can only be applied during a solve");
  return PetscRsEisenstatOps.applytranspose(pc, b, x);
}

static void PetscRsEisenstatGuard(PC pc)
{
  PetscRsEisenstatOps = *pc->ops;
  pc->ops->apply      = PetscRsEisenstatApply;
  pc->ops->presolve   = PetscRsEisenstatPreSolve;
  pc->ops->postsolve  = PetscRsEisenstatPostSolve;
  pc->ops->reset      = PetscRsEisenstatReset;
  pc->ops->destroy    = PetscRsEisenstatDestroy;
  if (pc->ops->applytranspose) pc->ops->applytranspose = PetscRsEisenstatApplyTranspose;
}
