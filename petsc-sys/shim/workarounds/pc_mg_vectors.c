/* Upstream: PCApply_MG_Internal(), PCApplyRichardson_MG(), src/ksp/pc/impls/mg/mg.c
   Releases: 3.18 - 3.26
   Fault: the caller's vectors are stored in the finest level without references. They remain there after an error, and
     PCReset() destroys them.
   Workaround: after an application that returns an error, these vectors are removed from the level.
   Test: unchecked::multigrid_gives_vectors_back_after_an_error,
     unchecked::multigrid_as_a_method_gives_vectors_back_after_an_error
   Patch: petsc/pc_mg_vectors.patch */
static struct _PCOps PetscRsMGOps;
static PetscErrorCode (*PetscRsMGTheirRichardson)(PC, Vec, Vec, Vec, PetscReal, PetscReal, PetscReal, PetscInt, PetscBool, PetscInt *, PCRichardsonConvergedReason *);

static PetscErrorCode PetscRsMGEnd(PC pc, PetscErrorCode ierr, Vec b, Vec x, Mat columns, Mat solutions)
{
  PC_MG_Levels **levels = ((PC_MG *)pc->data)->levels;
  PC_MG_Levels  *finest;

  if (!ierr || !levels) return ierr;
  finest = levels[levels[0]->levels - 1];
  if (b && finest->b == b) finest->b = NULL;
  if (x && finest->x == x) finest->x = NULL;
  if (columns && finest->B == columns) finest->B = NULL;
  if (solutions && finest->X == solutions) finest->X = NULL;
  return ierr;
}

static PetscErrorCode PetscRsMGApply(PC pc, Vec b, Vec x)
{
  return PetscRsMGEnd(pc, PetscRsMGOps.apply(pc, b, x), b, x, NULL, NULL);
}

static PetscErrorCode PetscRsMGApplyTranspose(PC pc, Vec b, Vec x)
{
  return PetscRsMGEnd(pc, PetscRsMGOps.applytranspose(pc, b, x), b, x, NULL, NULL);
}

static PetscErrorCode PetscRsMGMatApply(PC pc, Mat b, Mat x)
{
  return PetscRsMGEnd(pc, PetscRsMGOps.matapply(pc, b, x), NULL, NULL, b, x);
}

#if PETSC_VERSION_GE(3, 24, 0)
static PetscErrorCode PetscRsMGMatApplyTranspose(PC pc, Mat b, Mat x)
{
  return PetscRsMGEnd(pc, PetscRsMGOps.matapplytranspose(pc, b, x), NULL, NULL, b, x);
}
#endif

static PetscErrorCode PetscRsMGRichardson(PC pc, Vec b, Vec x, Vec w, PetscReal rtol, PetscReal abstol, PetscReal dtol, PetscInt its, PetscBool zero, PetscInt *done, PCRichardsonConvergedReason *reason)
{
  PetscErrorCode ierr = PetscRsMGTheirRichardson(pc, b, x, w, rtol, abstol, dtol, its, zero, done, reason);

  return PetscRsMGEnd(pc, ierr, b, x, NULL, NULL);
}

static void PetscRsMGGuard(PC pc)
{
  if (pc->ops->apply == PetscRsMGApply) return; /* the base of another type */
  PetscRsMGOps = *pc->ops;
  if (pc->ops->apply) pc->ops->apply = PetscRsMGApply;
  if (pc->ops->applytranspose) pc->ops->applytranspose = PetscRsMGApplyTranspose;
  if (pc->ops->matapply) pc->ops->matapply = PetscRsMGMatApply;
#if PETSC_VERSION_GE(3, 24, 0)
  if (pc->ops->matapplytranspose) pc->ops->matapplytranspose = PetscRsMGMatApplyTranspose;
#endif
  if (pc->ops->applyrichardson) {
    PetscRsMGTheirRichardson = pc->ops->applyrichardson;
    pc->ops->applyrichardson = PetscRsMGRichardson;
  }
}

/* PCMGSetLevels(), which also the set-up of other types calls, sets this function again. */
static PetscErrorCode PetscRsMGKeep(PC pc)
{
  PetscBool      is_mg = PETSC_FALSE;
  PetscErrorCode ierr  = PetscObjectTypeCompareAny((PetscObject)pc, &is_mg, PCMG, PCGAMG, PCML, PCHMG, "");

  if (ierr || !is_mg || !pc->ops->applyrichardson || pc->ops->applyrichardson == PetscRsMGRichardson || pc->ops->applyrichardson == PetscRsPCApplyRichardson) return ierr;
  PetscRsMGTheirRichardson = pc->ops->applyrichardson;
  pc->ops->applyrichardson = PetscRsMGRichardson;
  return ierr;
}
