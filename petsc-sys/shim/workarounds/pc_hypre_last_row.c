/* Upstream: hypre, called in PCSetUp_HYPRE(), src/ksp/pc/impls/hypre/impl/ihypre.c
   Releases: 3.18 - 3.26
   Fault: hypre uses the first entry of each row as its diagonal entry, even if the row has no entries; for an empty
     last row, memory beyond the entries is read. A matrix without entries has no arrays. PCSetUp_HYPRE() converts the
     matrix to hypre's type and reads the result, but MatConvert() of MATSCALAPACK returns another type.
   Workaround: PCSetUp() returns an error if the last row of a rank has no entry in the columns that the rank owns, or
     if the converted matrix does not have hypre's type.
   Test: unchecked::hypre_reads_no_entry_beyond_the_last_row, unchecked::hypre_gets_matrices_of_its_type
   Patch: none, the fault is in hypre */
/* Whether the last row of this rank has an entry in a column of this rank. Yes without rows. */
static PetscErrorCode PetscRsLastRowIsStored(Mat mat, PetscBool with_zeros, PetscBool *stored)
{
  const PetscInt    *columns;
  const PetscScalar *values;
  PetscInt           end, first, last, n, i;
  PetscErrorCode     ierr = MatGetOwnershipRange(mat, NULL, &end);

  *stored = mat->rmap->n ? PETSC_FALSE : PETSC_TRUE;
  if (!ierr) ierr = MatGetOwnershipRangeColumn(mat, &first, &last);
  if (ierr || *stored) return ierr;
  ierr = MatGetRow(mat, end - 1, &n, &columns, &values);
  if (ierr) return ierr;
  for (i = 0; i < n; i++) {
    if (columns[i] >= first && columns[i] < last && (with_zeros || values[i] != 0.0)) *stored = PETSC_TRUE;
  }
  return MatRestoreRow(mat, end - 1, &n, &columns, &values);
}

/* MATSCALAPACK is converted to a dense matrix, whatever the type. */
static PetscErrorCode PetscRsBecomesHypre(Mat mat, PetscBool *becomes)
{
  Mat            copy = NULL;
  PetscErrorCode ierr = MatConvert(mat, MATHYPRE, MAT_INITIAL_MATRIX, &copy);

  if (!ierr) ierr = PetscObjectTypeCompare((PetscObject)copy, MATHYPRE, becomes);
  return ierr ? ierr : MatDestroy(&copy);
}

static PetscErrorCode PetscRsHypreCheck(PC pc)
{
  PetscBool      is_hypre = PETSC_FALSE, rows = PETSC_FALSE, stored = PETSC_TRUE, becomes = PETSC_TRUE;
  Mat            mat  = pc->pmat, copy = NULL;
  PetscErrorCode ierr = PetscObjectTypeCompare((PetscObject)pc, PCHYPRE, &is_hypre), end;
  int            mine, any = 0;

  if (ierr || !is_hypre || !mat) return ierr;
  ierr = PetscRsMatHasOperation(mat, MATOP_GET_ROW, &rows);
  if (!ierr && !rows) ierr = MatConvert(mat, MATAIJ, MAT_INITIAL_MATRIX, &copy);
  if (!ierr) ierr = PetscRsLastRowIsStored(copy ? copy : mat, copy ? PETSC_FALSE : PETSC_TRUE, &stored); /* MatConvert() omits zeros */
  end  = copy ? MatDestroy(&copy) : (PetscErrorCode)0;
  mine = ierr || !stored;
  if (end) return end;
  if (MPI_Allreduce(&mine, &any, 1, MPI_INT, MPI_MAX, PetscObjectComm((PetscObject)pc))) return PetscRsError("PCSetUp", __FILE__, PETSC_ERR_LIB, "MPI_Allreduce failed");
  if (!ierr && !any && !rows) ierr = PetscRsBecomesHypre(mat, &becomes);
  if (!ierr && !becomes) return PetscRsError("PCSetUp", __FILE__, PETSC_ERR_SUP, "this type of matrix is not converted to hypre");
  return !ierr && any ? PetscRsError("PCSetUp", __FILE__, PETSC_ERR_SUP, "hypre needs an entry in the last row of each rank, in a column of that rank") : ierr;
}
