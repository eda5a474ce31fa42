/* Upstream: EPSSetOperators(), PEPSetOperators(), src/eps/interface/epssetup.c, src/pep/interface/pepsetup.c
   Releases: 3.18 - 3.26
   Fault: if the operators of a solver get another size, and the solver was changed after its last setup, it keeps its
     basis, balancing matrix, scaling and work vectors of the old size. An inner solver also keeps initial vectors and
     deflation vectors. Reads and writes are out of bounds.
   Workaround: the setup of each type first destroys all these objects whose size differs from that of the operators.
   Test: attacked::an_eigensolver_inside_with_vectors_of_another_size
   Patch: slepc/solver_sizes.patch */
/* Vectors that wait for the setup have a negative number. */
static PetscErrorCode ForgetVectors(PetscInt nloc, PetscInt *n, Vec **vectors)
{
  PetscInt length;
  if (*n >= 0) return OK;
  CALL(VecGetLocalSize((*vectors)[0], &length));
  if (length == nloc) return OK;
  CALL(VecDestroyVecs(-*n, vectors));
  *n = 0;
  return OK;
}

static PetscErrorCode HasOtherSize(BV bv, PetscInt nloc, PetscInt n, PetscBool *other)
{
  PetscInt nloc_before, n_before, m;
  *other = PETSC_FALSE;
  if (!bv) return OK;
  CALL(BVGetSizes(bv, &nloc_before, &n_before, &m));
  if (m) *other = nloc_before != nloc || n_before != n ? PETSC_TRUE : PETSC_FALSE;
  return OK;
}

static PetscErrorCode EPSForgetSizes(EPS eps)
{
  PetscBool other;
  BV        bv;

  CALL(ForgetVectors(eps->nloc, &eps->nds, &eps->defl));
  CALL(ForgetVectors(eps->nloc, &eps->nini, &eps->IS));
  CALL(ForgetVectors(eps->nloc, &eps->ninil, &eps->ISL));
  CALL(HasOtherSize(eps->V, eps->nloc, eps->n, &other));
  if (!other) return OK;
  CALL(NothingLent(eps->V));
  if (eps->ops->reset) CALL(eps->ops->reset(eps));
  CALL(VecDestroy(&eps->D));
  CALL(BVDestroy(&eps->V));
  CALL(BVDestroy(&eps->W));
  CALL(VecDestroyVecs(eps->nwork, &eps->work));
  eps->nwork = 0;
  /* Constraints of the basis that was destroyed. */
  if (eps->nds > 0) eps->nds = 0;
  return EPSGetBV(eps, &bv);
}

static PetscErrorCode PEPForgetSizes(PEP pep)
{
  PetscBool other;
  BV        bv;

  CALL(ForgetVectors(pep->nloc, &pep->nini, &pep->IS));
  CALL(HasOtherSize(pep->V, pep->nloc, pep->n, &other));
  if (!other) return OK;
  CALL(NothingLent(pep->V));
  if (pep->ops->reset) CALL(pep->ops->reset(pep));
  CALL(VecDestroy(&pep->Dl));
  CALL(VecDestroy(&pep->Dr));
  CALL(BVDestroy(&pep->V));
  CALL(VecDestroyVecs(pep->nwork, &pep->work));
  pep->nwork = 0;
  return PEPGetBV(pep, &bv);
}

/* Other classes create no inner solver of this class. */
static PetscErrorCode NEPForgetSizes(NEP nep)
{
  (void)nep;
  return OK;
}
