/* Upstream: EPSSetWorkVecs(), PEPSetWorkVecs(), NEPSetWorkVecs(), SVDSetWorkVecs(), src/eps/interface/epsdefault.c
   and related files
   Releases: 3.18 - 3.26
   Fault: the number of work vectors is set before they are created. If their creation fails, for example because a
     column of the basis is borrowed, the next call returns without work vectors: NULL is dereferenced.
   Workaround: the number is set to zero if there are no work vectors.
   Test: attacked::work_vectors_that_could_not_be_made
   Patch: slepc/solver_work.patch */
#define FORGET_WORK(solver) \
    do { \
      if (!(solver)->work) (solver)->nwork = 0; \
    } while (0)

static PetscErrorCode EPSForgetWork(EPS eps)
{
  FORGET_WORK(eps);
  return OK;
}

static PetscErrorCode PEPForgetWork(PEP pep)
{
  FORGET_WORK(pep);
  return OK;
}

static PetscErrorCode NEPForgetWork(NEP nep)
{
  FORGET_WORK(nep);
  return OK;
}

static PetscErrorCode SVDForgetWork(SVD svd)
{
  if (!svd->workl) svd->nworkl = 0;
  if (!svd->workr) svd->nworkr = 0;
  return OK;
}
