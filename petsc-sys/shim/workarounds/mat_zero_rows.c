/* Upstream: MatZeroRows_SeqAIJ(), src/mat/impls/aij/seq/aij.c
   Releases: 3.18 - 3.26
   Fault: the address of the values is stored before diagonal entries are inserted into empty rows. The insertion moves
     the values; the stored address is then used although it is no longer valid.
   Workaround: empty rows are processed last, and each of them once.
   Test: unchecked::diagonal_entries_of_empty_rows_move_the_values
   Patch: petsc/mat_zero_rows.patch */
static PetscErrorCode (*PetscRsZeroRowsOfSeq)(Mat, PetscInt, const PetscInt[], PetscScalar, Vec, Vec);

/* MatZeroRows_SeqAIJ() keeps the address of the values while it inserts the diagonal entries of empty rows, which moves
   the values. So empty rows come last, each of them once: their branch does not use the address. */
static PetscErrorCode PetscRsZeroRows(Mat a, PetscInt n, const PetscInt rows[], PetscScalar diagonal, Vec x, Vec b)
{
  PetscInt       i, width = 1, full = 0, empty = 0, *order = NULL;
  PetscErrorCode ierr = (PetscErrorCode)0;

  if (diagonal == (PetscScalar)0.0 || n < 2) return PetscRsZeroRowsOfSeq(a, n, rows, diagonal, x, b);
  ierr = PetscMalloc1(n, &order);
  for (i = 0; !ierr && i < n; i++) {
    width = 1;
    if (rows[i] >= 0 && rows[i] < a->rmap->n) ierr = a->ops->getrow(a, rows[i], &width, NULL, NULL);
    if (width > 0) order[full++] = rows[i];
    else order[n - ++empty] = rows[i];
  }
  if (!ierr) ierr = PetscRsZeroRowsOfSeq(a, full, order, diagonal, x, b);
  if (!ierr && empty) ierr = PetscSortRemoveDupsInt(&empty, order + full);
  if (!ierr && empty) ierr = PetscRsZeroRowsOfSeq(a, empty, order + full, diagonal, x, b);
  (void)PetscFree(order);
  return ierr;
}

static void PetscRsZeroRowsGuard(Mat a)
{
  const char *type = ((PetscObject)a)->type_name;

  if (strcmp(type, MATSEQAIJ) || a->ops->zerorows == PetscRsZeroRows) return;
  PetscRsZeroRowsOfSeq = a->ops->zerorows;
  a->ops->zerorows     = PetscRsZeroRows;
}
