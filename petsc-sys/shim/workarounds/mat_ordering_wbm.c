/* Upstream: MatGetOrdering_WBM(), src/mat/graphops/order/wbm.c
   Releases: 3.18 - 3.26
   Fault: the pattern is read before the check that it exists. The indices are those of the compressed, symmetrized
     pattern, but the values are in the order of the original pattern; memory is read out of bounds. If SuperLU_DIST was
     built without MC64, the process ends.
   Workaround: MATORDERINGWBM returns an error.
   Test: unchecked::matchings_are_refused
   Patch: petsc/mat_ordering_wbm.patch */
static PetscErrorCode PetscRsOrderWBM(Mat mat, MatOrderingType type, IS *rows, IS *columns)
{
  (void)mat;
  (void)type;
  (void)rows;
  (void)columns;
  return PetscRsError("MatGetOrdering", __FILE__, PETSC_ERR_SUP, "the ordering wbm needs MC64, which is not there");
}
