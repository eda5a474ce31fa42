/* Upstream: SVDAllocateSolution(), src/svd/interface/svdsetup.c
   Releases: 3.18 - 3.26
   Fault: the array of signs is allocated only if the number of columns changes. If the problem type becomes hyperbolic,
     NULL is dereferenced.
   Workaround: the array is allocated before a setup if it does not exist.
   Test: attacked::signs_of_a_problem_that_became_hyperbolic
   Patch: slepc/svd_signs.patch */
PetscErrorCode PetscRsSVDMakeSigns(SVD svd)
{
  PetscInt n;
  if (!svd->ishyperbolic || !svd->V || !svd->sigma || svd->sign) return OK;
  CALL(BVGetSizes(svd->V, NULL, NULL, &n));
  return PetscMalloc1(n, &svd->sign);
}
