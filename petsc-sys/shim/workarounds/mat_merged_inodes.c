/* MatHeaderMerge(), as in MatAXPY(), gives a matrix the data of another one, but not the functions that compress rows of
   equal patterns (inodes): orderings then do not fit the rows that MatLUFactorNumeric() takes together. Finds the rows
   again, which the assembly does for a new pattern. */
PetscErrorCode PetscRsMatFindInodes(Mat mat)
{
  PetscErrorCode (*inodes)(Mat, PetscInt *, PetscInt **, PetscInt *) = NULL;
  PetscInt       count = 0, limit, *sizes = NULL, n = 0;
  PetscBool      done;
  PetscErrorCode ierr = PetscObjectQueryFunction((PetscObject)mat, "MatInodeGetInodeSizes_C", &inodes);

  if (ierr || !inodes || !mat->assembled || mat->factortype || mat->rmap->n != mat->cmap->n || !mat->ops->getrowij) return ierr;
  ierr = inodes(mat, &count, &sizes, &limit);
  if (!ierr) ierr = mat->ops->getrowij(mat, 0, PETSC_FALSE, PETSC_TRUE, &n, NULL, NULL, &done);
  if (ierr || n == (sizes ? count : mat->rmap->n)) return ierr;
  mat->nonzerostate++;
  ierr = MatAssemblyBegin(mat, MAT_FINAL_ASSEMBLY);
  return ierr ? ierr : MatAssemblyEnd(mat, MAT_FINAL_ASSEMBLY);
}
