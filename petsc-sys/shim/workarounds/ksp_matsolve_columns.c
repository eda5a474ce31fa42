/* Upstream: KSPMatSolve(), src/ksp/ksp/interface/itfunc.c; PCMatApply(), src/ksp/pc/interface/precon.c
   Releases: 3.18 - 3.26
   Fault: after an error, the columns of the dense matrices are not restored. The solver keeps the vectors of the
     columns, whose arrays are freed with the matrices.
   Workaround: the columns are restored after an error.
   Test: unchecked::columns_are_taken_back_from_a_solve_that_failed
   Patch: none, PETSc does not restore state after errors */
#if PETSC_VERSION_LT(3, 25, 0)
  #define PETSC_RS_QUIET PetscIgnoreErrorHandler
#else
  #define PETSC_RS_QUIET PetscReturnErrorHandler
#endif

PetscErrorCode PetscRsMatDenseRestoreColumn(Mat a, PetscBool reads)
{
  PetscErrorCode (*restore)(Mat, PetscInt, Vec *) = NULL;
  Vec            column                           = NULL;
  PetscErrorCode ierr                             = PetscObjectQueryFunction((PetscObject)a, reads ? "MatDenseRestoreColumnVecRead_C" : "MatDenseRestoreColumnVecWrite_C", &restore);

  if (ierr || !restore || !a->preallocated) return ierr;
  ierr = PetscPushErrorHandler(PETSC_RS_QUIET, NULL); /* an error if no column is lent */
  if (ierr) return ierr;
  (void)restore(a, 0, &column);
  return PetscPopErrorHandler();
}
