/* Upstream: KSPComputeEigenvaluesExplicitly(), src/ksp/ksp/interface/eige.c
   Releases: 3.18 - 3.26
   Fault: LAPACK's geev receives NaN entries, and then writes out of bounds.
   Workaround: the operator is computed and checked for NaN first.
   Test: unchecked::eigenvalues_of_what_is_not_a_number
   Patch: petsc/ksp_eigenvalues_nan.patch */
/* LAPACK's geev writes out of bounds if the matrix has an entry that is not a number. The operator is computed and
   checked first; then it is the operator of another solver, because it may differ when it is computed again. */
PetscErrorCode PetscRsKSPComputeEigenvaluesExplicitly(KSP ksp, PetscInt n, PetscReal real[], PetscReal imaginary[])
{
  MPI_Comm           comm = PetscObjectComm((PetscObject)ksp);
  KSP                plain = NULL;
  PC                 pc;
  Mat                operator = NULL;
  const PetscScalar *a        = NULL;
  PetscInt           rows, columns, lda, i, j;
  int                mine = 0, any = 0;
  PetscErrorCode     ierr = KSPComputeOperator(ksp, MATDENSE, &operator);

  if (!ierr) ierr = MatGetLocalSize(operator, &rows, NULL);
  if (!ierr) ierr = MatGetSize(operator, NULL, &columns);
  if (!ierr) ierr = MatDenseGetLDA(operator, &lda);
  if (!ierr) ierr = MatDenseGetArrayRead(operator, &a);
  if (!ierr) {
    for (j = 0; j < columns; j++) {
      for (i = 0; i < rows; i++) mine |= PetscIsInfOrNanScalar(a[i + j * lda]);
    }
    ierr = MatDenseRestoreArrayRead(operator, &a);
    if (!ierr && MPI_Allreduce(&mine, &any, 1, MPI_INT, MPI_LOR, comm)) ierr = PetscRsError("KSPComputeEigenvaluesExplicitly", __FILE__, PETSC_ERR_LIB, "MPI_Allreduce failed");
  }
  if (!ierr && any) ierr = PetscRsError("KSPComputeEigenvaluesExplicitly", __FILE__, PETSC_ERR_FP, "the preconditioned operator has entries that are infinite or not a number");
  if (!ierr) ierr = KSPCreate(comm, &plain);
  if (!ierr) ierr = KSPSetType(plain, KSPPREONLY);
  if (!ierr) ierr = KSPGetPC(plain, &pc);
  if (!ierr) ierr = PCSetType(pc, PCNONE);
  if (!ierr) ierr = KSPSetOperators(plain, operator, operator);
  if (!ierr) ierr = KSPSetUp(plain);
  if (!ierr) ierr = KSPComputeEigenvaluesExplicitly(plain, n, real, imaginary);
  if (!ierr) ierr = KSPDestroy(&plain);
  else (void)KSPDestroy(&plain);
  if (!ierr) ierr = MatDestroy(&operator);
  else (void)MatDestroy(&operator);
  return ierr;
}
