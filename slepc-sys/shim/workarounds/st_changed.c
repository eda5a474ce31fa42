#define ST_CHANGED(X, solver) ((solver)->state == X##_STATE_SETUP && (solver)->st && (solver)->st->state == ST_STATE_INITIAL)

/* A solver that was set up does not detect that its transformation has changed. */
PetscErrorCode PetscRsEPSIsStale(EPS eps, PetscBool *flag)
{
  *flag = ST_CHANGED(EPS, eps) ? PETSC_TRUE : PETSC_FALSE;
  return OK;
}

/* Nor that the eigensolver inside has got another transformation, which has no operators. */
PetscErrorCode PetscRsPEPIsStale(PEP pep, PetscBool *flag)
{
  *flag = ST_CHANGED(PEP, pep) ? PETSC_TRUE : PETSC_FALSE;
  if (pep->state == PEP_STATE_SETUP) {
    EPS      inner;
    ST       st;
    PetscInt n = 1;
    CALL(PEPInner(pep, &inner));
    if (inner) CALL(EPSGetST(inner, &st));
    if (inner) CALL(STGetNumMatrices(st, &n));
    if (!n) {
      *flag = PETSC_TRUE;
      CALL(PEPMend(pep));
    }
  }
  return OK;
}

/* These classes have no transformation. */
PetscErrorCode PetscRsSVDIsStale(SVD svd, PetscBool *flag)
{
  (void)svd;
  *flag = PETSC_FALSE;
  return OK;
}

PetscErrorCode PetscRsNEPIsStale(NEP nep, PetscBool *flag)
{
  (void)nep;
  *flag = PETSC_FALSE;
  return OK;
}
