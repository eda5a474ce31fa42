/* Upstream: ML, ML_Aggregate_Compress_Matrix() in ml_aggregate.c, called in PCSetUp_ML(), src/ksp/pc/impls/ml/ml.c
   Releases: 3.18 - 3.26
   Fault: with a block size larger than 1, the coupled coarsening scheme of ML writes one double for each row to an array
     with the size of as many integers. The scheme is PETSc's initial one; PCSetFromOptions() selects the uncoupled one.
   Workaround: PCSetUp() returns an error for this scheme with a block size larger than 1.
   Test: unchecked::the_coupled_scheme_of_ml_needs_block_size_one
   Patch: none, the fault is in ML */
/* First fields of PC_ML, from 3.18 to 3.26. */
typedef struct {
  void    *object, *aggregate, *levels, *finest;
  PetscInt sizes[3], scheme;
} PetscRsML;

static PetscErrorCode PetscRsMLCheck(PC pc)
{
  PetscBool      is_ml = PETSC_FALSE;
  PetscInt       bs    = 1;
  PetscErrorCode ierr  = PetscObjectTypeCompare((PetscObject)pc, PCML, &is_ml);

  if (ierr || !is_ml || !pc->pmat) return ierr;
  ierr = MatGetBlockSize(pc->pmat, &bs);
  if (ierr || bs < 2 || ((PetscRsML *)((PC_MG *)pc->data)->innerctx)->scheme != 1) return ierr;
  return PetscRsError("PCSetUp", __FILE__, PETSC_ERR_SUP, "the coupled scheme of ml needs the block size 1: call set_from_options, which selects the uncoupled scheme");
}
