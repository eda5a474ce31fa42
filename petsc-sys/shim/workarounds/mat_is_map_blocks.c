/* Upstream: MatSetLocalToGlobalMapping_IS(), src/mat/impls/is/matis.c
   Releases: 3.18 - 3.26
   Fault: the local matrix is destroyed, and then the block size of the old map, which is about to be replaced, is
     changed. If this change fails, the matrix has no local matrix, and NULL is dereferenced.
   Workaround: the old maps are removed before new ones are set.
   Test: unchecked::maps_of_other_blocks_replace_those_of_an_unassembled_matrix
   Patch: petsc/mat_is_map_blocks.patch */
PetscErrorCode PetscRsMatForgetMaps(Mat mat)
{
  PetscErrorCode ierr = PetscLayoutSetISLocalToGlobalMapping(mat->rmap, NULL);

  return ierr ? ierr : PetscLayoutSetISLocalToGlobalMapping(mat->cmap, NULL);
}
