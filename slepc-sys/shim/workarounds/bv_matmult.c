/* Upstream: MatMatMultSymbolic_SeqDense_SeqDense() and related functions, src/mat/impls/dense/seq/dense.c (PETSc)
   Releases: 3.18 - 3.26
   Fault: the symbolic phase of a product of two dense matrices does not replace the numeric phase that another type has
     set for the result. BVMatMult() computes all its products in one matrix: private data of another type is read.
   Workaround: the matrix of the result is destroyed before each product, so that SLEPc creates a new one.
   Test: attacked::products_of_a_basis_with_matrices_of_two_types
   Patch: petsc/mat_product_dense.patch */
#define BV_MATMULT "petsc-rs.bv.matmult"
static PetscFunctionList bv_types;

static PetscErrorCode BasisMatMult(BV x, Mat a, BV y)
{
  PetscErrorCode (*matmult)(BV, Mat, BV) = NULL;
  PetscBool      lent;
  CALL(PetscObjectQueryFunction((PetscObject)x, BV_MATMULT, &matmult));
  CALL(MatIsLent(y, &lent));
  if (!lent) CALL(MatDestroy(&y->Aget));
  return matmult(x, a, y);
}

static PetscErrorCode BasisCreate(BV bv)
{
  PetscErrorCode (*create)(BV) = NULL;
  CALL(PetscFunctionListFind(bv_types, ((PetscObject)bv)->type_name, &create));
  CALL(create(bv));
  if (bv->ops->destroy) {
    CALL(PetscObjectComposeFunction((PetscObject)bv, BV_DESTROY, bv->ops->destroy));
    bv->ops->destroy = BasisDestroy;
  }
  if (bv->ops->normalize) {
    CALL(PetscObjectComposeFunction((PetscObject)bv, BV_NORMALIZE, bv->ops->normalize));
    bv->ops->normalize = BasisNormalize;
  }
  if (!bv->ops->matmult) return OK;
  CALL(PetscObjectComposeFunction((PetscObject)bv, BV_MATMULT, bv->ops->matmult));
  bv->ops->matmult = BasisMatMult;
  return OK;
}

static PetscErrorCode ForgetBases(void) { return PetscFunctionListDestroy(&bv_types); }

static PetscErrorCode WrapBases(void)
{
  const char **names = NULL;
  int          n     = 0;
  if (bv_types) return OK;
  CALL(BVInitializePackage());
  CALL(PetscFunctionListDuplicate(BVList, &bv_types));
  CALL(PetscRegisterFinalize(ForgetBases));
  CALL(PetscFunctionListGet(bv_types, &names, &n));
  for (int i = 0; i < n; i++) CALL(BVRegister(names[i], BasisCreate));
  return PetscFree(names);
}
