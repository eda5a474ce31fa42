/* Upstream: MatDuplicate_SeqBAIJ(), src/mat/impls/baij/seq/baij.c
   Releases: 3.18 - 3.26
   Fault: only the preallocation sets the function for relaxation, so a duplicate has no such function. MatSOR() of
     MATMPIBAIJ then calls NULL. In MATSEQBAIJ, and in newer releases of PETSc, MatSOR() returns an error.
   Workaround: a duplicate gets the relaxation function of its original.
   Test: unchecked::a_duplicate_of_blocks_is_relaxed
   Patch: petsc/mat_baij_duplicate.patch */
static PetscErrorCode (*PetscRsDuplicateBlocks)(Mat, MatDuplicateOption, Mat *);

static PetscErrorCode PetscRsDuplicateSeqBAIJ(Mat a, MatDuplicateOption values, Mat *b)
{
  PetscErrorCode ierr = PetscRsDuplicateBlocks(a, values, b);

  if (!ierr && !(*b)->ops->sor) (*b)->ops->sor = a->ops->sor;
  return ierr;
}
