/* Upstream: MatProductNumeric_PtAP_Unsafe(), MatProductNumeric_RARt_Unsafe(), src/mat/interface/matproduct.c
   Releases: 3.18 - 3.26
   Fault: the numeric function of the second product is called without a check that it exists; NULL is called.
   Workaround: PetscRsMatProductCheck() returns an error if this function does not exist.
   Test: unchecked::products_of_three_matrices_need_a_numeric_function
   Patch: petsc/mat_product_numeric.patch */
/* Some combinations of types have no numeric function for the second product, whose first factor is in Dwork.

   petsc-rs refuses P^T*A*P of matrices of type hypre, whose result has a communicator that is already freed. PETSc also
   computes it for R*A*R^T if R is the transpose of a matrix of type hypre, so the final type of the product is checked. */
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
