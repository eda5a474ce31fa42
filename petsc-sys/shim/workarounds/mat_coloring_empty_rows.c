/* Upstream: MatGetColumnIJ_SeqAIJ_Inode_Nonsymmetric(), src/mat/impls/aij/seq/inode.c; MINPACKslo(),
     src/mat/color/impls/minpack/slo.c
   Releases: 3.18 - 3.26
   Fault: the first column index of each row is read and used as an index, even if the row has no entries; for empty
     rows at the end, memory beyond the column indices is read. Without columns, the smallest-last ordering reads an
     empty list.
   Workaround: MATCOLORINGSL, MATCOLORINGLF and MATCOLORINGID, which call this function, return an error for AIJ
     matrices with empty rows, and for matrices without rows or columns.
   Test: unchecked::rows_without_entries_have_no_serial_colors, unchecked::empty_matrices_have_no_serial_colors
   Patch: petsc/mat_coloring_empty_rows.patch */
static PetscErrorCode (*PetscRsColorByIncidence)(MatColoring, ISColoring *);

static PetscErrorCode PetscRsColorRows(Mat mat)
{
  PetscInt       first, end, rows, columns, n = 1;
  int            mine = 0, any = 0;
  PetscBool      seq, mpi = PETSC_FALSE;
  PetscErrorCode ierr = PetscObjectBaseTypeCompare((PetscObject)mat, MATSEQAIJ, &seq); /* also that of seqaijperm and others */

  if (!ierr) ierr = PetscObjectBaseTypeCompare((PetscObject)mat, MATMPIAIJ, &mpi);
  if (!ierr) ierr = MatGetSize(mat, &rows, &columns);
  if (!ierr && (!rows || !columns)) return PetscRsError("MatColoringApply", __FILE__, PETSC_ERR_ARG_SIZ, "the colorings sl, lf and id do not support a matrix without rows or columns");
  if (ierr || (!seq && !mpi)) return ierr;
  ierr = MatGetOwnershipRange(mat, &first, &end);
  for (; !ierr && !mine && first < end; first++) {
    ierr = MatGetRow(mat, first, &n, NULL, NULL);
    mine = !n;
    if (!ierr) ierr = MatRestoreRow(mat, first, &n, NULL, NULL);
  }
  if (MPI_Allreduce(&mine, &any, 1, MPI_INT, MPI_MAX, PetscObjectComm((PetscObject)mat))) return PetscRsError("MatColoringApply", __FILE__, PETSC_ERR_LIB, "MPI_Allreduce failed");
  if (ierr || !any) return ierr;
  return PetscRsError("MatColoringApply", __FILE__, PETSC_ERR_SUP, "the colorings sl, lf and id do not support a matrix of type aij with empty rows");
}

static PetscErrorCode (*PetscRsColorSmallestLast)(MatColoring, ISColoring *);
static PetscErrorCode (*PetscRsColorLargestFirst)(MatColoring, ISColoring *);

static PetscErrorCode PetscRsColorSL(MatColoring mc, ISColoring *coloring)
{
  PetscErrorCode ierr = PetscRsColorRows(mc->mat);

  return ierr ? ierr : PetscRsColorSmallestLast(mc, coloring);
}

static PetscErrorCode PetscRsColorLF(MatColoring mc, ISColoring *coloring)
{
  PetscErrorCode ierr = PetscRsColorRows(mc->mat);

  return ierr ? ierr : PetscRsColorLargestFirst(mc, coloring);
}

static PetscErrorCode PetscRsColorID(MatColoring mc, ISColoring *coloring)
{
  PetscBool      rows = PETSC_FALSE;
  PetscErrorCode ierr = PetscRsMatHasOperation(mc->mat, MATOP_GET_ROW, &rows);

  if (!ierr && rows) ierr = PetscRsColorCheck(mc->mat);
  if (!ierr) ierr = PetscRsColorRows(mc->mat);
  return ierr ? ierr : PetscRsColorByIncidence(mc, coloring);
}

PETSC_EXTERN PetscErrorCode MatColoringCreate_SL(MatColoring);
PETSC_EXTERN PetscErrorCode MatColoringCreate_LF(MatColoring);
PETSC_EXTERN PetscErrorCode MatColoringCreate_ID(MatColoring);

static PetscErrorCode PetscRsColoringCreateSL(MatColoring mc)
{
  PetscErrorCode ierr = MatColoringCreate_SL(mc);

  PetscRsColorSmallestLast = mc->ops->apply;
  mc->ops->apply           = PetscRsColorSL;
  return ierr;
}

static PetscErrorCode PetscRsColoringCreateLF(MatColoring mc)
{
  PetscErrorCode ierr = MatColoringCreate_LF(mc);

  PetscRsColorLargestFirst = mc->ops->apply;
  mc->ops->apply           = PetscRsColorLF;
  return ierr;
}

static PetscErrorCode PetscRsColoringCreateID(MatColoring mc)
{
  PetscErrorCode ierr = MatColoringCreate_ID(mc);

  PetscRsColorByIncidence = mc->ops->apply;
  mc->ops->apply          = PetscRsColorID;
  return ierr;
}
