/* Upstream: MatCopy_SeqDense(), src/mat/impls/dense/seq/dense.c
   Releases: 3.18 - 3.26
   Fault: a field of the other matrix is read before the types are compared.
   Workaround: the types are compared first.
   Test: unchecked::a_dense_matrix_is_copied_to_one_of_another_type
   Patch: petsc/mat_dense_copy.patch */
static PetscErrorCode (*PetscRsMakeSeqDense)(Mat);
static PetscErrorCode (*PetscRsCopySeqDense)(Mat, Mat, MatStructure);

/* MatCopy_SeqDense() reads a field of the other matrix before it compares the types. This does what MatCopy_Basic() does
   for matrices of other types. */
static PetscErrorCode PetscRsCopyDense(Mat a, Mat b, MatStructure structure)
{
  PetscErrorCode ierr = (PetscErrorCode)0;

  if (a->ops->copy == b->ops->copy) return PetscRsCopySeqDense(a, b, structure);
  if (b->assembled) ierr = MatZeroEntries(b);
  if (!ierr) ierr = MatAYPX(b, 0.0, a, structure);
  if (!ierr) ierr = MatAssemblyBegin(b, MAT_FINAL_ASSEMBLY);
  return ierr ? ierr : MatAssemblyEnd(b, MAT_FINAL_ASSEMBLY);
}

static PetscErrorCode PetscRsCreateSeqDense(Mat a)
{
  PetscErrorCode ierr = PetscRsMakeSeqDense(a);

  if (ierr || !a->ops->copy) return ierr;
  PetscRsCopySeqDense = a->ops->copy;
  a->ops->copy        = PetscRsCopyDense;
  return ierr;
}
