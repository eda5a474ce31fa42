/* Upstream: EPSSetUp(), PEPSetUp(), SVDSetUp(), EPSSetST(), src/eps/interface/epssetup.c,
   src/pep/interface/pepsetup.c, src/svd/interface/svdsetup.c
   Releases: 3.18 - 3.26
   Fault: a solver is not set up again in two cases: its ST was changed after its setup; or the inner eigensolver of a
     PEP or SVD got a changed ST, or one without operators. NULL is dereferenced in the solve. An EPS that shares its ST
     with another solver uses the operators of that solver, or none if that solver is destroyed.
   Workaround: these cases are detected before a setup, and the operators are set again. Results cannot be computed in
     such a state.
   Test: attacked::another_transformation_after_a_set_up, attacked::another_transformation_inside_after_a_set_up,
     attacked::solvers_that_share_a_transformation, attacked::results_without_the_transformation
   Patch: slepc/st_changed.patch */
#define ST_CHANGED(X, solver) ((solver)->state == X##_STATE_SETUP && (solver)->st && (solver)->st->state == ST_STATE_INITIAL)

/* Whether the ST has other operators than those that are composed with the solver. */
static PetscErrorCode OperatorsLost(EPS eps, PetscBool *lost)
{
  PetscObject a, b;
  PetscInt    n;
  ST          st;
  *lost = PETSC_FALSE;
  CALL(PetscObjectQuery((PetscObject)eps, "petsc-rs.operator.0", &a));
  CALL(PetscObjectQuery((PetscObject)eps, "petsc-rs.operator.1", &b));
  if (!a) return OK;
  CALL(EPSGetST(eps, &st));
  CALL(STGetNumMatrices(st, &n));
  if (n != (b ? 2 : 1) || (PetscObject)st->A[0] != a || (b && (PetscObject)st->A[1] != b)) *lost = PETSC_TRUE;
  return OK;
}

static PetscErrorCode EPSCheckResults(EPS eps)
{
  PetscBool lost;
  STMatMode mode;
  ST        st;
  CALL(EPSGetST(eps, &st));
  CALL(STGetMatMode(st, &mode));
  CALL(OperatorsLost(eps, &lost));
  /* A solve in place ends with an ST that is not set up. */
  if (eps->state == EPS_STATE_SOLVED && eps->purify && st->state == ST_STATE_INITIAL && mode != ST_MATMODE_INPLACE) lost = PETSC_TRUE;
  if (lost) SETERRQ(PETSC_COMM_SELF, PETSC_ERR_ARG_WRONGSTATE, "the transformation has other operators, or was changed after the solve: solve again");
  return OK;
}

PetscErrorCode PetscRsEPSIsStale(EPS eps, PetscBool *flag)
{
  CALL(OperatorsLost(eps, flag));
  if (ST_CHANGED(EPS, eps)) *flag = PETSC_TRUE;
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
