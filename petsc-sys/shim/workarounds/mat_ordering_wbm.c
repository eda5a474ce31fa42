/* The ordering wbm reads patterns that it did not get, and values beyond those of a matrix; its library ends the process
   where it is built without MC64, as it is now. */
static PetscErrorCode PetscRsOrderWBM(Mat mat, MatOrderingType type, IS *rows, IS *columns)
{
  (void)mat;
  (void)type;
  (void)rows;
  (void)columns;
  return PetscRsError("MatGetOrdering", __FILE__, PETSC_ERR_SUP, "the ordering wbm needs MC64, which is not there");
}
