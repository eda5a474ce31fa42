/* Upstream: SVDSetUp_Cyclic(), SVDSolve_Cyclic(), SVDSolve_Cross(), src/svd/impls/cyclic/cyclic.c,
   src/svd/impls/cross/cross.c
   Releases: 3.18 - 3.26
   Fault: if the numbers of left and right initial vectors differ, the stack is overwritten, or reads and writes are out
     of bounds. Each positive eigenvalue becomes a singular value, even if it is zero up to rounding errors, or belongs
     to an inner eigensolver that got more columns after the setup: writes are out of bounds if there are more of them
     than columns (partly mended in 3.23.3).
   Workaround: different numbers of left and right initial vectors are refused. The arrays get one element for each
     eigenvalue, and singular values beyond the number of columns are discarded.
   Test: attacked::more_left_initial_vectors_than_right_ones,
   attacked::more_eigenvalues_of_the_cyclic_matrix_than_singular_values, attacked::more_eigenvalues_of_the_cross_product
   Patch: slepc/svd_cyclic.patch */
typedef PetscErrorCode (*SVDFunction)(SVD);
static SVDFunction cyclic_create, cyclic_setup, cyclic_solve, cross_create, cross_solve;

/* The inner eigensolver may have more columns than there are singular values, also after a change of its settings. */
static PetscErrorCode MakeRoom(SVD svd, EPS eps)
{
  PetscInt n;
  CALL(EPSSetUp(eps));
  CALL(EPSGetDimensions(eps, NULL, &n, NULL));
  if (n <= svd->ncv) return OK;
  CALL(PetscFree3(svd->sigma, svd->perm, svd->errest));
  CALL(PetscMalloc3(n, &svd->sigma, n, &svd->perm, n, &svd->errest));
  for (PetscInt i = 0; i < n; i++) {
    svd->sigma[i]  = 0.0;
    svd->perm[i]   = i;
    svd->errest[i] = 0.0;
  }
  return OK;
}

static PetscErrorCode CyclicSetUp(SVD svd)
{
  if (PetscMin(svd->nini, 0) != PetscMin(svd->ninil, 0)) SETERRQ(PetscObjectComm((PetscObject)svd), PETSC_ERR_SUP, "cyclic requires the same number of left and right initial vectors");
  return cyclic_setup(svd);
}

/* Eigenvalues that are zero up to rounding errors come last among the largest. */
static PetscErrorCode CyclicSolve(SVD svd)
{
  EPS eps;
  CALL(SVDCyclicGetEPS(svd, &eps));
  CALL(MakeRoom(svd, eps));
  CALL(cyclic_solve(svd));
  if (svd->nconv <= svd->ncv) return OK;
  if (svd->which != SVD_LARGEST) SETERRQ(PetscObjectComm((PetscObject)svd), PETSC_ERR_CONV_FAILED, "cyclic returns zero eigenvalues as the smallest singular values: use another method");
  svd->nconv = svd->ncv;
  return OK;
}

/* The eigensolver returns the requested eigenvalues first. */
static PetscErrorCode CrossSolve(SVD svd)
{
  EPS eps;
  CALL(SVDCrossGetEPS(svd, &eps));
  CALL(MakeRoom(svd, eps));
  CALL(cross_solve(svd));
  svd->nconv = PetscMin(svd->nconv, svd->ncv);
  return OK;
}

/* One function solves problems of all types. */
static void ReplaceSolve(SVD svd, SVDFunction *theirs, SVDFunction ours)
{
  *theirs          = svd->ops->solve;
  svd->ops->solve  = ours;
  if (svd->ops->solveg == *theirs) svd->ops->solveg = ours;
  if (svd->ops->solveh == *theirs) svd->ops->solveh = ours;
}

static PetscErrorCode CyclicCreate(SVD svd)
{
  CALL(cyclic_create(svd));
  ReplaceSolve(svd, &cyclic_solve, CyclicSolve);
  cyclic_setup    = svd->ops->setup;
  svd->ops->setup = CyclicSetUp;
  return OK;
}

static PetscErrorCode CrossCreate(SVD svd)
{
  CALL(cross_create(svd));
  ReplaceSolve(svd, &cross_solve, CrossSolve);
  return OK;
}

static PetscErrorCode WrapInner(SVDType type, SVDFunction *theirs, SVDFunction ours)
{
  SVDFunction found = NULL;
  CALL(PetscFunctionListFind(SVDList, type, &found));
  if (!found || found == ours) return OK;
  *theirs = found;
  return SVDRegister(type, ours);
}

static PetscErrorCode WrapCyclic(void)
{
  CALL(SVDInitializePackage());
  CALL(WrapInner(SVDCYCLIC, &cyclic_create, CyclicCreate));
  return WrapInner(SVDCROSS, &cross_create, CrossCreate);
}
