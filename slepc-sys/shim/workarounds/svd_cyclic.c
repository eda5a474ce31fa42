static PetscErrorCode (*cyclic_create)(SVD), (*cyclic_setup)(SVD), (*cyclic_solve)(SVD);

/* The inner eigensolver may have more columns than there are singular values, and each positive eigenvalue becomes
   a singular value. */
static PetscErrorCode CyclicMakeRoom(SVD svd)
{
  EPS      eps;
  PetscInt n;
  CALL(SVDCyclicGetEPS(svd, &eps));
  CALL(EPSGetDimensions(eps, NULL, &n, NULL));
  if (n <= svd->ncv) return OK;
  CALL(PetscFree3(svd->sigma, svd->perm, svd->errest));
  return PetscMalloc3(n, &svd->sigma, n, &svd->perm, n, &svd->errest);
}

/* SLEPc reads as many right initial vectors as there are left ones, and vice versa. */
static PetscErrorCode CyclicSetUp(SVD svd)
{
  if (PetscMin(svd->nini, 0) != PetscMin(svd->ninil, 0)) SETERRQ(PetscObjectComm((PetscObject)svd), PETSC_ERR_SUP, "cyclic requires the same number of left and right initial vectors");
  CALL(cyclic_setup(svd));
  return CyclicMakeRoom(svd);
}

/* Drops eigenvalues that are zero up to rounding errors, which come last among the largest. */
static PetscErrorCode CyclicSolve(SVD svd)
{
  CALL(cyclic_solve(svd));
  if (svd->nconv <= svd->ncv) return OK;
  if (svd->which != SVD_LARGEST) SETERRQ(PetscObjectComm((PetscObject)svd), PETSC_ERR_CONV_FAILED, "cyclic returns zero eigenvalues as the smallest singular values: use another method");
  svd->nconv = svd->ncv;
  return OK;
}

static PetscErrorCode CyclicCreate(SVD svd)
{
  CALL(cyclic_create(svd));
  cyclic_setup    = svd->ops->setup;
  cyclic_solve    = svd->ops->solve;
  svd->ops->setup = CyclicSetUp;
  svd->ops->solve = CyclicSolve;
  return OK;
}

static PetscErrorCode WrapCyclic(void)
{
  PetscErrorCode (*found)(SVD) = NULL;
  CALL(SVDInitializePackage());
  CALL(PetscFunctionListFind(SVDList, SVDCYCLIC, &found));
  if (!found || found == CyclicCreate) return OK;
  cyclic_create = found;
  return SVDRegister(SVDCYCLIC, CyclicCreate);
}
