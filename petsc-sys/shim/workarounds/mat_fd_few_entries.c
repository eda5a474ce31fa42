/* Upstream: MatFDColoringCreate_MPIXAIJ(), src/mat/impls/aij/mpi/fdmpiaij.c; in 3.18 also
     MatFDColoringCreate_SeqXAIJ()
   Releases: 3.18 - 3.26
   Fault: the number of columns that are processed together is computed in proportion to the number of entries. This
     number is rounded to 0 if there are few entries, and is then a divisor.
   Workaround: MatFDColoring is refused for such matrices, except for matrices with blocks, which do not have the
     fault.
   Test: unchecked::differences_of_few_entries_are_refused
   Patch: petsc/mat_fd_few_entries.patch */
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
