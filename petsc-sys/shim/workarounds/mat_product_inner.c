/* Upstream: MatProductSymbolic_PtAP_Unsafe(), MatProductSymbolic_RARt_Unsafe(), src/mat/interface/matproduct.c
   Releases: 3.18 - 3.26
   Fault: if the types do not support the inner one of the two products, the matrix for this product is not destroyed
     after the error. This matrix and the factors, to which it holds references, are leaked.
   Workaround: PetscRsMatProductCheckInner() returns an error before the symbolic phase if the inner product has no
     symbolic function.
   Test: matrix_ops::a_product_that_is_not_supported_releases_its_factors
   Patch: none, PETSc does not free objects after errors */
/* The symbolic function for types without one of their own. It is static in PETSc, so it is read from such a product. */
static PetscErrorCode PetscRsMatProductUnsafe(MatProductType type, PetscErrorCode (**symbolic)(Mat))
{
  Mat            a, c;
  PetscErrorCode ierr = MatCreateShell(PETSC_COMM_SELF, 1, 1, 1, 1, NULL, &a);

  *symbolic = NULL;
  if (ierr) return ierr;
  ierr = MatProductCreate(a, a, NULL, &c);
  if (!ierr) {
    ierr = MatProductSetType(c, type);
    if (!ierr) ierr = MatProductSetFromOptions(c);
    if (!ierr) *symbolic = c->ops->productsymbolic;
    (void)MatDestroy(&c);
  }
  (void)MatDestroy(&a);
  return ierr;
}

PetscErrorCode PetscRsMatProductCheckInner(Mat mat)
{
  const Mat_Product *product = mat->product;
  PetscBool          can     = PETSC_TRUE;
  PetscErrorCode     ierr, (*unsafe)(Mat);
  Mat                inner;

  if (product->type != MATPRODUCT_PtAP && product->type != MATPRODUCT_RARt) return (PetscErrorCode)0;
  ierr = PetscRsMatProductUnsafe(product->type, &unsafe);
  if (ierr || mat->ops->productsymbolic != unsafe) return ierr;
  ierr = product->type == MATPRODUCT_PtAP ? MatProductCreate(product->A, product->B, NULL, &inner) : MatProductCreate(product->B, product->A, NULL, &inner);
  if (ierr) return ierr;
  ierr = MatProductSetType(inner, MATPRODUCT_AB);
  if (!ierr) ierr = MatProductSetFromOptions(inner);
  if (!ierr) can = inner->ops->productsymbolic ? PETSC_TRUE : PETSC_FALSE;
  (void)MatDestroy(&inner);
  return ierr || can ? ierr : PetscRsError("MatProductSymbolic", __FILE__, PETSC_ERR_SUP, "the product of three matrices of these types is not supported");
}
