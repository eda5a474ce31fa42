/* Upstream: ML, ML_Aggregate_Compress_Matrix() in ml_aggregate.c and ML_Aggregate_CoarsenUncoupled() in
     ml_agg_uncoupled.c, called in PCSetUp_ML(), src/ksp/pc/impls/ml/ml.c
   Releases: 3.18 - 3.26
   Fault: ML writes beyond the end of an array in two cases. The coupled scheme, PETSc's initial scheme, writes one
     double for each row into an array of as many integers if the block size exceeds 1. The uncoupled scheme, which
     PCSetFromOptions() selects, uses an array with the length of the stored entries, which is too short if diagonal
     entries are not stored. ML_Set_Amatrix_Getrow() in ml_struct.c ends the process if the matrix has fewer columns
     than rows.
   Workaround: PCSetUp() returns an error for such matrices.
   Test: unchecked::ml_needs_the_diagonal_and_in_its_coupled_scheme_block_size_one
   Patch: none, the fault is in ML */
/* First fields of PC_ML, from 3.18 to 3.26. */
typedef struct {
  void    *object, *aggregate, *levels, *finest;
  PetscInt sizes[3], scheme;
} PetscRsML;

static PetscErrorCode PetscRsMLCheck(PC pc)
{
  PetscBool      is_ml = PETSC_FALSE, reads = PETSC_FALSE, missing = PETSC_FALSE, rectangular = PETSC_FALSE;
  PetscInt       bs = 1, row = 0;
  int            mine, any = 0;
  Mat            own  = NULL;
  PetscErrorCode ierr = PetscObjectTypeCompare((PetscObject)pc, PCML, &is_ml);

  if (ierr || !is_ml || !pc->pmat) return ierr;
  ierr = MatGetBlockSize(pc->pmat, &bs);
  if (ierr) return ierr;
  if (bs > 1 && ((PetscRsML *)((PC_MG *)pc->data)->innerctx)->scheme == 1) return PetscRsError("PCSetUp", __FILE__, PETSC_ERR_SUP, "the coupled scheme of ml needs the block size 1: call set_from_options, which selects the uncoupled scheme");
  ierr = PetscObjectBaseTypeCompareAny((PetscObject)pc->pmat, &reads, MATSEQAIJ, MATMPIAIJ, "");
  if (ierr || !reads) return ierr;
  ierr = MatGetDiagonalBlock(pc->pmat, &own);
  if (!ierr && own->rmap->n == own->cmap->n) ierr = PetscRsMissingDiagonal(own, &missing, &row);
  else if (!ierr) rectangular = PETSC_TRUE;
  mine = (ierr || missing ? 1 : 0) | (rectangular ? 2 : 0);
  if (MPI_Allreduce(&mine, &any, 1, MPI_INT, MPI_BOR, PetscObjectComm((PetscObject)pc))) return PetscRsError("PCSetUp", __FILE__, PETSC_ERR_LIB, "MPI_Allreduce failed");
  if (ierr || !any) return ierr;
  if (any & 2) return PetscRsError("PCSetUp", __FILE__, PETSC_ERR_ARG_SIZ, "ml needs a square matrix");
  return PetscRsError("PCSetUp", __FILE__, PETSC_ERR_ARG_WRONGSTATE, "ml needs an entry on the diagonal of each row");
}
