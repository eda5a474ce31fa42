/* Upstream: MatHeaderReplace(), src/mat/utils/gcreate.c, in MatConvert() with MAT_INPLACE_MATRIX
   Releases: 3.18 - 3.26
   Fault: a matrix that is converted in place gets the nonzero state of another matrix. If this state equals the
     previous one of the matrix (before 3.20: does not exceed it), PCSetUp() assumes that type and nonzero pattern have
     not changed.
   Workaround: the nonzero state is increased after each conversion in place.
   Test: unchecked::domains_follow_the_type_of_their_matrix
   Patch: petsc/mat_nonzero_state.patch */
PetscErrorCode PetscRsMatRenew(Mat mat, PetscObjectState before)
{
  if (mat->nonzerostate <= before) mat->nonzerostate = before + 1;
  return (PetscErrorCode)0;
}
