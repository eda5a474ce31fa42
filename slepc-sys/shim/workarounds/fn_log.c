/* Upstream: FNLogmPade(), pade_approx(), src/sys/classes/fn/impls/log/fnlog.c
   Releases: 3.18 - 3.26
   Fault: for matrices with fewer than seven rows, the workspace is too small for a Padé approximant of degree 7: writes
     are out of bounds. For a singular matrix, or one with infinite or NaN entries, LAPACK receives NaN and returns
     pivots out of range: writes are out of bounds.
   Workaround: small matrices are extended with rows and columns of the identity. Matrices without a logarithm are
   refused.
   Test: attacked::the_logarithm_of_a_small_matrix
   Patch: slepc/fn_log.patch */
static PetscErrorCode (*log_create)(FN), (*log_mat)(FN, Mat, Mat);

/* Also called for the inner function of a combination. */
static PetscErrorCode CheckLogarithm(Mat a)
{
  Mat            copy;
  PetscReal      norm;
  PetscErrorCode ierr;
  CALL(MatNorm(a, NORM_FROBENIUS, &norm));
  if (!(norm < PetscSqrtReal(PETSC_MAX_REAL))) SETERRQ(PETSC_COMM_SELF, PETSC_ERR_FP, "the norm of the matrix is not finite, or too large for a logarithm");
  CALL(MatDuplicate(a, MAT_COPY_VALUES, &copy));
  CALL(PetscPushErrorHandler(PetscReturnErrorHandler, NULL));
  ierr = MatLUFactor(copy, NULL, NULL, NULL);
  CALL(PetscPopErrorHandler());
  CALL(MatDestroy(&copy));
  if (ierr) SETERRQ(PETSC_COMM_SELF, PETSC_ERR_FP, "a singular matrix has no logarithm");
  return OK;
}

/* Copies the leading n x n block. */
static PetscErrorCode CopyBlock(Mat from, Mat to, PetscInt n)
{
  const PetscScalar *x;
  PetscScalar       *y;
  PetscInt           ldx, ldy;
  CALL(MatDenseGetLDA(from, &ldx));
  CALL(MatDenseGetLDA(to, &ldy));
  CALL(MatDenseGetArrayRead(from, &x));
  CALL(MatDenseGetArray(to, &y));
  for (PetscInt j = 0; j < n; j++) CALL(PetscArraycpy(y + j * ldy, x + j * ldx, n));
  CALL(MatDenseRestoreArray(to, &y));
  return MatDenseRestoreArrayRead(from, &x);
}

/* The logarithm of the identity, by which smaller matrices are extended, is zero. */
enum { LOG_ROWS = 8 };

static PetscErrorCode LogMat(FN fn, Mat a, Mat b)
{
  PetscInt n;
  Mat      padded;
  CALL(CheckLogarithm(a));
  CALL(MatGetSize(a, &n, NULL));
  if (n >= LOG_ROWS) return log_mat(fn, a, b);
  CALL(MatCreateSeqDense(PETSC_COMM_SELF, LOG_ROWS, LOG_ROWS, NULL, &padded));
  CALL(MatShift(padded, 1.0));
  CALL(CopyBlock(a, padded, n));
  CALL(log_mat(fn, padded, padded));
  CALL(CopyBlock(padded, b, n));
  return MatDestroy(&padded);
}

static PetscErrorCode LogMatVec(FN fn, Mat a, Vec v)
{
  Mat b;
  CALL(MatDuplicate(a, MAT_DO_NOT_COPY_VALUES, &b));
  CALL(LogMat(fn, a, b));
  CALL(MatGetColumnVector(b, v, 0));
  return MatDestroy(&b);
}

static PetscErrorCode LogCreate(FN fn)
{
  CALL(log_create(fn));
  log_mat                            = fn->ops->evaluatefunctionmat[0];
  fn->ops->evaluatefunctionmat[0]    = LogMat;
  fn->ops->evaluatefunctionmatvec[0] = LogMatVec;
  return OK;
}

static PetscErrorCode WrapLog(void)
{
  PetscErrorCode (*found)(FN) = NULL;
  CALL(PetscFunctionListFind(FNList, FNLOG, &found));
  if (!found || found == LogCreate) return OK;
  log_create = found;
  return FNRegister(FNLOG, LogCreate);
}
