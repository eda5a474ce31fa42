/* A solver that was set up for another problem type with the same number of columns has no array of signs. */
PetscErrorCode PetscRsSVDMakeSigns(SVD svd)
{
  PetscInt n;
  if (!svd->ishyperbolic || !svd->V || !svd->sigma || svd->sign) return OK;
  CALL(BVGetSizes(svd->V, NULL, NULL, &n));
  return PetscMalloc1(n, &svd->sign);
}
