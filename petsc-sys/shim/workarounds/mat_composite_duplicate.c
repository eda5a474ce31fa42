/* Upstream: MatCreate_Composite(), src/mat/impls/composite/mcomposite.c
   Releases: 3.21 - 3.26
   Fault: MatDuplicate() and MatCopy() are those of MATSHELL: both matrices then share one list of matrices, which is
     freed twice.
   Workaround: MATCOMPOSITE supports neither MatDuplicate() nor MatCopy(), as before 3.21.
   Test: unchecked::a_sum_of_matrices_is_not_duplicated
   Patch: petsc/mat_composite_duplicate.patch */
#if PETSC_VERSION_GE(3, 21, 0)
static PetscErrorCode (*PetscRsMakeComposite)(Mat);

static PetscErrorCode PetscRsCreateComposite(Mat mat)
{
  PetscErrorCode ierr = PetscRsMakeComposite(mat);

  if (ierr) return ierr;
  mat->ops->duplicate = NULL;
  mat->ops->copy      = NULL;
  return ierr;
}
#endif
