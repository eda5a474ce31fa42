/* Upstream: MatDiagonalScale_MPISBAIJ(), src/mat/impls/sbaij/mpi/mpisbaij.c; until 3.25 MatDiagonalScale_SeqSBAIJ()
   Releases: 3.18 - 3.26
   Fault: SNESVIComputeJacobian() scales rows without columns; the type sbaij reads the missing vector, NULL is dereferenced.
     3.25 ignores it on one process, and computes a wrong matrix.
   Workaround: SNESVINEWTONSSLS returns an error for this type.
   Test: unchecked::rows_of_symmetric_storage_are_not_scaled_by_newton
   Patch: petsc/mat_sbaij_scale.patch */
static PetscErrorCode PetscRsSNESCheckScaling(SNES snes)
{
  PetscBool      symmetric = PETSC_FALSE, other = PETSC_FALSE;
  PetscErrorCode ierr      = (PetscErrorCode)0;

  if (snes->jacobian) ierr = PetscObjectTypeCompareAny((PetscObject)snes->jacobian, &symmetric, MATSEQSBAIJ, MATMPISBAIJ, "");
  if (!ierr && snes->jacobian_pre) ierr = PetscObjectTypeCompareAny((PetscObject)snes->jacobian_pre, &other, MATSEQSBAIJ, MATMPISBAIJ, "");
  if (ierr || (!symmetric && !other)) return ierr;
  return PetscRsError("SNESSolve", __FILE__, PETSC_ERR_SUP, "vinewtonssls scales rows, which a matrix of type sbaij cannot alone: convert it to baij or aij");
}
