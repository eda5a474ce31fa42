#if PETSC_VERSION_GE(3, 24, 0)
static PetscErrorCode (*PetscRsMakeDiagBroyden)(Mat);

/* Since 3.24, the base of the type calls a function for transposed products, which this type does not have. */
static PetscErrorCode PetscRsCreateDiagBroyden(Mat mat)
{
  PetscErrorCode ierr = PetscRsMakeDiagBroyden(mat);

  if (ierr) return ierr;
  mat->ops->multtranspose          = NULL;
  mat->ops->multhermitiantranspose = NULL;
  return ierr;
}
#endif
