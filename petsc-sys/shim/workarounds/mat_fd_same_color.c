/* Upstream: MatFDColoringSetUp_MPIXAIJ(), src/mat/impls/aij/mpi/fdmpiaij.c; before 3.21 also
     MatFDColoringSetUp_SeqXAIJ()
   Releases: 3.18 - 3.26
   Fault: if columns of one color have entries in the same row, all these entries are counted, but only one is stored;
     MatFDColoringSetUp() writes out of bounds, and MatFDColoringApply() writes through uninitialized pointers.
   Workaround: before the setup, the coloring is compared with the nonzero pattern of the matrix. The setup returns an
     error if two columns of one color have entries in the same row.
   Test: unchecked::colors_whose_columns_meet_in_a_row
   Patch: petsc/mat_fd_same_color.patch */
/* The columns of the blocks that this rank has entries in, sorted. */
static PetscErrorCode PetscRsColumnsOf(Mat a, PetscInt bs, PetscInt *n, PetscInt **columns)
{
  PetscInt        first, end, row, width, k, total = 0;
  const PetscInt *places;
  PetscErrorCode  ierr = MatGetOwnershipRange(a, &first, &end);

  for (row = first; !ierr && row < end; row += bs) {
    ierr = MatGetRow(a, row, &width, NULL, NULL);
    total += width;
    if (!ierr) ierr = MatRestoreRow(a, row, &width, NULL, NULL);
  }
  if (!ierr) ierr = PetscMalloc1(total, columns);
  *n = 0;
  for (row = first; !ierr && row < end; row += bs) {
    ierr = MatGetRow(a, row, &width, &places, NULL);
    for (k = 0; !ierr && k < width; k++) (*columns)[(*n)++] = places[k] / bs;
    if (!ierr) ierr = MatRestoreRow(a, row, &width, &places, NULL);
  }
  return ierr ? ierr : PetscSortRemoveDupsInt(n, *columns);
}

/* The colors of these columns, as the ranks have them that own the columns. */
static PetscErrorCode PetscRsColorsOf(Mat a, ISColoring colors, PetscInt n, const PetscInt columns[], PetscScalar theirs[])
{
  const ISColoringValue *own;
  PetscScalar           *values;
  PetscInt               here, count, k;
  Vec                    x = NULL, y = NULL;
  IS                     set = NULL;
  VecScatter             scatter = NULL;
  PetscErrorCode         ierr    = ISColoringGetColors(colors, &here, &count, &own);

  if (!ierr) ierr = VecCreateMPI(PetscObjectComm((PetscObject)a), here, PETSC_DETERMINE, &x);
  if (!ierr) ierr = VecGetArray(x, &values);
  for (k = 0; !ierr && k < here; k++) values[k] = own[k];
  if (!ierr) ierr = VecRestoreArray(x, &values);
  if (!ierr) ierr = VecCreateSeqWithArray(PETSC_COMM_SELF, 1, n, theirs, &y);
  if (!ierr) ierr = ISCreateGeneral(PETSC_COMM_SELF, n, columns, PETSC_COPY_VALUES, &set);
  if (!ierr) ierr = VecScatterCreate(x, set, y, NULL, &scatter);
  if (!ierr) ierr = VecScatterBegin(scatter, x, y, INSERT_VALUES, SCATTER_FORWARD);
  if (!ierr) ierr = VecScatterEnd(scatter, x, y, INSERT_VALUES, SCATTER_FORWARD);
  if (!ierr) ierr = VecScatterDestroy(&scatter);
  if (!ierr) ierr = ISDestroy(&set);
  if (!ierr) ierr = VecDestroy(&y);
  return ierr ? ierr : VecDestroy(&x);
}

/* Whether two columns of one color have entries in one row of this rank. */
static PetscErrorCode PetscRsColorsMeet(Mat a, PetscInt bs, PetscInt n, const PetscInt columns[], const PetscScalar colors[], PetscInt count, int *meet)
{
  PetscInt        first, end, row, width, k, at, color, *last = NULL;
  const PetscInt *places;
  PetscErrorCode  ierr = PetscCalloc1(count, &last);

  if (!ierr) ierr = MatGetOwnershipRange(a, &first, &end);
  for (row = first; !ierr && row < end; row += bs) {
    ierr = MatGetRow(a, row, &width, &places, NULL);
    for (k = 0; !ierr && k < width; k++) {
      if (k && places[k] / bs == places[k - 1] / bs) continue;
      ierr  = PetscFindInt(places[k] / bs, n, columns, &at);
      color = (PetscInt)PetscRealPart(colors[at]);
      if (last[color] == row + 1) *meet = 1;
      last[color] = row + 1;
    }
    if (!ierr) ierr = MatRestoreRow(a, row, &width, &places, NULL);
  }
  return ierr ? ierr : PetscFree(last);
}

/* Columns of one color share rows in MATCOLORINGGREEDY and MATCOLORINGJP if the pattern is not symmetric, and in the
   coloring of a DM if the matrix has another pattern than that of the DM. Collective. */
static PetscErrorCode PetscRsColoringCheck(Mat a, ISColoring colors)
{
  PetscInt       n = 0, bs = 1, count = 0, here = 0, own, *columns = NULL;
  PetscScalar   *theirs = NULL;
  PetscBool      rows = PETSC_FALSE, assembled = PETSC_FALSE, blocks = PETSC_FALSE;
  int            mine[2] = {0, 0}, any[2];
  ISColoringType type;
  PetscErrorCode ierr = ISColoringGetType(colors, &type);

  if (ierr || type != IS_COLORING_GLOBAL) return ierr;
  ierr = MatHasOperation(a, MATOP_GET_ROW, &rows);
  if (!ierr) ierr = MatAssembled(a, &assembled);
  if (!ierr) ierr = PetscObjectTypeCompareAny((PetscObject)a, &blocks, MATSEQBAIJ, MATMPIBAIJ, "");
  if (ierr || !rows || !assembled) return ierr;
  if (blocks) ierr = MatGetBlockSize(a, &bs);
  if (!ierr) ierr = MatGetLocalSize(a, NULL, &own);
  if (!ierr) ierr = ISColoringGetColors(colors, &here, &count, NULL);
  if (ierr) return ierr;
  mine[0] = here * bs != own;
  if (MPI_Allreduce(mine, any, 1, MPI_INT, MPI_MAX, PetscObjectComm((PetscObject)a))) return PetscRsError("MatFDColoringCreate", __FILE__, PETSC_ERR_LIB, "MPI_Allreduce failed");
  if (any[0]) return PetscRsError("MatFDColoringCreate", __FILE__, PETSC_ERR_ARG_SIZ, "the coloring has another number of columns than the matrix");
  ierr = PetscRsColumnsOf(a, bs, &n, &columns);
  if (!ierr) ierr = PetscMalloc1(n, &theirs);
  if (!ierr) ierr = PetscRsColorsOf(a, colors, n, columns, theirs);
  if (!ierr) ierr = PetscRsColorsMeet(a, bs, n, columns, theirs, count, &mine[1]);
  if (!ierr) ierr = PetscFree(columns);
  if (!ierr) ierr = PetscFree(theirs);
  if (ierr) return ierr;
  if (MPI_Allreduce(mine, any, 2, MPI_INT, MPI_MAX, PetscObjectComm((PetscObject)a))) return PetscRsError("MatFDColoringCreate", __FILE__, PETSC_ERR_LIB, "MPI_Allreduce failed");
  if (!any[1]) return ierr;
  return PetscRsError("MatFDColoringCreate", __FILE__, PETSC_ERR_SUP, "two columns of one color have entries in one row: the coloring is for another pattern, or wants a symmetric one");
}

/* One function for all types on one rank, and one for those that are distributed. */
static PetscErrorCode (*PetscRsFDSetUpOfSeq)(Mat, ISColoring, MatFDColoring), (*PetscRsFDSetUpOfMPI)(Mat, ISColoring, MatFDColoring);

static PetscErrorCode PetscRsFDSetUp(Mat a, ISColoring colors, MatFDColoring differences)
{
  PetscErrorCode ierr = PetscRsColoringCheck(a, colors);

  if (!ierr) ierr = (PetscRsTypeLetter((PetscObject)a) == 's' ? PetscRsFDSetUpOfSeq : PetscRsFDSetUpOfMPI)(a, colors, differences);
  return ierr ? ierr : PetscRsFDRemember(a, differences);
}

/* Colors for this matrix are looked at, also those that SNESComputeJacobianDefaultColor() makes itself, and where its
   values are. */
static void PetscRsFDGuard(Mat a)
{
  if (!a->ops->fdcoloringsetup || a->ops->fdcoloringsetup == PetscRsFDSetUp) return;
  if (PetscRsTypeLetter((PetscObject)a) == 's') PetscRsFDSetUpOfSeq = a->ops->fdcoloringsetup;
  else PetscRsFDSetUpOfMPI = a->ops->fdcoloringsetup;
  a->ops->fdcoloringsetup = PetscRsFDSetUp;
  PetscRsFDWatch(a);
}
