/* Upstream: MatCholeskyFactorNumeric_SeqAIJ(), src/mat/impls/aij/seq/aijfact.c; MatPivotCheck_pd()
   Releases: 3.18 - 3.26
   Fault: the largest shift that is tried for a positive definite factor, as in PCICC, is computed from whole rows, but
     the factorization reads one triangle only. If the matrix is not symmetric, this shift can be too small, and the
     search for a shift does not end.
   Workaround: if a shift is necessary and the matrix is not symmetric, the shim tries the same shifts, and then larger
     ones.
   Test: unchecked::a_definite_factor_of_a_matrix_that_is_not_symmetric
   Patch: petsc/mat_shift_definite.patch */
#define PETSC_RS_CHOLESKY "petsc-rs.mat.cholesky"
#define PETSC_RS_SYMBOLIC "petsc-rs.mat.cholesky-symbolic"
#define PETSC_RS_ICC      "petsc-rs.mat.icc-symbolic"
typedef PetscErrorCode (*PetscRsCholeskyNumericFunction)(Mat, Mat, const MatFactorInfo *);
typedef PetscErrorCode (*PetscRsCholeskySymbolicFunction)(Mat, Mat, IS, const MatFactorInfo *);

static PetscErrorCode (*PetscRsCholeskyMake)(Mat, MatFactorType, Mat *);

/* The shift that makes all rows diagonally dominant, and the largest sum of the absolute values of a row. */
static PetscErrorCode PetscRsShiftTop(Mat a, PetscReal *top, PetscReal *norm)
{
  const PetscInt    *columns;
  const PetscScalar *values;
  PetscInt           rows, n;
  PetscErrorCode     ierr = MatGetLocalSize(a, &rows, NULL);

  *top = *norm = 0.0;
  for (PetscInt i = 0; !ierr && i < rows; i++) {
    PetscReal sum = 0.0, beside = 0.0;

    ierr = MatGetRow(a, i, &n, &columns, &values);
    if (ierr) break;
    for (PetscInt k = 0; k < n; k++) {
      sum += PetscAbsScalar(values[k]);
      beside += columns[k] == i ? -PetscRealPart(values[k]) : PetscAbsScalar(values[k]);
    }
    *norm = PetscIsNanReal(sum) ? sum : PetscMax(*norm, sum);
    *top  = PetscMax(*top, beside);
    ierr  = MatRestoreRow(a, i, &n, &columns, &values);
  }
  return ierr;
}

/* Factors without a shift. Finds out whether all pivots are positive, and larger than a limit. */
static PetscErrorCode PetscRsIsDefinite(Mat factor, Mat a, const MatFactorInfo *info, PetscReal limit, PetscBool *definite)
{
  PetscRsCholeskyNumericFunction numeric = NULL;
  MatFactorInfo                  plain   = *info;
  const PetscBool                raises  = a->erroriffailure;
  PetscInt                       positive;
  PetscErrorCode                 ierr = PetscObjectQueryFunction((PetscObject)factor, PETSC_RS_CHOLESKY, &numeric);

  if (ierr) return ierr;
  plain.shifttype         = (PetscReal)MAT_SHIFT_NONE;
  plain.zeropivot         = limit;
  factor->factorerrortype = MAT_FACTOR_NOERROR;
  a->erroriffailure       = PETSC_FALSE;
  ierr                    = numeric(factor, a, &plain);
  a->erroriffailure       = raises;
  if (!ierr) ierr = MatGetInertia(factor, NULL, NULL, &positive);
  if (ierr) return ierr;
  *definite               = factor->factorerrortype == MAT_FACTOR_NOERROR && positive == a->rmap->n ? PETSC_TRUE : PETSC_FALSE;
  factor->factorerrortype = MAT_FACTOR_NOERROR;
  return ierr;
}

static PetscErrorCode PetscRsCholeskyShifted(Mat factor, Mat a, const MatFactorInfo *info)
{
  static const PetscReal         fractions[] = {0.5, 0.75, 0.875, 0.9375, 0.96875, 1.0};
  PetscRsCholeskyNumericFunction numeric     = NULL;
  PetscBool                      definite, symmetric = PETSC_FALSE, known = PETSC_FALSE;
  PetscReal                      top, norm;
  Mat                            b    = NULL;
  PetscErrorCode                 ierr = PetscObjectQueryFunction((PetscObject)factor, PETSC_RS_CHOLESKY, &numeric), end;

  if (!ierr) ierr = MatIsSymmetricKnown(a, &known, &symmetric);
  if (ierr) return ierr;
  if (info->shifttype != (PetscReal)MAT_SHIFT_POSITIVE_DEFINITE || (known && symmetric)) return numeric(factor, a, info);
  ierr = PetscRsShiftTop(a, &top, &norm);
  if (ierr) return ierr;
  /* Pivots that are not numbers are not shifted. */
  if (PetscIsNanReal(norm)) return numeric(factor, a, info);
  ierr = PetscRsIsDefinite(factor, a, info, info->zeropivot * norm, &definite);
  if (ierr || definite) return ierr;
  ierr = MatIsSymmetric(a, 0.0, &symmetric);
  if (ierr) return ierr;
  if (symmetric && !PetscIsInfReal(norm)) return numeric(factor, a, info);
  ierr = MatDuplicate(a, MAT_COPY_VALUES, &b);
  top = 1.1 * PetscMax(top, info->zeropivot);
  for (int i = 0; !ierr && !definite; i++) {
    const PetscReal shift = i < 6 ? fractions[i] * top : (top *= 2.0);

    if (PetscIsInfReal(shift)) ierr = PetscRsError("MatCholeskyFactorNumeric", __FILE__, PETSC_ERR_FP, "no shift makes the matrix positive definite");
    if (!ierr) ierr = MatCopy(a, b, SAME_NONZERO_PATTERN);
    if (!ierr) ierr = MatShift(b, shift);
    if (!ierr) ierr = PetscRsIsDefinite(factor, b, info, info->zeropivot * norm, &definite);
  }
  end = MatDestroy(&b);
  return ierr ? ierr : end;
}

static PetscErrorCode PetscRsCholeskyFound(Mat factor, Mat a, IS order, const MatFactorInfo *info, const char *name)
{
  PetscRsCholeskySymbolicFunction symbolic = NULL;
  PetscErrorCode                  ierr     = PetscObjectQueryFunction((PetscObject)factor, name, &symbolic);

  if (!ierr) ierr = symbolic(factor, a, order, info);
  if (ierr || factor->ops->choleskyfactornumeric == PetscRsCholeskyShifted) return ierr;
  ierr                               = PetscObjectComposeFunction((PetscObject)factor, PETSC_RS_CHOLESKY, factor->ops->choleskyfactornumeric);
  factor->ops->choleskyfactornumeric = PetscRsCholeskyShifted;
  return ierr;
}

static PetscErrorCode PetscRsCholeskyPlan(Mat factor, Mat a, IS order, const MatFactorInfo *info)
{
  return PetscRsCholeskyFound(factor, a, order, info, PETSC_RS_SYMBOLIC);
}

static PetscErrorCode PetscRsICCPlan(Mat factor, Mat a, IS order, const MatFactorInfo *info)
{
  return PetscRsCholeskyFound(factor, a, order, info, PETSC_RS_ICC);
}

static PetscErrorCode PetscRsCholeskyFactor(Mat a, MatFactorType type, Mat *factor)
{
  PetscErrorCode ierr = PetscRsCholeskyMake(a, type, factor);

  if (!ierr) ierr = PetscObjectComposeFunction((PetscObject)*factor, PETSC_RS_SYMBOLIC, (*factor)->ops->choleskyfactorsymbolic);
  if (!ierr) ierr = PetscObjectComposeFunction((PetscObject)*factor, PETSC_RS_ICC, (*factor)->ops->iccfactorsymbolic);
  if (ierr) return ierr;
  (*factor)->ops->choleskyfactorsymbolic = PetscRsCholeskyPlan;
  (*factor)->ops->iccfactorsymbolic      = PetscRsICCPlan;
  return ierr;
}
