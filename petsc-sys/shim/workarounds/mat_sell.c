static struct _MatOps PetscRsSellOps;

/* Slices are padded with entries in the first column, which the off-diagonal part of a distributed matrix may not
   have. */
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

#if PETSC_VERSION_LT(3, 20, 0)
static PetscErrorCode (*PetscRsSellPreallocate)(Mat, PetscInt, const PetscInt[]);

/* A matrix whose rows do not fill slices of 8 is corrupted when an entry needs more storage. */
static PetscErrorCode PetscRsSellSetValues(Mat mat, PetscInt m, const PetscInt rows[], PetscInt n, const PetscInt columns[], const PetscScalar values[], InsertMode mode)
{
  PetscErrorCode ierr = (PetscErrorCode)0;

  if (mat->rmap->n % 8) ierr = MatSetOption(mat, MAT_NEW_NONZERO_ALLOCATION_ERR, PETSC_TRUE);
  return ierr ? ierr : PetscRsSellOps.setvalues(mat, m, rows, n, columns, values, mode);
}

/* MatDuplicate() does not copy the number of slices. */
static PetscErrorCode PetscRsSellDuplicate(Mat mat, MatDuplicateOption option, Mat *copy)
{
  Mat            rows = NULL;
  PetscErrorCode ierr = MatConvert(mat, MATSEQAIJ, MAT_INITIAL_MATRIX, &rows), end;

  if (!ierr) ierr = MatConvert(rows, MATSEQSELL, MAT_INITIAL_MATRIX, copy);
  if (!ierr && option != MAT_COPY_VALUES) ierr = MatZeroEntries(*copy);
  end = MatDestroy(&rows);
  return ierr ? ierr : end;
}

/* The row lengths are read even if there are no rows. */
static PetscErrorCode PetscRsSellSetPreallocation(Mat mat, PetscInt most, const PetscInt lengths[])
{
  PetscErrorCode ierr = PetscLayoutSetUp(mat->rmap);

  if (ierr) return ierr;
  return PetscRsSellPreallocate(mat, most, mat->rmap->n ? lengths : NULL);
}

static PetscErrorCode PetscRsSellMend(Mat mat)
{
  PetscErrorCode ierr = PetscObjectQueryFunction((PetscObject)mat, "MatSeqSELLSetPreallocation_C", &PetscRsSellPreallocate);

  mat->ops->setvalues = PetscRsSellSetValues;
  mat->ops->duplicate = PetscRsSellDuplicate;
  if (ierr) return ierr;
  return PetscObjectComposeFunction((PetscObject)mat, "MatSeqSELLSetPreallocation_C", PetscRsSellSetPreallocation);
}
#endif

PETSC_EXTERN PetscErrorCode MatCreate_SeqSELL(Mat);

static PetscErrorCode PetscRsSellCreate(Mat mat)
{
  PetscErrorCode ierr = MatCreate_SeqSELL(mat);

  if (ierr) return ierr;
  PetscRsSellOps             = *mat->ops;
  mat->ops->mult             = PetscRsSellMult;
  mat->ops->multadd          = PetscRsSellMultAdd;
  mat->ops->multtranspose    = PetscRsSellMultTranspose;
  mat->ops->multtransposeadd = PetscRsSellMultTransposeAdd;
#if PETSC_VERSION_LT(3, 20, 0)
  ierr = PetscRsSellMend(mat);
#endif
  return ierr;
}
