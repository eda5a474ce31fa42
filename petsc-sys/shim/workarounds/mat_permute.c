/* Upstream: MatPermute_MPIBAIJ(), src/mat/impls/baij/mpi/mpibaij.c
   Releases: 3.18 - 3.26
   Fault: the communicator of the column permutation determines whether the row permutation counts as a copy. If the
     communicators of both permutations differ, the caller's permutation is destroyed.
   Workaround: the permutation that will be destroyed gets an additional reference.
   Test: unchecked::a_permutation_outlives_the_matrix_that_it_permutes
   Patch: petsc/mat_permute.patch */
static PetscErrorCode (*PetscRsPermuteMPIBAIJ)(Mat, IS, IS, Mat *);

static PetscErrorCode PetscRsPermute(Mat a, IS rows, IS columns, Mat *b)
{
  const MPI_Comm comm    = PetscObjectComm((PetscObject)a);
  PetscBool      destroy = PetscObjectComm((PetscObject)rows) == comm && PetscObjectComm((PetscObject)columns) != comm ? PETSC_TRUE : PETSC_FALSE;
  PetscErrorCode ierr    = destroy ? PetscObjectReference((PetscObject)rows) : (PetscErrorCode)0;

  if (ierr) return ierr;
  ierr = PetscRsPermuteMPIBAIJ(a, rows, columns, b);
  if (ierr && destroy) (void)PetscObjectDereference((PetscObject)rows);
  return ierr;
}

static void PetscRsPermuteGuard(Mat a)
{
  if (strcmp(((PetscObject)a)->type_name, MATMPIBAIJ) != 0) return;
  PetscRsPermuteMPIBAIJ = a->ops->permute;
  a->ops->permute       = PetscRsPermute;
}
