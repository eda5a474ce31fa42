/* Upstream: PCPreSolve_Eisenstat(), PCPostSolve_Eisenstat(), PCReset_Eisenstat(), PCApply_Eisenstat(),
     src/ksp/pc/impls/eisens/eisen.c
   Releases: 3.18 - 3.26
   Fault: until the solve ends, the operator is replaced with a shell that is not referenced. After an error during the
     solve, the shell is destroyed twice and the operator never. Outside a solve, uninitialized values are read.
   Workaround: from PCPreSolve() on, the shell is referenced and recorded, and the operator is restored before a reset.
     Outside a solve, the preconditioner returns an error.
   Test: unchecked::eisenstat_gives_the_operator_back_after_an_error
   Patch: petsc/pc_eisenstat.patch */
#define PETSC_RS_EXCHANGED "petsc-rs.pc.exchanged"
#define PETSC_RS_ORIGINAL "petsc-rs.pc.original"

static struct _PCOps PetscRsEisenstatOps;

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
