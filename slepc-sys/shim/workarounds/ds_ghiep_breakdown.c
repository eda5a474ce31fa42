/* Upstream: DSGHIEPOrthogEigenv(), src/sys/classes/ds/impls/ghiep/invit.c
   Releases: 3.18 - 3.26
   Fault: if the pseudo-orthogonalization discards all vectors, the element before the start of three arrays is read or
     written. A NaN eigenvalue counts as the first of a complex pair, even at the end of the array.
   Workaround: during a solve, the arrays have room before their first element. A breakdown with no vectors left, and
     values that are not finite, are errors.
   Test: attacked::an_indefinite_problem_that_breaks_down
   Patch: slepc/ds_ghiep_breakdown.patch */
#define GHIEP_PAD 4

static PetscErrorCode (*ghiep_create)(DS), (*ghiep_solve[DS_MAX_SOLVE])(DS, PetscScalar *, PetscScalar *);

static PetscBool AreFinite(PetscInt n, const PetscReal *a)
{
  for (PetscInt i = 0; i < n; i++) {
    if (PetscIsInfOrNanReal(a[i])) return PETSC_FALSE;
  }
  return PETSC_TRUE;
}

/* The entries that a solve reads: of a compact problem, the diagonals, the arrow and the signature. */
static PetscErrorCode CheckFinite(DS ds)
{
  PetscScalar *A, *B;
  PetscReal   *T, *D;
  PetscBool    finite = PETSC_TRUE;
  PetscInt     n = ds->n, ld = ds->ld;

  if (ds->compact) {
    CALL(DSGetArrayReal(ds, DS_MAT_T, &T));
    CALL(DSGetArrayReal(ds, DS_MAT_D, &D));
    if (!AreFinite(n, T) || !AreFinite(n - 1, T + ld) || !AreFinite(ds->k - ds->l, T + 2 * ld + ds->l) || !AreFinite(n, D)) finite = PETSC_FALSE;
    CALL(DSRestoreArrayReal(ds, DS_MAT_D, &D));
    CALL(DSRestoreArrayReal(ds, DS_MAT_T, &T));
  } else {
    CALL(DSGetArray(ds, DS_MAT_A, &A));
    CALL(DSGetArray(ds, DS_MAT_B, &B));
    for (PetscInt j = ds->l; j < n; j++) {
      for (PetscInt i = ds->l; i < n; i++) {
        if (PetscIsInfOrNanScalar(A[i + j * ld]) || PetscIsInfOrNanScalar(B[i + j * ld])) finite = PETSC_FALSE;
      }
    }
    CALL(DSRestoreArray(ds, DS_MAT_B, &B));
    CALL(DSRestoreArray(ds, DS_MAT_A, &A));
  }
  if (!finite) SETERRQ(PETSC_COMM_SELF, PETSC_ERR_FP, "the projected indefinite problem contains values that are not finite");
  return OK;
}

/* Gives a matrix a copy of its storage that has room before the first entry. */
static PetscErrorCode Pad(Mat A, PetscScalar **copy)
{
  const PetscScalar *a;
  PetscInt           rows, cols;

  *copy = NULL;
  if (!A) return OK;
  CALL(MatGetSize(A, &rows, &cols));
  CALL(PetscCalloc1(rows * cols + GHIEP_PAD, copy));
  CALL(MatDenseGetArrayRead(A, &a));
  CALL(PetscArraycpy(*copy + GHIEP_PAD, a, rows * cols));
  CALL(MatDenseRestoreArrayRead(A, &a));
  return MatDensePlaceArray(A, *copy + GHIEP_PAD);
}

static PetscErrorCode Unpad(Mat A, PetscScalar **copy)
{
  PetscScalar *a;
  PetscInt     rows, cols;

  if (!*copy) return OK;
  CALL(MatDenseResetArray(A));
  CALL(MatGetSize(A, &rows, &cols));
  CALL(MatDenseGetArray(A, &a));
  CALL(PetscArraycpy(a, *copy + GHIEP_PAD, rows * cols));
  CALL(MatDenseRestoreArray(A, &a));
  return PetscFree(*copy);
}

/* As many as the loop over pairs writes. */
static PetscErrorCode RoomForPairs(DS ds)
{
  if (ds->liwork > 2 * ds->ld) return OK;
  CALL(PetscFree(ds->iwork));
  ds->liwork = 0;
  CALL(PetscMalloc1(2 * ds->ld + 2, &ds->iwork));
  ds->liwork = 2 * ds->ld + 2;
  return OK;
}

static PetscErrorCode GhiepSolve(DS ds, PetscScalar *wr, PetscScalar *wi)
{
  PetscErrorCode ierr;
  PetscScalar   *T, *D, *values, *re, *im;
  PetscInt       n = ds->n;

  CALL(CheckFinite(ds));
  CALL(RoomForPairs(ds));
  CALL(PetscCalloc1(2 * (n + GHIEP_PAD), &values));
  re = values + GHIEP_PAD;
  im = re + n + GHIEP_PAD;
  CALL(PetscArraycpy(re, wr, n));
  if (wi) CALL(PetscArraycpy(im, wi, n));
  CALL(Pad(ds->omat[DS_MAT_T], &T));
  CALL(Pad(ds->omat[DS_MAT_D], &D));
  ierr = ghiep_solve[ds->method](ds, re, wi ? im : NULL);
  CALL(Unpad(ds->omat[DS_MAT_T], &T));
  CALL(Unpad(ds->omat[DS_MAT_D], &D));
  CALL(PetscArraycpy(wr, re, n));
  if (wi) CALL(PetscArraycpy(wi, im, n));
  CALL(PetscFree(values));
  if (ierr) return ierr;
  if (n && !ds->t) SETERRQ(PETSC_COMM_SELF, PETSC_ERR_CONV_FAILED, "the method for indefinite problems breaks down: no vector of the subspace has a pseudo-norm other than zero");
  return OK;
}

static PetscErrorCode GhiepCreate(DS ds)
{
  CALL(ghiep_create(ds));
  for (int i = 0; i < DS_MAX_SOLVE; i++) {
    ghiep_solve[i] = ds->ops->solve[i];
    if (ds->ops->solve[i]) ds->ops->solve[i] = GhiepSolve;
  }
  return OK;
}

static PetscErrorCode WrapGhiep(void)
{
  PetscErrorCode (*found)(DS) = NULL;
  CALL(DSInitializePackage());
  CALL(PetscFunctionListFind(DSList, DSGHIEP, &found));
  if (!found || found == GhiepCreate) return OK;
  ghiep_create = found;
  return DSRegister(DSGHIEP, GhiepCreate);
}
