#if PETSC_VERSION_GE(3, 21, 0)
static PetscErrorCode (*PetscRsMakeComposite)(Mat);

/* Since 3.21, MatDuplicate() and MatCopy() are those of MATSHELL: both matrices would destroy the same parts. */
static PetscErrorCode PetscRsCreateComposite(Mat mat)
{
  PetscErrorCode ierr = PetscRsMakeComposite(mat);

  if (ierr) return ierr;
  mat->ops->duplicate = NULL;
  mat->ops->copy      = NULL;
  return ierr;
}
#endif
