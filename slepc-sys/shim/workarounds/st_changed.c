/* Upstream: EPSSetUp(), PEPSetUp(), EPSSetST(), src/eps/interface/epssetup.c, src/pep/interface/pepsetup.c
   Releases: 3.18 - 3.26
   Fault: a solver that is set up is not set up again if its ST was changed in between, or if the inner eigensolver
   of a PEP got an ST without operators: NULL is dereferenced in the solve.
   Workaround: these states are detected before a setup, and the operators are set again.
   Test: attacked::another_transformation_after_a_set_up, attacked::another_transformation_inside_after_a_set_up
   Patch: slepc/st_changed.patch */
#define ST_CHANGED(X, solver) ((solver)->state == X##_STATE_SETUP && (solver)->st && (solver)->st->state == ST_STATE_INITIAL)

PetscErrorCode PetscRsEPSIsStale(EPS eps, PetscBool *flag)
{
  *flag = ST_CHANGED(EPS, eps) ? PETSC_TRUE : PETSC_FALSE;
  return OK;
}

/* Also checks the inner eigensolver, which may have got an ST without operators. */
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
