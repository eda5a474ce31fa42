/* Work vectors that could not be made, because the column that they are like was lent out, are counted nonetheless. */
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
