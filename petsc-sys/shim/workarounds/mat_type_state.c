/* Solvers compare these numbers to determine whether a new setup is required: a matrix of another type is another
   matrix. */
PetscErrorCode PetscRsMatRenew(Mat mat, PetscObjectState before)
{
  if (mat->nonzerostate <= before) mat->nonzerostate = before + 1;
  return (PetscErrorCode)0;
}
