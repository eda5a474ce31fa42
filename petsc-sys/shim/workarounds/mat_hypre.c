/* Upstream: MatGetRow_HYPRE() (3.18 - 3.26), MatGetDiagonal_HYPRE(), MatConvert_HYPRE_AIJ() (3.18 - 3.19),
     src/mat/impls/hypre/mhypre.c
   Releases: 3.18 - 3.26
   Fault: hypre lends only one row at a time. If a second row is requested, the error is not detected: the number of
     entries and the pointers are not initialized. The first entry of each row is used as its diagonal entry, even if
     the row has no entries. A conversion in place takes over the array of values. If the values were set by
     coordinates, another matrix owns this array, and it is freed twice.
   Workaround: it is an error to read a row while petsc-rs lends another row, and to read the diagonal of a matrix that
     does not store it. A conversion in place copies the values.
   Test: unchecked::hypre_lends_one_row, unchecked::hypre_is_converted_in_place_after_coordinates
   Patch: petsc/mat_hypre.patch */
static PetscErrorCode (*PetscRsMakeHypre)(Mat);
static PetscErrorCode (*PetscRsHypreRow)(Mat, PetscInt, PetscInt *, PetscInt **, PetscScalar **);

/* A function that failed may have left a row, which nobody reads any more. */
static PetscErrorCode PetscRsHypreOneRow(Mat mat, PetscInt row, PetscInt *n, PetscInt **columns, PetscScalar **values)
{
  static PetscInt unread;
  PetscInt       *read   = &unread; /* hypre sets this if it lends the row, if only to NULL */
  PetscInt        length = 0;
  PetscErrorCode  ierr   = PetscRsRowCheck(mat);

  for (int i = 0; !ierr && i < 2 && read == &unread; i++) {
    if (i) ierr = mat->ops->restorerow(mat, row, NULL, NULL, NULL);
    if (!ierr) ierr = PetscRsHypreRow(mat, row, &length, &read, values);
  }
  if (!ierr && read == &unread) ierr = PetscRsError("MatGetRow", __FILE__, PETSC_ERR_LIB, "hypre does not lend the row");
  if (ierr) return ierr;
  if (n) *n = length;
  if (columns) *columns = read;
  return ierr;
}

#if PETSC_VERSION_LT(3, 20, 0)
static PetscErrorCode (*PetscRsHypreDiagonal)(Mat, Vec);

static PetscErrorCode PetscRsHypreStoredDiagonal(Mat mat, Vec diagonal)
{
  PetscBool      missing = PETSC_FALSE;
  PetscErrorCode ierr    = mat->rmap->n ? MatMissingDiagonal(mat, &missing, NULL) : (PetscErrorCode)0;

  if (!ierr && missing) ierr = PetscRsError("MatGetDiagonal", __FILE__, PETSC_ERR_SUP, "a matrix of type hypre has no diagonal unless all its entries are stored");
  if (ierr || !mat->rmap->n) return ierr;
  return PetscRsHypreDiagonal(mat, diagonal);
}

static PetscErrorCode (*PetscRsHypreToAIJ)(Mat, MatType, MatReuse, Mat *);

static PetscErrorCode PetscRsHypreCopyToAIJ(Mat mat, MatType type, MatReuse reuse, Mat *rows)
{
  Mat            copy = NULL;
  PetscErrorCode ierr;

  if (reuse != MAT_INPLACE_MATRIX) return PetscRsHypreToAIJ(mat, type, reuse, rows);
  ierr = PetscRsHypreToAIJ(mat, type, MAT_INITIAL_MATRIX, &copy);
  return ierr ? ierr : MatHeaderReplace(mat, &copy);
}
#endif

static PetscErrorCode (*PetscRsHypreDestroy)(Mat);

static PetscErrorCode PetscRsHypreForgetAndDestroy(Mat mat)
{
  PetscRsForgetLibraryError();
  return PetscRsHypreDestroy(mat);
}

static PetscErrorCode PetscRsCreateHypre(Mat mat)
{
  PetscErrorCode ierr = PetscRsMakeHypre(mat);

  if (ierr) return ierr;
  PetscRsHypreRow  = mat->ops->getrow;
  mat->ops->getrow = PetscRsHypreOneRow;

  PetscRsHypreDestroy = mat->ops->destroy;
  mat->ops->destroy   = PetscRsHypreForgetAndDestroy;
#if PETSC_VERSION_LT(3, 20, 0)
  PetscRsHypreDiagonal  = mat->ops->getdiagonal;
  mat->ops->getdiagonal = PetscRsHypreStoredDiagonal;

  ierr = PetscObjectQueryFunction((PetscObject)mat, "MatConvert_hypre_aij_C", &PetscRsHypreToAIJ);
  if (!ierr) ierr = PetscObjectComposeFunction((PetscObject)mat, "MatConvert_hypre_aij_C", PetscRsHypreCopyToAIJ);
#endif
  return ierr;
}
