PetscErrorCode PetscRsVecSet(Vec x, const PetscScalar *a) { return VecSet(x, *a); }
PetscErrorCode PetscRsVecScale(Vec x, const PetscScalar *a) { return VecScale(x, *a); }
PetscErrorCode PetscRsVecShift(Vec x, const PetscScalar *a) { return VecShift(x, *a); }
PetscErrorCode PetscRsVecPow(Vec x, const PetscScalar *a) { return VecPow(x, *a); }
PetscErrorCode PetscRsVecAXPY(Vec y, const PetscScalar *a, Vec x) { return VecAXPY(y, *a, x); }
PetscErrorCode PetscRsVecAYPX(Vec y, const PetscScalar *a, Vec x) { return VecAYPX(y, *a, x); }
PetscErrorCode PetscRsVecAXPBY(Vec y, const PetscScalar *a, const PetscScalar *b, Vec x) { return VecAXPBY(y, *a, *b, x); }
PetscErrorCode PetscRsVecAXPBYPCZ(Vec z, const PetscScalar *a, const PetscScalar *b, const PetscScalar *c, Vec x, Vec y) { return VecAXPBYPCZ(z, *a, *b, *c, x, y); }
PetscErrorCode PetscRsVecWAXPY(Vec w, const PetscScalar *a, Vec x, Vec y) { return VecWAXPY(w, *a, x, y); }
PetscErrorCode PetscRsVecStrideScale(Vec x, PetscInt start, const PetscScalar *a) { return VecStrideScale(x, start, *a); }
PetscErrorCode PetscRsVecStrideSet(Vec x, PetscInt start, const PetscScalar *a) { return VecStrideSet(x, start, *a); }
PetscErrorCode PetscRsVecISAXPY(Vec y, IS is, const PetscScalar *a, Vec x) { return VecISAXPY(y, is, *a, x); }
PetscErrorCode PetscRsVecISSet(Vec x, IS is, const PetscScalar *a) { return VecISSet(x, is, *a); }
PetscErrorCode PetscRsMatAXPY(Mat y, const PetscScalar *a, Mat x, MatStructure s)
{
  const PetscErrorCode ierr = MatAXPY(y, *a, x, s);

  return ierr ? ierr : PetscRsMatFindInodes(y);
}

PetscErrorCode PetscRsMatAYPX(Mat y, const PetscScalar *a, Mat x, MatStructure s)
{
  const PetscErrorCode ierr = MatAYPX(y, *a, x, s);

  return ierr ? ierr : PetscRsMatFindInodes(y);
}

PetscErrorCode PetscRsMatScale(Mat m, const PetscScalar *a) { return MatScale(m, *a); }
PetscErrorCode PetscRsMatShift(Mat m, const PetscScalar *a) { return MatShift(m, *a); }
PetscErrorCode PetscRsMatZeroRows(Mat m, PetscInt n, const PetscInt *rows, const PetscScalar *diag, Vec x, Vec b) { return MatZeroRows(m, n, rows, *diag, x, b); }
PetscErrorCode PetscRsMatZeroRowsIS(Mat m, IS rows, const PetscScalar *diag, Vec x, Vec b) { return MatZeroRowsIS(m, rows, *diag, x, b); }
PetscErrorCode PetscRsMatZeroRowsLocal(Mat m, PetscInt n, const PetscInt *rows, const PetscScalar *diag, Vec x, Vec b) { return MatZeroRowsLocal(m, n, rows, *diag, x, b); }
PetscErrorCode PetscRsMatZeroRowsStencil(Mat m, PetscInt n, const MatStencil *rows, const PetscScalar *diag, Vec x, Vec b) { return MatZeroRowsStencil(m, n, rows, *diag, x, b); }
PetscErrorCode PetscRsMatZeroRowsColumns(Mat m, PetscInt n, const PetscInt *rows, const PetscScalar *diag, Vec x, Vec b) { return MatZeroRowsColumns(m, n, rows, *diag, x, b); }
PetscErrorCode PetscRsMatZeroRowsColumnsIS(Mat m, IS rows, const PetscScalar *diag, Vec x, Vec b) { return MatZeroRowsColumnsIS(m, rows, *diag, x, b); }
PetscErrorCode PetscRsMatZeroRowsColumnsLocal(Mat m, PetscInt n, const PetscInt *rows, const PetscScalar *diag, Vec x, Vec b) { return MatZeroRowsColumnsLocal(m, n, rows, *diag, x, b); }
PetscErrorCode PetscRsMatZeroRowsColumnsStencil(Mat m, PetscInt n, const MatStencil *rows, const PetscScalar *diag, Vec x, Vec b) { return MatZeroRowsColumnsStencil(m, n, rows, *diag, x, b); }
PetscErrorCode PetscRsMatCreateConstantDiagonal(MPI_Comm comm, PetscInt m, PetscInt n, PetscInt M, PetscInt N, const PetscScalar *diag, Mat *out) { return MatCreateConstantDiagonal(comm, m, n, M, N, *diag, out); }
PetscErrorCode PetscRsPetscRandomSetInterval(PetscRandom r, const PetscScalar *low, const PetscScalar *high) { return PetscRandomSetInterval(r, *low, *high); }
PetscErrorCode PetscRsPCFieldSplitSetSchurScale(PC pc, const PetscScalar *scale) { return PCFieldSplitSetSchurScale(pc, *scale); }
PetscErrorCode PetscRsKSPPIPEFGMRESSetShift(KSP ksp, const PetscScalar *shift) { return KSPPIPEFGMRESSetShift(ksp, *shift); }
PetscErrorCode PetscRsPCCompositeSpecialSetAlpha(PC pc, const PetscScalar *alpha) { return PCCompositeSpecialSetAlpha(pc, *alpha); }
