/* Upstream: MINPACKido(), src/mat/graphops/color/impls/minpack/ido.c; MatColoringApply_ID(),
     src/mat/graphops/color/impls/minpack/color.c
   Releases: 3.18 - 3.26
   Fault: the search length is the sum of the squares of the row lengths divided by the number of columns. If this
     quotient is 0 or overflows, the element before the start of an array is written. The number of columns is passed
     in place of the number of rows; memory beyond an array is read.
   Workaround: MATCOLORINGID returns an error for such search lengths and for matrices that are not square.
   Test: unchecked::coloring_by_incidence_needs_entries
   Patch: petsc/mat_coloring_id.patch */
static PetscErrorCode PetscRsColorCheck(Mat mat)
{
  PetscInt       first, end, bs = 1, rows = 0, columns = 0, n;
  PetscReal      mine = 0, sum = 0;
  PetscBool      blocks;
  PetscErrorCode ierr = PetscObjectTypeCompareAny((PetscObject)mat, &blocks, MATSEQBAIJ, MATMPIBAIJ, "");

  if (!ierr && blocks) ierr = MatGetBlockSize(mat, &bs);
  if (!ierr) ierr = MatGetOwnershipRange(mat, &first, &end);
  for (; !ierr && first < end; first += bs) {
    ierr = MatGetRow(mat, first, &n, NULL, NULL);
    mine += (PetscReal)(n / bs) * (PetscReal)(n / bs);
    if (!ierr) ierr = MatRestoreRow(mat, first, &n, NULL, NULL);
  }
  if (!ierr) ierr = MatGetSize(mat, &rows, &columns);
  if (!ierr && rows != columns) ierr = PetscRsError("MatColoringApply", __FILE__, PETSC_ERR_SUP, "the coloring id requires a square matrix");
  if (ierr) return ierr;
  if (MPI_Allreduce(&mine, &sum, 1, MPIU_REAL, MPIU_SUM, PetscObjectComm((PetscObject)mat))) return PetscRsError("MatColoringApply", __FILE__, PETSC_ERR_LIB, "MPI_Allreduce failed");
  if (sum >= (PetscReal)(columns / bs) && sum < (PetscReal)PETSC_MAX_INT) return ierr;
  return PetscRsError("MatColoringApply", __FILE__, PETSC_ERR_SUP, "the coloring id requires about one entry in each column, and fewer than 2^31 pairs of entries in a row");
}
