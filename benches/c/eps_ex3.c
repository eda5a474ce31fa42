/* Twin of src/bin/eps_ex3.rs: what eps/ex3 does, without output: the Laplacian on n by n points, known by its products.
   Run: eps_ex3 <n> */
#include "eps.h"

static PetscErrorCode product(Mat a, Vec vx, Vec vy)
{
  const PetscScalar *x;
  PetscScalar       *y;
  PetscInt           n;
  void              *ctx;

  PetscFunctionBeginUser;
  PetscCall(MatShellGetContext(a, &ctx));
  n = *(PetscInt *)ctx;
  PetscCall(VecGetArrayRead(vx, &x));
  PetscCall(VecGetArray(vy, &y));
  for (PetscInt j = 0; j < n; j++) {
    const PetscScalar *row = x + j * n;
    PetscScalar       *out = y + j * n;
    out[0] = 4.0 * row[0] - row[1];
    for (PetscInt i = 1; i < n - 1; i++) out[i] = 4.0 * row[i] - row[i - 1] - row[i + 1];
    out[n - 1] = 4.0 * row[n - 1] - row[n - 2];
    if (j > 0)
      for (PetscInt i = 0; i < n; i++) out[i] -= row[i - n];
    if (j < n - 1)
      for (PetscInt i = 0; i < n; i++) out[i] -= row[i + n];
  }
  PetscCall(VecRestoreArrayRead(vx, &x));
  PetscCall(VecRestoreArray(vy, &y));
  PetscFunctionReturn(0);
}

int main(int argc, char **argv)
{
  PetscInt  n = argc > 1 ? atoi(argv[1]) : 20;
  PetscBool right;
  Mat       a;

  PetscCall(SlepcInitialize(&argc, &argv, NULL, NULL));
  PetscCall(MatCreateShell(PETSC_COMM_WORLD, n * n, n * n, n * n, n * n, &n, &a));
  PetscCall(MatShellSetOperation(a, MATOP_MULT, (void (*)(void))product));
  PetscCall(solve(a, 4.0 - 4.0 * PetscCosReal(n * PETSC_PI / (n + 1)), &right));
  PetscCall(MatDestroy(&a));
  PetscCall(SlepcFinalize());
  return right ? 0 : 3;
}
