/* Upstream: MatConvert(), src/mat/interface/matrix.c
   Releases: 3.18 - 3.26
   Fault: for a matrix with local-to-global maps, the block sizes are copied as they are stored: -1 if they were never
     set. MATBAIJ and MATSBAIJ compute with -1 as block size, and access memory out of bounds.
   Workaround: after a conversion to these types, an unset block size becomes 1.
   Test: unchecked::a_map_does_not_take_the_block_size_of_blocks
   Patch: petsc/mat_convert_block_size.patch */
PetscErrorCode PetscRsMatConverted(Mat mat)
{
  PetscBool      blocks = PETSC_FALSE;
  PetscErrorCode ierr   = PetscObjectTypeCompareAny((PetscObject)mat, &blocks, MATSEQBAIJ, MATMPIBAIJ, MATSEQSBAIJ, MATMPISBAIJ, "");

  if (!ierr && blocks && mat->rmap->bs < 0) ierr = PetscLayoutSetBlockSize(mat->rmap, 1);
  if (!ierr && blocks && mat->cmap->bs < 0) ierr = PetscLayoutSetBlockSize(mat->cmap, 1);
  return ierr;
}
