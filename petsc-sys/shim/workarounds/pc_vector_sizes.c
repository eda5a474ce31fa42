/* Upstream: PCApplyTranspose(), PCApplySymmetricLeft(), PCApplySymmetricRight(), PCApplyRichardson(),
      src/ksp/pc/interface/precon.c
   Releases: 3.18 - 3.26
   Fault: unlike PCApply(), these functions do not compare the sizes of the vectors with those of the matrix; writes are
     out of bounds.
   Workaround: the sizes are compared.
   Test: unchecked::transposed_preconditioners_compare_sizes
   Patch: petsc/pc_vector_sizes.patch */
static PetscErrorCode PetscRsPCSizes(PC pc, const char *function, Vec x, Vec y)
{
  if (!pc->pmat || (PetscRsMatFits(pc->pmat, 1, x) > 0 && PetscRsMatFits(pc->pmat, 0, y) > 0)) return (PetscErrorCode)0;
  return PetscRsError(function, __FILE__, PETSC_ERR_ARG_SIZ, "the vectors do not fit the matrix of the preconditioner");
}

#define PETSC_RS_PC_SIZED(X) X(applytranspose, ApplyTranspose) X(applysymmetricleft, ApplySymmetricLeft) X(applysymmetricright, ApplySymmetricRight)

#define PETSC_RS_PC_APPLY_SIZED(op, name) \
  static PetscErrorCode PetscRsPC##name(PC pc, Vec x, Vec y) \
  { \
    PetscErrorCode (*apply)(PC, Vec, Vec) = NULL; \
    PetscErrorCode ierr = PetscObjectQueryFunction((PetscObject)pc, "petsc-rs.pc." #op, &apply); \
    if (!ierr) ierr = PetscRsPCSizes(pc, "PC" #name, x, y); \
    return ierr ? ierr : apply(pc, x, y); \
  }
PETSC_RS_PC_SIZED(PETSC_RS_PC_APPLY_SIZED)

static PetscErrorCode PetscRsPCApplyRichardson(PC pc, Vec b, Vec x, Vec w, PetscReal rtol, PetscReal abstol, PetscReal dtol, PetscInt its, PetscBool zero, PetscInt *done, PCRichardsonConvergedReason *reason)
{
  PetscErrorCode (*apply)(PC, Vec, Vec, Vec, PetscReal, PetscReal, PetscReal, PetscInt, PetscBool, PetscInt *, PCRichardsonConvergedReason *) = NULL;
  PetscErrorCode ierr = PetscObjectQueryFunction((PetscObject)pc, "petsc-rs.pc.applyrichardson", &apply);

  if (!ierr) ierr = PetscRsPCSizes(pc, "PCApplyRichardson", x, b);
  return ierr ? ierr : apply(pc, b, x, w, rtol, abstol, dtol, its, zero, done, reason);
}

/* After each setup, in which some types set these functions, and which precedes each call of them. */
static PetscErrorCode PetscRsPCSizesGuard(PC pc)
{
  PetscErrorCode ierr = (PetscErrorCode)0;

#define PETSC_RS_PC_GUARD_SIZED(op, name) \
  if (!ierr && pc->ops->op && pc->ops->op != PetscRsPC##name) { \
    ierr        = PetscObjectComposeFunction((PetscObject)pc, "petsc-rs.pc." #op, pc->ops->op); \
    pc->ops->op = PetscRsPC##name; \
  }
  PETSC_RS_PC_SIZED(PETSC_RS_PC_GUARD_SIZED)
  PETSC_RS_PC_GUARD_SIZED(applyrichardson, ApplyRichardson)
  return ierr;
}
