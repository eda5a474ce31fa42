/* Upstream: MatProductNumeric_PtAP_Unsafe(), MatProductNumeric_RARt_Unsafe(), src/mat/interface/matproduct.c
   Releases: 3.18 - 3.26
   Fault: the numeric function of the second product is called without a check that it exists; NULL is called.
   Workaround: PetscRsMatProductCheck() returns an error if this function does not exist.
   Test: unchecked::products_of_three_matrices_need_a_numeric_function
   Patch: petsc/mat_product_numeric.patch */
/* The product with the transpose of a transpose of type hypre is one of those that petsc-rs refuses because C gives the
   result a communicator that is already freed: only here is it known.

   MatProductNumeric_PtAP_Unsafe() and MatProductNumeric_RARt_Unsafe(), which keep the first of two products in Dwork, call
   the numeric function of the second one. Some combinations of types have only a function for all products, or another
   one: a product with the transpose of a transpose is a product. */
PetscErrorCode PetscRsMatProductCheck(Mat mat)
{
  PetscBool      left = PETSC_FALSE, right = PETSC_FALSE, can = PETSC_TRUE;
  PetscErrorCode ierr = (PetscErrorCode)0;

  if (!mat->product) return ierr;
  if (mat->product->type == MATPRODUCT_PtAP) {
    ierr = PetscObjectTypeCompare((PetscObject)mat->product->B, MATHYPRE, &right);
    if (!ierr && right) ierr = PetscRsError("MatProductNumeric", __FILE__, PETSC_ERR_SUP, "Pt*A*P of matrices of type hypre is not supported; convert them to aij");
  }
  if (ierr || !mat->product->Dwork) return ierr;
  ierr = PetscObjectBaseTypeCompare((PetscObject)mat->product->A, MATMPIAIJ, &left);
  if (!ierr) ierr = PetscObjectBaseTypeCompare((PetscObject)mat->product->B, MATMPIAIJ, &right);
  if (ierr) return ierr;
  if (mat->product->type == MATPRODUCT_PtAP) can = mat->ops->transposematmultnumeric ? PETSC_TRUE : PETSC_FALSE;
  /* These types keep another product there. */
  if (mat->product->type == MATPRODUCT_RARt && !(left && right)) can = mat->ops->mattransposemultnumeric ? PETSC_TRUE : PETSC_FALSE;
  if (can) return ierr;
  return PetscRsError("MatProductNumeric", __FILE__, PETSC_ERR_SUP, "the product of three matrices of these types is not supported");
}
