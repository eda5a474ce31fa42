/* Twin of src/bin/eps_ex1.rs: what eps/ex1 does, without output: the Laplacian in one dimension, row by row.
   Run: eps_ex1 <n> */
#include "eps.h"

int main(int argc, char **argv)
{
  const PetscInt n = argc > 1 ? atoi(argv[1]) : 100;
  PetscInt       first, last;
  PetscBool      right;
  Mat            a;

  PetscCall(SlepcInitialize(&argc, &argv, NULL, NULL));
  PetscCall(MatCreate(PETSC_COMM_WORLD, &a));
  PetscCall(MatSetSizes(a, PETSC_DECIDE, PETSC_DECIDE, n, n));
  PetscCall(MatSetFromOptions(a));
  PetscCall(MatSetUp(a));
  PetscCall(MatGetOwnershipRange(a, &first, &last));
  for (PetscInt i = first; i < last; i++) {
    if (i > 0) PetscCall(MatSetValue(a, i, i - 1, -1.0, INSERT_VALUES));
    if (i < n - 1) PetscCall(MatSetValue(a, i, i + 1, -1.0, INSERT_VALUES));
    PetscCall(MatSetValue(a, i, i, 2.0, INSERT_VALUES));
  }
  PetscCall(MatAssemblyBegin(a, MAT_FINAL_ASSEMBLY));
  PetscCall(MatAssemblyEnd(a, MAT_FINAL_ASSEMBLY));
  PetscCall(solve(a, 2.0 - 2.0 * PetscCosReal(n * PETSC_PI / (n + 1)), &right));
  PetscCall(MatDestroy(&a));
  PetscCall(SlepcFinalize());
  return right ? 0 : 3;
}
