PetscErrorCode PetscRsEPSSetTarget(EPS eps, const PetscScalar *target) { return EPSSetTarget(eps, *target); }
PetscErrorCode PetscRsPEPSetTarget(PEP pep, const PetscScalar *target) { return PEPSetTarget(pep, *target); }
PetscErrorCode PetscRsNEPSetTarget(NEP nep, const PetscScalar *target) { return NEPSetTarget(nep, *target); }
PetscErrorCode PetscRsSTSetShift(ST st, const PetscScalar *shift) { return STSetShift(st, *shift); }
PetscErrorCode PetscRsSTSetDefaultShift(ST st, const PetscScalar *shift) { return STSetDefaultShift(st, *shift); }
PetscErrorCode PetscRsSTCayleySetAntishift(ST st, const PetscScalar *nu) { return STCayleySetAntishift(st, *nu); }

PetscErrorCode PetscRsFNSetScale(FN fn, const PetscScalar *alpha, const PetscScalar *beta) { return FNSetScale(fn, *alpha, *beta); }
PetscErrorCode PetscRsFNEvaluateFunction(FN fn, const PetscScalar *x, PetscScalar *y) { return FNEvaluateFunction(fn, *x, y); }
PetscErrorCode PetscRsFNEvaluateDerivative(FN fn, const PetscScalar *x, PetscScalar *y) { return FNEvaluateDerivative(fn, *x, y); }

PetscErrorCode PetscRsRGEllipseSetParameters(RG rg, const PetscScalar *centre, PetscReal radius, PetscReal scale)
{
  return RGEllipseSetParameters(rg, *centre, radius, scale);
}

PetscErrorCode PetscRsRGRingSetParameters(RG rg, const PetscScalar *centre, PetscReal radius, PetscReal scale, PetscReal start, PetscReal end, PetscReal width)
{
  return RGRingSetParameters(rg, *centre, radius, scale, start, end, width);
}

PetscErrorCode PetscRsBVMult(BV Y, const PetscScalar *alpha, const PetscScalar *beta, BV X, Mat Q) { return BVMult(Y, *alpha, *beta, X, Q); }
PetscErrorCode PetscRsBVMultVec(BV X, const PetscScalar *alpha, const PetscScalar *beta, Vec y, PetscScalar *q) { return BVMultVec(X, *alpha, *beta, y, q); }
PetscErrorCode PetscRsBVMultColumn(BV X, const PetscScalar *alpha, const PetscScalar *beta, PetscInt j, PetscScalar *q)
{
  return BVMultColumn(X, *alpha, *beta, j, q);
}
PetscErrorCode PetscRsBVScale(BV X, const PetscScalar *alpha) { return BVScale(X, *alpha); }
PetscErrorCode PetscRsBVScaleColumn(BV X, PetscInt j, const PetscScalar *alpha) { return BVScaleColumn(X, j, *alpha); }
