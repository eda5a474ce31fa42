/* Upstream: EPSSetUp(), PEPSetUp(), SVDSetUp(), EPSSetST(), src/eps/interface/epssetup.c,
   src/pep/interface/pepsetup.c, src/svd/interface/svdsetup.c
   Releases: 3.18 - 3.26
   Fault: a solver is not set up again in two cases: its ST was changed after its setup; or the inner eigensolver of a
     PEP or SVD got a changed ST, or one without operators. NULL is dereferenced in the solve.
   Workaround: these cases are detected before a setup, and the operators are set again.
   Test: attacked::another_transformation_after_a_set_up, attacked::another_transformation_inside_after_a_set_up
   Patch: slepc/st_changed.patch */
#define ST_CHANGED(X, solver) ((solver)->state == X##_STATE_SETUP && (solver)->st && (solver)->st->state == ST_STATE_INITIAL)

PetscErrorCode PetscRsEPSIsStale(EPS eps, PetscBool *flag)
{
  *flag = ST_CHANGED(EPS, eps) ? PETSC_TRUE : PETSC_FALSE;
  return OK;
}

/* Whether the inner eigensolver has got an ST without operators, or one that was changed. */
static PetscErrorCode InnerLost(EPS inner, PetscBool *lost)
{
  ST       st;
  PetscInt n;
  *lost = PETSC_FALSE;
  if (!inner) return OK;
  CALL(EPSGetST(inner, &st));
  CALL(STGetNumMatrices(st, &n));
  if (!n || ST_CHANGED(EPS, inner)) *lost = PETSC_TRUE;
  return OK;
}

PetscErrorCode PetscRsPEPIsStale(PEP pep, PetscBool *flag)
{
  EPS       inner;
  PetscBool lost;
  *flag = ST_CHANGED(PEP, pep) ? PETSC_TRUE : PETSC_FALSE;
  if (pep->state != PEP_STATE_SETUP) return OK;
  CALL(PEPInner(pep, &inner));
  CALL(InnerLost(inner, &lost));
  if (!lost) CALL(LinearShares(pep, &lost));
  if (!lost) return OK;
  *flag = PETSC_TRUE;
  return PEPMend(pep);
}

/* The class has no transformation of its own. */
PetscErrorCode PetscRsSVDIsStale(SVD svd, PetscBool *flag)
{
  EPS inner;
  *flag = PETSC_FALSE;
  if (svd->state != SVD_STATE_SETUP) return OK;
  CALL(SVDInner(svd, &inner));
  return InnerLost(inner, flag);
}

/* Each step sets the operators of an inner eigensolver. */
PetscErrorCode PetscRsNEPIsStale(NEP nep, PetscBool *flag)
{
  (void)nep;
  *flag = PETSC_FALSE;
  return OK;
}
