static PetscErrorCode (*PetscRsMakeAdj)(Mat);

/* MatCreateSubMatrices() writes its results to places that it has not made. */
static PetscErrorCode PetscRsCreateAdj(Mat mat)
{
  PetscErrorCode ierr = PetscRsMakeAdj(mat);

  if (!ierr) mat->ops->createsubmatrices = NULL;
  return ierr;
}
