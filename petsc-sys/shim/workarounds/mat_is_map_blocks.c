/* Upstream: MatSetLocalToGlobalMapping_IS(), src/mat/impls/is/matis.c
   Releases: 3.18 - 3.26
   Fault: after the local matrix is destroyed, the block size of the map that will be replaced is changed, which can fail:
     the matrix then has no local matrix, and NULL is dereferenced.
   Workaround: the maps are removed before others are set.
   Test: unchecked::maps_of_other_blocks_replace_those_of_an_unassembled_matrix
   Patch: petsc/mat_is_map_blocks.patch */
PetscErrorCode PetscRsMatForgetMaps(Mat mat)
{
  PetscErrorCode ierr = PetscLayoutSetISLocalToGlobalMapping(mat->rmap, NULL);

  return ierr ? ierr : PetscLayoutSetISLocalToGlobalMapping(mat->cmap, NULL);
}
