/* Upstream: NRefSysSetup_explicit(), src/pep/impls/krylov/toar/nrefine.c
   Releases: 3.18 - 3.26
   Fault: for an invariant pair of dimension k, the values of the polynomial basis, one for each coefficient, are
     written to an array of k*k numbers; writes are out of bounds.
   Workaround: pairs of dimension 1 are refined once, which writes no values. Larger pairs are an error if there are
     more than k*k coefficients.
   Test: attacked::a_refinement_of_one_pair_in_explicit_form
   Patch: slepc/pep_refine_explicit.patch */
typedef struct {
  PetscErrorCode (*function)(PEP, PetscInt, PetscInt, PetscInt, PetscInt, PEPConvergedReason *, void *);
  void    *ctx;
  PetscInt its;
} Refining;

static PolynomialMethod toar;

static PetscErrorCode RefiningStops(PEP pep, PetscInt its, PetscInt max_it, PetscInt nconv, PetscInt nev, PEPConvergedReason *reason, void *ctx)
{
  Refining *refining = (Refining *)ctx;

  CALL(refining->function(pep, its, max_it, nconv, nev, reason, refining->ctx));
  pep->rits = refining->its;
  if (nconv == 1) pep->rits = PetscMin(pep->rits, 1);
  else if (nconv > 1 && nconv * nconv < pep->nmat) {
    /* Also where the method breaks down, which it finds afterwards. */
    pep->rits = 0;
    if (*reason != PEP_CONVERGED_ITERATING) SETERRQ(PetscObjectComm((PetscObject)pep), PETSC_ERR_SUP, "the explicit scheme cannot refine %" PetscInt_FMT " eigenpairs of a polynomial with %" PetscInt_FMT " coefficients: use another scheme", nconv, pep->nmat);
  }
  return OK;
}

static PetscErrorCode ToarSolve(PEP pep)
{
  Refining       refining;
  PetscErrorCode ierr;

  TensorOnAllRanks(((TwoLevel *)pep->data)->V);
  if (pep->refine != PEP_REFINE_MULTIPLE || pep->scheme != PEP_REFINE_SCHEME_EXPLICIT || pep->rits < 1) return toar.solve(pep);
  refining.function = pep->stopping;
  refining.ctx      = pep->stoppingctx;
  refining.its      = pep->rits;
  pep->stopping     = RefiningStops;
  pep->stoppingctx  = &refining;
  ierr              = toar.solve(pep);
  pep->stopping     = refining.function;
  pep->stoppingctx  = refining.ctx;
  pep->rits         = refining.its;
  return ierr;
}

static PetscErrorCode ToarCreate(PEP pep)
{
  CALL(toar.create(pep));
  toar.solve      = pep->ops->solve;
  pep->ops->solve = ToarSolve;
  return OK;
}
