/* Upstream: SVDSetUp_Cyclic(), SVDSolve_Cyclic(), src/svd/impls/cyclic/cyclic.c
   Releases: 3.18 - 3.26
   Fault: if the numbers of left and right initial vectors differ, the stack is overwritten, or reads and writes are out
     of bounds. Each positive eigenvalue becomes a singular value, even if it is zero up to rounding errors: writes are
     out of bounds if there are more of them than columns (mended in 3.23.3).
   Workaround: different numbers of left and right initial vectors are refused. The arrays get one element for each
     eigenvalue, and singular values beyond the number of columns are discarded.
   Test: attacked::more_left_initial_vectors_than_right_ones,
   attacked::more_eigenvalues_of_the_cyclic_matrix_than_singular_values
   Patch: slepc/svd_cyclic.patch */
static PetscErrorCode (*cyclic_create)(SVD), (*cyclic_setup)(SVD), (*cyclic_solve)(SVD);

/* The inner eigensolver may have more columns than there are singular values. */
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

static PetscErrorCode CyclicSetUp(SVD svd)
{
  if (PetscMin(svd->nini, 0) != PetscMin(svd->ninil, 0)) SETERRQ(PetscObjectComm((PetscObject)svd), PETSC_ERR_SUP, "cyclic requires the same number of left and right initial vectors");
  CALL(cyclic_setup(svd));
  return CyclicMakeRoom(svd);
}

/* Eigenvalues that are zero up to rounding errors come last among the largest. */
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
