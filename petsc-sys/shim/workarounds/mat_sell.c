/* Upstream: MatSetValues_SeqSELL() (3.18 - 3.19), MatDuplicateNoCreate_SeqSELL() (3.18 - 3.25),
     MatSeqSELLSetPreallocation_SeqSELL(), MatMult_SeqSELL(), MatDiagonalScale_SeqSELL(), MatGetRow_SeqSELL()
     (3.18 - 3.26), src/mat/impls/sell/seq/sell.c
   Releases: 3.18 - 3.26
   Fault: if the number of rows is not a multiple of 8 (the height of a slice), the matrix is corrupted when an entry
     needs more storage. A duplicate does not get the number of slices. Row lengths are read even if there are no rows,
     and vector entries even if there are no columns. The buffer for one row is not enlarged when rows become longer.
     Memory is read and written out of bounds.
   Workaround: it is an error if an entry needs more storage in such a matrix. MatConvert() makes the duplicates. Row
     lengths are ignored if there are no rows. If there are no columns, products are zero, and scaling of columns does
     nothing. The buffer for one row is as long as the number of columns.
   Test: unchecked::slices_are_counted_in_duplicates, unchecked::slices_without_columns_are_scaled,
     unchecked::rows_in_slices_become_longer, unchecked::slices_on_several_ranks_are_converted
   Patch: petsc/mat_sell.patch */
static struct _MatOps PetscRsSellOps;

/* The beginning of the data of a matrix, which is the same in all releases. */
typedef struct {
  PetscBool roworiented;
  PetscInt  nonew, nounused;
  PetscBool singlemalloc;
  PetscInt  maxallocmat, maxallocrow, nz, rlenmax;
} PetscRsSell;

/* The products omit the padding if there is no first column, as in the off-diagonal part of a matrix on several ranks. */
static PetscErrorCode PetscRsSellMultAdd(Mat mat, Vec x, Vec y, Vec z)
{
  return mat->cmap->n ? PetscRsSellOps.multadd(mat, x, y, z) : VecCopy(y, z);
}

static PetscErrorCode PetscRsSellMult(Mat mat, Vec x, Vec y)
{
  return mat->cmap->n ? PetscRsSellOps.mult(mat, x, y) : VecZeroEntries(y);
}

static PetscErrorCode PetscRsSellMultTransposeAdd(Mat mat, Vec x, Vec y, Vec z)
{
  return mat->cmap->n ? PetscRsSellOps.multtransposeadd(mat, x, y, z) : VecCopy(y, z);
}

static PetscErrorCode PetscRsSellMultTranspose(Mat mat, Vec x, Vec y)
{
  return mat->cmap->n ? PetscRsSellOps.multtranspose(mat, x, y) : VecZeroEntries(y);
}

static PetscErrorCode PetscRsSellDiagonalScale(Mat mat, Vec l, Vec r)
{
  return PetscRsSellOps.diagonalscale(mat, l, mat->cmap->n ? r : NULL);
}

#if PETSC_VERSION_LT(3, 20, 0)
static PetscErrorCode PetscRsSellSetValues(Mat mat, PetscInt m, const PetscInt rows[], PetscInt n, const PetscInt columns[], const PetscScalar values[], InsertMode mode)
{
  PetscRsSell   *a     = (PetscRsSell *)mat->data;
  const PetscInt nonew = a->nonew;
  PetscErrorCode ierr;

  /* As MAT_NEW_NONZERO_ALLOCATION_ERR, for this call only: MatAssemblyEnd_MPISELL() communicates unless nonew is set, which
     must be the same on all ranks. */
  if (mat->rmap->n % 8 && !nonew) a->nonew = -2;
  ierr     = PetscRsSellOps.setvalues(mat, m, rows, n, columns, values, mode);
  a->nonew = nonew;
  return ierr;
}
#endif

#if PETSC_VERSION_LT(3, 26, 0)
static PetscErrorCode PetscRsSellDuplicate(Mat mat, MatDuplicateOption option, Mat *copy)
{
  Mat            rows = NULL;
  PetscErrorCode ierr = MatConvert(mat, MATSEQAIJ, MAT_INITIAL_MATRIX, &rows), end;

  if (!ierr) ierr = MatConvert(rows, MATSEQSELL, MAT_INITIAL_MATRIX, copy);
  if (!ierr && option != MAT_COPY_VALUES) ierr = MatZeroEntries(*copy);
  end = MatDestroy(&rows);
  return ierr ? ierr : end;
}
#endif

/* The first call creates memory for the longest row. */
static PetscErrorCode PetscRsSellRow(Mat mat, PetscInt row, PetscInt *n, PetscInt **columns, PetscScalar **values)
{
  PetscRsSell   *a       = (PetscRsSell *)mat->data;
  const PetscInt longest = a->rlenmax;
  PetscErrorCode ierr    = PetscRsRowCheck(mat);

  if (ierr) return ierr;
  a->rlenmax = PetscMax(longest, mat->cmap->n);
  ierr       = PetscRsSellOps.getrow(mat, row, n, columns, values);
  a->rlenmax = longest;
  return ierr;
}

/* The conversion calls the function of PETSc itself, which finds the memory of ours. */
static PetscErrorCode (*PetscRsSellToAIJ)(Mat, MatType, MatReuse, Mat *);

static PetscErrorCode PetscRsSellConvert(Mat mat, MatType type, MatReuse reuse, Mat *rows)
{
  PetscErrorCode ierr = mat->rmap->n ? PetscRsSellRow(mat, 0, NULL, NULL, NULL) : (PetscErrorCode)0;

  return ierr ? ierr : PetscRsSellToAIJ(mat, type, reuse, rows);
}

static PetscErrorCode (*PetscRsSellPreallocate)(Mat, PetscInt, const PetscInt[]);

static PetscErrorCode PetscRsSellSetPreallocation(Mat mat, PetscInt most, const PetscInt lengths[])
{
  PetscErrorCode ierr = PetscLayoutSetUp(mat->rmap);

  if (ierr) return ierr;
  return PetscRsSellPreallocate(mat, most, mat->rmap->n ? lengths : NULL);
}

PETSC_EXTERN PetscErrorCode MatCreate_SeqSELL(Mat);

static PetscErrorCode PetscRsSellCreate(Mat mat)
{
  PetscErrorCode ierr = MatCreate_SeqSELL(mat);

  if (ierr) return ierr;
  PetscRsSellOps             = *mat->ops;
  mat->ops->getrow           = PetscRsSellRow;
  mat->ops->mult             = PetscRsSellMult;
  mat->ops->multadd          = PetscRsSellMultAdd;
  mat->ops->multtranspose    = PetscRsSellMultTranspose;
  mat->ops->multtransposeadd = PetscRsSellMultTransposeAdd;
  mat->ops->diagonalscale    = PetscRsSellDiagonalScale;
#if PETSC_VERSION_LT(3, 20, 0)
  mat->ops->setvalues = PetscRsSellSetValues;
#endif
#if PETSC_VERSION_LT(3, 26, 0)
  mat->ops->duplicate = PetscRsSellDuplicate;
#endif
  ierr = PetscObjectQueryFunction((PetscObject)mat, "MatSeqSELLSetPreallocation_C", &PetscRsSellPreallocate);
  if (!ierr) ierr = PetscObjectComposeFunction((PetscObject)mat, "MatSeqSELLSetPreallocation_C", PetscRsSellSetPreallocation);
  if (!ierr) ierr = PetscObjectQueryFunction((PetscObject)mat, "MatConvert_seqsell_seqaij_C", &PetscRsSellToAIJ);
  return ierr ? ierr : PetscObjectComposeFunction((PetscObject)mat, "MatConvert_seqsell_seqaij_C", PetscRsSellConvert);
}
