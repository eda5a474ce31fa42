/* Twin of src/bin/eps_ex2.rs: what eps/ex2 does, without output: the Laplacian on n by n points, entry by entry.
   Run: eps_ex2 <n> */
#include "eps.h"

int main(int argc, char **argv)
{
  const PetscInt n = argc > 1 ? atoi(argv[1]) : 20;
  PetscInt       first, last;
  PetscBool      right;
  Mat            a;

  PetscCall(SlepcInitialize(&argc, &argv, NULL, NULL));
  PetscCall(MatCreate(PETSC_COMM_WORLD, &a));
  PetscCall(MatSetSizes(a, PETSC_DECIDE, PETSC_DECIDE, n * n, n * n));
  PetscCall(MatSetFromOptions(a));
  PetscCall(MatSetUp(a));
  PetscCall(MatGetOwnershipRange(a, &first, &last));
  for (PetscInt row = first; row < last; row++) {
    const PetscInt i = row / n, j = row % n;
    if (i > 0) PetscCall(MatSetValue(a, row, row - n, -1.0, INSERT_VALUES));
    if (i < n - 1) PetscCall(MatSetValue(a, row, row + n, -1.0, INSERT_VALUES));
    if (j > 0) PetscCall(MatSetValue(a, row, row - 1, -1.0, INSERT_VALUES));
    if (j < n - 1) PetscCall(MatSetValue(a, row, row + 1, -1.0, INSERT_VALUES));
    PetscCall(MatSetValue(a, row, row, 4.0, INSERT_VALUES));
  }
  PetscCall(MatAssemblyBegin(a, MAT_FINAL_ASSEMBLY));
  PetscCall(MatAssemblyEnd(a, MAT_FINAL_ASSEMBLY));
  PetscCall(solve(a, 4.0 - 4.0 * PetscCosReal(n * PETSC_PI / (n + 1)), &right));
  PetscCall(MatDestroy(&a));
  PetscCall(SlepcFinalize());
  return right ? 0 : 3;
}
