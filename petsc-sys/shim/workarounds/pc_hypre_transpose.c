/* Upstream: hypre_BoomerAMGSolveT(), called by PCApplyTranspose_HYPRE_BoomerAMG(), src/ksp/pc/impls/hypre/ihypre.c
   Releases: 3.18 - 3.26
   Fault: with one level, hypre solves in the array of the right-hand side, which VecHYPRE_IJVectorPushVecRead() lends it
     for reading only.
   Workaround: hypre gets a copy.
   Test: unchecked::a_transposed_application_of_hypre_keeps_its_vector
   Patch: none, the fault is in hypre */
#define PETSC_RS_HYPRE_TRANSPOSE "petsc-rs.pc.hypre.applytranspose"

static PetscErrorCode PetscRsHypreApplyTranspose(PC pc, Vec x, Vec y)
{
  PetscErrorCode (*apply)(PC, Vec, Vec) = NULL;
  Vec            copy                   = NULL;
  PetscErrorCode ierr                   = PetscObjectQueryFunction((PetscObject)pc, PETSC_RS_HYPRE_TRANSPOSE, &apply), end;

  if (!ierr) ierr = VecDuplicate(x, &copy);
  if (!ierr) ierr = VecCopy(x, copy);
  if (!ierr) ierr = apply(pc, copy, y);
  end = VecDestroy(&copy);
  return ierr ? ierr : end;
}

/* Before PetscRsPCSizesGuard(), whose function calls this one. */
static PetscErrorCode PetscRsHypreTransposeGuard(PC pc)
{
  PetscBool      is_hypre;
  PetscErrorCode ierr = PetscObjectTypeCompare((PetscObject)pc, PCHYPRE, &is_hypre);

  if (ierr || !is_hypre || !pc->ops->applytranspose || pc->ops->applytranspose == PetscRsPCApplyTranspose) return ierr;
  ierr                    = PetscObjectComposeFunction((PetscObject)pc, PETSC_RS_HYPRE_TRANSPOSE, pc->ops->applytranspose);
  pc->ops->applytranspose = PetscRsHypreApplyTranspose;
  return ierr;
}
