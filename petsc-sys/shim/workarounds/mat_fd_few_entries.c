/* MatFDColoringCreate() divides by a fraction of the number of entries, which is zero for few entries; not for
   blocks. */
static PetscErrorCode PetscRsFDColoringCheck(Mat a)
{
  const double   scalar = sizeof(PetscScalar), integer = sizeof(PetscInt);
  PetscBool      plain = PETSC_FALSE;
  MatInfo        info;
  PetscInt       rows, columns;
  PetscErrorCode ierr = PetscObjectTypeCompareAny((PetscObject)a, &plain, MATSEQAIJ, MATMPIAIJ, MATSEQSELL, MATMPISELL, "");

  if (ierr || !plain) return ierr;
  ierr = MatGetLocalSize(a, &rows, &columns);
  if (!ierr) ierr = MatGetInfo(a, MAT_LOCAL, &info);
  if (ierr || rows <= 0) return ierr;
  if (0.5 * (info.nz_used * (scalar + integer) + 3 * rows * integer) >= rows * scalar) return ierr;
  return PetscRsError("MatFDColoringCreate", __FILE__, PETSC_ERR_SUP, "PETSc does not support finite differences for a matrix with so few entries");
}
