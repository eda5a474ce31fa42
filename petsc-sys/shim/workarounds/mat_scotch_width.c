/* Upstream: MatPartitioningApply_PTScotch_Private(), src/mat/graphops/partition/impls/scotch/scotch.c;
     PetscPartitionerPartition_PTScotch(), src/dm/partitioner/impls/ptscotch/partptscotch.c
   Releases: 3.18 - 3.26
   Fault: arrays of PetscInt are passed to a PT-Scotch whose integers have another width (64-bit builds of Debian); the
     heap is corrupted.
   Workaround: the width of PT-Scotch's integers is compared with that of PetscInt. If they differ, meshes use the
     partitioner simple, and Partitioning returns an error.
   Test: matrix_parts::heavy_vertices_count_more
   Patch: petsc/mat_scotch_width.patch */
extern int SCOTCH_numSizeof(void) __attribute__((weak));

int PetscRsScotchFits(void)
{
  return !SCOTCH_numSizeof || SCOTCH_numSizeof() == (int)sizeof(PetscInt);
}
