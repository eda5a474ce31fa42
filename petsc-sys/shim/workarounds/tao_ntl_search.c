/* Upstream: TaoSolve_NTL(), src/tao/unconstrained/impls/ntl/ntl.c
   Releases: 3.18 - 3.26
   Fault: a test is inverted: if the line search in the Newton direction fails, a quasi-Newton matrix is used exactly if
     there is none; NULL is dereferenced.
   Workaround: without a quasi-Newton matrix, the line search is repeated in the gradient direction, and ends the
     optimization if it fails again.
   Test: unchecked::a_failed_line_search_of_ntl_ends_the_optimization
   Patch: petsc/tao_ntl_search.patch */
static PetscErrorCode (*PetscRsTaoSolveNTL)(Tao);
static Tao PetscRsTaoNTL; /* the innermost one that runs */
#define PETSC_RS_TAO_APPLY "petsc-rs.tao.apply"

static PetscBool PetscRsTaoSearchFailed(TaoLineSearch search)
{
  return search->reason != TAOLINESEARCH_SUCCESS && search->reason != TAOLINESEARCH_SUCCESS_USER ? PETSC_TRUE : PETSC_FALSE;
}

static PetscErrorCode PetscRsTaoApplyTwice(TaoLineSearch search, Vec x, PetscReal *f, Vec g, Vec s)
{
  PetscErrorCode (*apply)(TaoLineSearch, Vec, PetscReal *, Vec, Vec) = NULL;
  const PetscReal value = *f;
  PetscInt        counts[3];
  Vec             start = NULL, gradient = NULL;
  PetscErrorCode  ierr  = PetscObjectQueryFunction((PetscObject)search, PETSC_RS_TAO_APPLY, &apply);

  if (!ierr) ierr = VecDuplicate(x, &start);
  if (!ierr) ierr = VecDuplicate(g, &gradient);
  if (!ierr) ierr = VecCopy(x, start);
  if (!ierr) ierr = VecCopy(g, gradient);
  if (!ierr) ierr = apply(search, x, f, g, s);
  for (int again = 1; !ierr && again >= 0 && PetscRsTaoSearchFailed(search); again--) {
    *f   = value;
    ierr = VecCopy(start, x);
    if (!ierr) ierr = VecCopy(gradient, g);
    if (ierr || !again) {
      /* TaoSolve_NTL() ends for this reason before the next step. */
      PetscRsTaoNTL->reason = TAO_DIVERGED_LS_FAILURE;
      search->reason        = TAOLINESEARCH_SUCCESS_USER;
      search->step          = 0.0;
      break;
    }
    ierr = VecCopy(g, s);
    if (!ierr) ierr = VecScale(s, -1.0);
    if (ierr) break;
    counts[0]       = search->nfeval;
    counts[1]       = search->ngeval;
    counts[2]       = search->nfgeval;
    search->nfeval  = 0;
    search->ngeval  = 0;
    search->nfgeval = 0;
    search->reason  = TAOLINESEARCH_CONTINUE_ITERATING;
    search->step    = search->initstep;
    ierr            = apply(search, x, f, g, s);
    search->nfeval += counts[0];
    search->ngeval += counts[1];
    search->nfgeval += counts[2];
  }
  (void)VecDestroy(&gradient);
  (void)VecDestroy(&start);
  return ierr;
}

static PetscErrorCode PetscRsTaoSolveSearched(Tao tao)
{
  const Tao           outer   = PetscRsTaoNTL;
  const TaoLineSearch search  = tao->linesearch;
  PetscBool           is_lmvm = PETSC_FALSE;
  PC                  pc;
  PetscErrorCode      ierr = KSPGetPC(tao->ksp, &pc);

  if (!ierr) ierr = PetscObjectTypeCompare((PetscObject)pc, PCLMVM, &is_lmvm);
  if (ierr || is_lmvm || !search->ops->apply || search->ops->apply == PetscRsTaoApplyTwice) return ierr ? ierr : PetscRsTaoSolveNTL(tao);
  ierr = PetscObjectComposeFunction((PetscObject)search, PETSC_RS_TAO_APPLY, search->ops->apply);
  if (ierr) return ierr;
  ierr = PetscObjectReference((PetscObject)search);
  if (ierr) return ierr;
  PetscRsTaoNTL = tao;
  {
    PetscErrorCode (*apply)(TaoLineSearch, Vec, PetscReal *, Vec, Vec) = search->ops->apply;

    search->ops->apply = PetscRsTaoApplyTwice;
    ierr               = PetscRsTaoSolveNTL(tao);
    if (search->ops->apply == PetscRsTaoApplyTwice) search->ops->apply = apply;
  }
  PetscRsTaoNTL = outer;
  (void)PetscObjectDereference((PetscObject)search);
  return ierr;
}
