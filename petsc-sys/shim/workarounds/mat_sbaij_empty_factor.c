/* Upstream: MatCholeskyFactorNumeric_SeqSBAIJ_N() and the other numeric factorizations of MATSEQSBAIJ,
     src/mat/impls/sbaij/seq/sbaijfact*.c
   Releases: 3.18 - 3.26
   Fault: an array has one element for each row, and its first element is set; NULL is dereferenced if there are no
     rows.
   Workaround: for a matrix without rows, the numeric factorization and the solve do nothing.
   Test: unchecked::a_block_matrix_without_rows_has_a_symmetric_factor
   Patch: petsc/mat_sbaij_empty_factor.patch */
static PetscErrorCode PetscRsSolveNothing(Mat factor, Vec b, Vec x)
{
  (void)factor;
  (void)b;
  return PetscObjectStateIncrease((PetscObject)x);
}

static PetscErrorCode PetscRsFactorNothing(Mat factor, Mat mat, const MatFactorInfo *info)
{
  (void)mat;
  (void)info;
  factor->ops->solve          = PetscRsSolveNothing;
  factor->ops->solvetranspose = PetscRsSolveNothing;
  factor->ops->forwardsolve   = PetscRsSolveNothing;
  factor->ops->backwardsolve  = PetscRsSolveNothing;
  factor->assembled           = PETSC_TRUE;
  factor->preallocated        = PETSC_TRUE;
  return (PetscErrorCode)0;
}

/* The symbolic factorizations, which choose the function above if there are no rows. */
static PetscErrorCode (*PetscRsFactorSBAIJ)(Mat, MatFactorType, Mat *);
static PetscErrorCode (*PetscRsCholeskySymbolic)(Mat, Mat, IS, const MatFactorInfo *);
static PetscErrorCode (*PetscRsICCSymbolic)(Mat, Mat, IS, const MatFactorInfo *);

static PetscErrorCode PetscRsCholeskySymbolicOfNothing(Mat factor, Mat mat, IS rows, const MatFactorInfo *info)
{
  PetscErrorCode ierr = PetscRsCholeskySymbolic(factor, mat, rows, info);

  if (!ierr) factor->ops->choleskyfactornumeric = PetscRsFactorNothing;
  return ierr;
}

static PetscErrorCode PetscRsICCSymbolicOfNothing(Mat factor, Mat mat, IS rows, const MatFactorInfo *info)
{
  PetscErrorCode ierr = PetscRsICCSymbolic(factor, mat, rows, info);

  if (!ierr) factor->ops->choleskyfactornumeric = PetscRsFactorNothing;
  return ierr;
}

static PetscErrorCode PetscRsFactorOrNothing(Mat mat, MatFactorType type, Mat *factor)
{
  PetscErrorCode ierr = PetscRsFactorSBAIJ(mat, type, factor);

  if (ierr || mat->rmap->n) return ierr;
  PetscRsCholeskySymbolic                = (*factor)->ops->choleskyfactorsymbolic;
  PetscRsICCSymbolic                     = (*factor)->ops->iccfactorsymbolic;
  (*factor)->ops->choleskyfactorsymbolic = PetscRsCholeskySymbolicOfNothing;
  (*factor)->ops->iccfactorsymbolic      = PetscRsICCSymbolicOfNothing;
  return ierr;
}

/* In place. */
static PetscErrorCode (*PetscRsICCInPlace)(Mat, IS, const MatFactorInfo *);

static PetscErrorCode PetscRsICCInPlaceOrNothing(Mat mat, IS rows, const MatFactorInfo *info)
{
  if (mat->rmap->n) return PetscRsICCInPlace(mat, rows, info);
  mat->factortype = MAT_FACTOR_ICC;
  return PetscRsFactorNothing(mat, mat, info);
}
