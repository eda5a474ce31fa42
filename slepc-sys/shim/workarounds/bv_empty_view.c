/* Upstream: BVGetMat_Default(), src/sys/classes/bv/interface/bvbasic.c
   Releases: 3.18 - 3.26
   Fault: a matrix without an array is treated as unused, but the matrix of a basis without local rows has no array
     either. Such a matrix is lent twice, and is destroyed while it is in use; freed memory is read.
   Workaround: a lent matrix is composed with its basis.
   Test: attacked::the_matrix_view_of_a_basis_without_rows
   Patch: slepc/bv_empty_view.patch */
PetscErrorCode PetscRsBVGetMat(BV bv, Mat *A)
{
  CALL(PetscRsBVCheckView(bv));
  CALL(BVGetMat(bv, A));
  return PetscObjectCompose((PetscObject)bv, VIEW, (PetscObject)*A);
}

PetscErrorCode PetscRsBVRestoreMat(BV bv, Mat *A)
{
  CALL(PetscObjectCompose((PetscObject)bv, VIEW, NULL));
  return BVRestoreMat(bv, A);
}
