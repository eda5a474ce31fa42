/* Upstream: EPSSolve(), SVDSolve(), PEPSolve(), NEPSolve() of most types, for example
   EPSSolve_KrylovSchur_Default(), src/eps/impls/krylov/krylovschur/krylovschur.c
   Releases: 3.18 - 3.26
   Fault: after an error in a solve, for example of a callback, matrices of the DS and columns of the basis remain
     borrowed: later solves and the destruction of the DS return errors. A change from EPSLYAPII to another type fails
     after it has destroyed the LME, which the next solve dereferences. A nonlinear power iteration remains in a
     reference cycle with its SNES, and the region of a PEP remains scaled.
   Workaround: a failed solver is marked, and gets a new DS before the next solve. The old DS is never destroyed,
     because it gets an additional reference: each failed solve leaks a few small dense matrices.
   Test: callbacks::a_solver_that_failed_solves_again, attacked::another_method_after_lyapunov_iteration_that_failed
   Patch: none, SLEPc does not define the state of an object after an error */
/* The DS is composed with a failed solver under this name. The functions are not collective, except Renew. */
#define FAILED "petsc-rs.failed"

PetscErrorCode PetscRsSolverHasFailed(PetscObject solver, PetscBool *failed)
{
  PetscObject ds = NULL;
  CALL(PetscObjectQuery(solver, FAILED, &ds));
  *failed = ds ? PETSC_TRUE : PETSC_FALSE;
  return OK;
}

/* Returns the inner eigensolver, or NULL. */
typedef PetscErrorCode (*GetInner)(PetscObject, EPS *);

static PetscErrorCode Inner(PetscObject solver, EPS *inner, size_t n, const char *types[], GetInner get[])
{
  *inner = NULL;
  for (size_t i = 0; i < n; i++) {
    PetscBool same;
    CALL(PetscObjectTypeCompare(solver, types[i], &same));
    if (same) return get[i](solver, inner);
  }
  return OK;
}

/* There is no inner eigensolver. The function removes the reference of the SNES of a nonlinear power iteration. */
static PetscErrorCode EPSInner(EPS eps, EPS *inner)
{
  PetscBool power, nonlinear = PETSC_FALSE;
  SNES      snes;

  *inner = NULL;
  CALL(PetscObjectTypeCompare((PetscObject)eps, EPSPOWER, &power));
  if (power) CALL(EPSPowerGetNonlinear(eps, &nonlinear));
  if (!nonlinear) return OK;
  CALL(EPSPowerGetSNES(eps, &snes));
  return PetscObjectCompose((PetscObject)snes, "eps", NULL);
}

static PetscErrorCode CrossInner(PetscObject svd, EPS *inner) { return SVDCrossGetEPS((SVD)svd, inner); }
static PetscErrorCode CyclicInner(PetscObject svd, EPS *inner) { return SVDCyclicGetEPS((SVD)svd, inner); }

static PetscErrorCode SVDInner(SVD svd, EPS *inner)
{
  const char *types[] = {SVDCROSS, SVDCYCLIC};
  GetInner    get[]   = {CrossInner, CyclicInner};
  return Inner((PetscObject)svd, inner, 2, types, get);
}

static PetscErrorCode LinearInner(PetscObject pep, EPS *inner) { return PEPLinearGetEPS((PEP)pep, inner); }

static PetscErrorCode PEPInner(PEP pep, EPS *inner)
{
  const char *types[] = {PEPLINEAR};
  GetInner    get[]   = {LinearInner};
  return Inner((PetscObject)pep, inner, 1, types, get);
}

static PetscErrorCode SLPInner(PetscObject nep, EPS *inner) { return NEPSLPGetEPS((NEP)nep, inner); }

static PetscErrorCode NEPInner(NEP nep, EPS *inner)
{
  const char *types[] = {NEPSLP};
  GetInner    get[]   = {SLPInner};
  return Inner((PetscObject)nep, inner, 1, types, get);
}

/* First fields of the data of Lyapunov inverse iteration, from 3.18 to 3.26. */
typedef struct {
  LME lme;
  DS  ds;
} Lyapunov;

/* Leaks the second DS of Lyapunov inverse iteration; the next setup creates another one. */
static PetscErrorCode EPSAbandon(EPS eps)
{
  PetscBool lyapunov;
  CALL(PetscObjectTypeCompare((PetscObject)eps, EPSLYAPII, &lyapunov));
  if (lyapunov) ((Lyapunov *)eps->data)->ds = NULL;
  return OK;
}

/* Whether results can still be computed. */
static PetscErrorCode EPSCheckResults(EPS);

/* The other classes have neither. */
#define NOTHING(X, name) \
  static PetscErrorCode X##name(X solver) \
  { \
    (void)solver; \
    return OK; \
  }
NOTHING(SVD, Abandon)
NOTHING(PEP, Abandon)
NOTHING(NEP, Abandon)
NOTHING(SVD, CheckResults)
NOTHING(PEP, CheckResults)
NOTHING(NEP, CheckResults)

#define HAS_DS(solver) (solver)->ds
#define BASIS(X, solver, results) ((results) && (solver)->state > X##_STATE_SOLVED ? OK : NothingLent((solver)->V))
#define IS_SOLVED(X, solver, flag) \
    do { \
      *(flag) = (solver)->state >= X##_STATE_SOLVED ? PETSC_TRUE : PETSC_FALSE; \
    } while (0)

/* Returns the columns that power iteration has borrowed from its bases. */
static PetscErrorCode TakeColumnsBack(BV bv)
{
  for (int i = 0; bv && i < 2; i++) {
    if (bv->ci[i] >= -bv->nc) {
      Vec v = bv->cv[i];
      CALL(BVRestoreColumn(bv, bv->ci[i], &v));
    }
  }
  return OK;
}

static PetscErrorCode EPSMend(EPS eps)
{
  CALL(TakeColumnsBack(eps->V));
  CALL(TakeColumnsBack(eps->W));
  return OK;
}

static PetscErrorCode SVDMend(SVD svd)
{
  (void)svd;
  return OK;
}

static PetscErrorCode NEPMend(NEP nep)
{
  (void)nep;
  return OK;
}

/* Methods scale the region during a solve. */
static PetscErrorCode PEPMend(PEP pep)
{
  if (pep->rg && pep->rg->osfactor != 0.0) CALL(RGPopScale(pep->rg));
  return OK;
}

static PetscErrorCode InnerIsSolved(EPS, PetscBool *);

/* CheckBasis: setup, solve and the computation of result vectors use columns of the basis without checking
   whether they are borrowed. Failed: marks a failed solver, with its dense solver if it has one. Renew: replaces
   the dense solver of a failed solver; collective. */
#define STATES(X) \
  PetscErrorCode PetscRs##X##IsSolved(X solver, PetscBool *flag) \
  { \
    IS_SOLVED(X, solver, flag); \
    return OK; \
  } \
  PetscErrorCode PetscRs##X##CheckBasis(X solver, PetscBool results) \
  { \
    EPS       inner  = NULL; \
    PetscBool solved = PETSC_TRUE; \
    CALL(X##ForgetWork(solver)); \
    CALL(BASIS(X, solver, results)); \
    if (results) CALL(X##CheckResults(solver)); \
    if (results) CALL(X##Inner(solver, &inner)); \
    if (inner) CALL(InnerIsSolved(inner, &solved)); \
    if (!solved) SETERRQ(PETSC_COMM_SELF, PETSC_ERR_ARG_WRONGSTATE, "the inner eigensolver has lost its results: solve again"); \
    return OK; \
  } \
  PetscErrorCode PetscRs##X##Failed(X solver, PetscBool solving) \
  { \
    DS        ds; \
    EPS       inner; \
    PetscBool failed; \
    CALL(PetscRsSolverHasFailed((PetscObject)solver, &failed)); \
    if (failed) return OK; \
    if (solving) { \
      CALL(X##Abandon(solver)); \
      CALL(X##Inner(solver, &inner)); \
      if (inner) CALL(PetscRsEPSFailed(inner, PETSC_TRUE)); \
    } \
    if (!HAS_DS(solver)) return HookCompose((PetscObject)solver, FAILED, NULL); \
    CALL(X##GetDS(solver, &ds)); \
    if (solving) CALL(PetscObjectReference((PetscObject)ds)); \
    return PetscObjectCompose((PetscObject)solver, FAILED, (PetscObject)ds); \
  } \
  PetscErrorCode PetscRs##X##Renew(X solver) \
  { \
    PetscObject  old = NULL; \
    PetscClassId id; \
    EPS          inner; \
    DS           ds; \
    CALL(PetscObjectQuery((PetscObject)solver, FAILED, &old)); \
    if (!old) return OK; \
    CALL(X##Inner(solver, &inner)); \
    if (inner) { \
      CALL(EPSReset(inner)); \
      CALL(PetscRsEPSRenew(inner)); \
    } \
    CALL(PetscObjectGetClassId(old, &id)); \
    if (id == DS_CLASSID) { \
      CALL(DSDuplicate((DS)old, &ds)); \
      CALL(X##SetDS(solver, ds)); \
      CALL(DSDestroy(&ds)); \
    } \
    CALL(X##Mend(solver)); \
    return PetscObjectCompose((PetscObject)solver, FAILED, NULL); \
  }

STATES(EPS)

/* Its transformation may have been reset by a handle of its own. */
static PetscErrorCode InnerIsSolved(EPS inner, PetscBool *solved)
{
  ST       st;
  PetscInt n;
  CALL(EPSGetST(inner, &st));
  CALL(STGetNumMatrices(st, &n));
  CALL(PetscRsEPSIsSolved(inner, solved));
  if (!n) *solved = PETSC_FALSE;
  return OK;
}

STATES(SVD)
STATES(PEP)
STATES(NEP)

/* Solvers of matrix functions and equations have no dense solver, but an error leaves columns of their bases
   borrowed. */
PetscErrorCode PetscRsMFNFailed(MFN mfn, PetscBool solving)
{
  FN fn;
  (void)solving;
  CALL(MFNGetFN(mfn, &fn));
  return PetscObjectCompose((PetscObject)mfn, FAILED, (PetscObject)fn);
}

PetscErrorCode PetscRsMFNRenew(MFN mfn) { return PetscObjectCompose((PetscObject)mfn, FAILED, NULL); }

PetscErrorCode PetscRsLMEFailed(LME lme, PetscBool solving)
{
  Mat A;
  (void)solving;
  CALL(LMEGetCoefficients(lme, &A, NULL, NULL, NULL));
  return PetscObjectCompose((PetscObject)lme, FAILED, (PetscObject)A);
}

PetscErrorCode PetscRsLMERenew(LME lme) { return PetscObjectCompose((PetscObject)lme, FAILED, NULL); }
