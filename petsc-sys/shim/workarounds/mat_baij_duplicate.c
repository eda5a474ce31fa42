/* Upstream: MatDuplicate_SeqBAIJ(), src/mat/impls/baij/seq/baij.c
   Releases: 3.18 - 3.26
   Fault: the function for relaxation is set by the preallocation only, and a duplicate does not have it. MatSOR() of
     MATMPIBAIJ calls NULL; of MATSEQBAIJ, and in newer releases, it returns an error.
   Workaround: a duplicate gets the function of its original.
   Test: unchecked::a_duplicate_of_blocks_is_relaxed
   Patch: petsc/mat_baij_duplicate.patch */
static PetscErrorCode (*PetscRsDuplicateBlocks)(Mat, MatDuplicateOption, Mat *);

static PetscErrorCode PetscRsDuplicateSeqBAIJ(Mat a, MatDuplicateOption values, Mat *b)
{
  PetscErrorCode ierr = PetscRsDuplicateBlocks(a, values, b);

  if (!ierr && !(*b)->ops->sor) (*b)->ops->sor = a->ops->sor;
  return ierr;
}
