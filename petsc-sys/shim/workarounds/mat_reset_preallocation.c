/* Upstream: MatResetPreallocation_SeqAIJ(), src/mat/impls/aij/seq/aij.c
   Releases: 3.18 - 3.26
   Fault: the rows get back the numbers of entries that were preallocated, although the memory may be smaller: an entry
     that does not fit after an assembly allocates memory for the entries of that time only (MatSeqXAIJReallocateAIJ).
     MatSetValues() then writes out of bounds.
   Workaround: if the numbers of allocated entries before and after the function differ, the memory is allocated again.
     The preallocation does not change whether new entries are errors.
   Test: unchecked::a_reset_preallocation_has_memory_for_its_entries
   Patch: petsc/mat_reset_preallocation.patch */
PetscErrorCode PetscRsMatResetPreallocation(Mat mat)
{
  PetscErrorCode (*setoption)(Mat, MatOption, PetscBool) = mat->ops->setoption;
  const PetscInt *ia    = NULL;
  PetscInt       *sizes = NULL, rows = mat->rmap->n, columns = mat->cmap->n, n = 0;
  PetscBool       sequential, done = PETSC_FALSE;
  MatInfo         before, after;
  PetscErrorCode  ierr = PetscObjectTypeCompare((PetscObject)mat, MATSEQAIJ, &sequential);

  if (ierr || !sequential) return ierr ? ierr : MatResetPreallocation(mat);
  ierr = MatGetInfo(mat, MAT_LOCAL, &before);
  if (!ierr) ierr = MatResetPreallocation(mat);
  /* Newer releases only set the entries to zero if the preallocation is full. */
  if (ierr || mat->assembled || !rows) return ierr;
  ierr = MatGetInfo(mat, MAT_LOCAL, &after);
  if (ierr || before.nz_allocated == after.nz_allocated) return ierr;
  ierr = MatGetRowIJ(mat, 0, PETSC_FALSE, PETSC_FALSE, &n, &ia, NULL, &done);
  if (!ierr) ierr = PetscMalloc1(rows, &sizes);
  /* The off-diagonal block of a matrix of type mpiaij has only the columns with entries. */
  for (PetscInt i = 0; !ierr && i < rows; i++) {
    sizes[i]     = ia[i + 1] - ia[i];
    mat->cmap->n = PetscMax(mat->cmap->n, sizes[i]);
  }
  if (!ierr) ierr = MatRestoreRowIJ(mat, 0, PETSC_FALSE, PETSC_FALSE, &n, &ia, NULL, &done);
  mat->ops->setoption = NULL;
  if (!ierr) ierr = MatSeqAIJSetPreallocation(mat, 0, sizes);
  mat->ops->setoption = setoption;
  mat->cmap->n        = columns;
  return ierr ? ierr : PetscFree(sizes);
}
