/* Upstream: MatHeaderMerge(), src/mat/utils/gcreate.c, and MatSeqAIJCheckInode(), src/mat/impls/aij/seq/inode.c, in
     MatAXPY_SeqAIJ()
   Releases: 3.18 - 3.26
   Fault: the matrix gets the data of another matrix, but keeps its old functions for rows with equal patterns
     (inodes), since the nonzero state does not change; MatLUFactorNumeric_SeqAIJ_Inode() reads out of bounds or
     computes a wrong factor.
   Workaround: before each ordering and each PCSetUp(), the functions are compared with the data. If they do not match,
     the matrix is assembled again with a new nonzero state.
   Test: unchecked::rows_alike_are_found_again_after_axpy
   Patch: petsc/mat_nonzero_state.patch */
PetscErrorCode PetscRsMatFindInodes(Mat mat)
{
  PetscErrorCode (*inodes)(Mat, PetscInt *, PetscInt **, PetscInt *) = NULL;
  PetscInt       count = 0, limit, *sizes = NULL, n = 0;
  PetscBool      done;
  PetscErrorCode ierr = PetscObjectQueryFunction((PetscObject)mat, "MatInodeGetInodeSizes_C", &inodes);

  if (ierr || !inodes || !mat->assembled || mat->factortype || mat->rmap->n != mat->cmap->n || !mat->ops->getrowij) return ierr;
  ierr = inodes(mat, &count, &sizes, &limit);
  if (!ierr) ierr = mat->ops->getrowij(mat, 0, PETSC_FALSE, PETSC_TRUE, &n, NULL, NULL, &done);
  if (ierr || n == (sizes ? count : mat->rmap->n)) return ierr;
  mat->nonzerostate++;
  ierr = MatAssemblyBegin(mat, MAT_FINAL_ASSEMBLY);
  return ierr ? ierr : MatAssemblyEnd(mat, MAT_FINAL_ASSEMBLY);
}
