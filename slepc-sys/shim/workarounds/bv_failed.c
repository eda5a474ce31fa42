/* Upstream: BVMatProject(), BVMatMult(), BVMatMultColumn(), BVDestroy(), src/sys/classes/bv/interface/bvglobal.c,
   bvops.c, bvbasic.c
   Releases: 3.18 - 3.26
   Fault: after an error of the operator, the inner product matrix is not restored, and columns remain borrowed and
     locked. The inner product matrix is never destroyed, norms are those of the standard inner product, and later calls
     return errors. If the basis belongs to a solver, BVDestroy() first destroys the data of the type, and then fails;
     the next reset of the solver destroys these data again: NULL is dereferenced.
   Workaround: the inner product matrix and the borrowed columns are recorded before a product, and restored after an
     error. The destructor of each type first discards the matrix of a failed product.
   Test: bv::products::a_failed_product_leaves_the_basis_whole,
   attacked::a_product_that_fails_in_a_solver_of_singular_values
   Patch: none, SLEPc does not define the state of an object after an error */
/* A failed product holds a column of the matrix, so the matrix cannot be returned or destroyed, and is leaked, without
   its references to the factors of the product. */
static PetscErrorCode DropMatrix(BV bv)
{
  CALL(MatProductClear(bv->Aget));
  bv->Aget = NULL;
  return OK;
}

#define BV_DESTROY "petsc-rs.bv.destroy"

static PetscErrorCode BasisDestroy(BV bv)
{
  PetscErrorCode (*destroy)(BV) = NULL;
  PetscObject    view           = NULL;
  PetscBool      lent;
  CALL(PetscObjectQueryFunction((PetscObject)bv, BV_DESTROY, &destroy));
  CALL(PetscObjectQuery((PetscObject)bv, VIEW, &view));
  CALL(MatIsLent(bv, &lent));
  if (lent && !view) CALL(DropMatrix(bv));
  return destroy(bv);
}

/* Saves which columns are borrowed, and the state that operations change temporarily. */
PetscErrorCode PetscRsBVSave(BV bv, PetscRsBVState *state)
{
  state->lent[0] = bv->ci[0];
  state->lent[1] = bv->ci[1];
  CALL(MatIsLent(bv, &state->mat));
  CALL(BVGetActiveColumns(bv, &state->l, &state->k));
  return BVGetMatrix(bv, &state->matrix, &state->indefinite);
}

/* Since 3.22, optimized PETSc counts locks, and a failed product does not release those that it has set. */
static PetscErrorCode Unlock(Vec v)
{
#if PETSC_VERSION_GE(3, 22, 0)
  PetscInt locks;

  if (!v) return OK;
  CALL(VecLockGet(v, &locks));
  for (; locks > 0; locks--) CALL(VecLockReadPop(v));
  if (locks < 0) CALL(VecLockWriteSet(v, PETSC_FALSE));
#else
  (void)v;
#endif
  return OK;
}

/* Restores that state after an error (for example, of a callback). Not collective. */
PetscErrorCode PetscRsBVMend(BV bv, const PetscRsBVState *state)
{
  PetscBool lent;

  CALL(MatIsLent(bv, &lent));
  if (lent && !state->mat) CALL(DropMatrix(bv));
  for (int i = 0; i < 2; i++) {
    if (bv->ci[i] != state->lent[i] && bv->ci[i] >= -bv->nc) {
      Vec v = bv->cv[i];
      CALL(Unlock(v));
      CALL(BVRestoreColumn(bv, bv->ci[i], &v));
    }
  }
  /* The basis did not release the matrix, so no reference is added. */
  if (!bv->matrix) bv->matrix = state->matrix;
  bv->l = state->l;
  bv->k = state->k;
  return OK;
}
