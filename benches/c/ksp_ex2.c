/* Twin of src/bin/ksp_ex2.rs: what ksp/ex2 does, without output. The five-point Laplacian on an
   n by n grid, entry by entry; a right-hand side with known solution; the solver of the options;
   the norm of the error. Run: ksp_ex2 <n> */
#include <petscksp.h>

static PetscErrorCode assemble(Mat a, PetscInt n)
{
  PetscInt first, last;

  PetscFunctionBeginUser;
  PetscCall(MatGetOwnershipRange(a, &first, &last));
  for (PetscInt row = first; row < last; row++) {
    const PetscInt i = row / n, j = row % n;
    if (i > 0) PetscCall(MatSetValue(a, row, row - n, -1.0, ADD_VALUES));
    if (i < n - 1) PetscCall(MatSetValue(a, row, row + n, -1.0, ADD_VALUES));
    if (j > 0) PetscCall(MatSetValue(a, row, row - 1, -1.0, ADD_VALUES));
    if (j < n - 1) PetscCall(MatSetValue(a, row, row + 1, -1.0, ADD_VALUES));
    PetscCall(MatSetValue(a, row, row, 4.0, ADD_VALUES));
  }
  PetscCall(MatAssemblyBegin(a, MAT_FINAL_ASSEMBLY));
  PetscCall(MatAssemblyEnd(a, MAT_FINAL_ASSEMBLY));
  PetscFunctionReturn(0);
}

int main(int argc, char **argv)
{
  const PetscInt n = argc > 1 ? atoi(argv[1]) : 100;
  Mat            a;
  Vec            x, b, u;
  KSP            ksp;
  PetscReal      error;
  PetscLogStage  stage;

  PetscCall(PetscInitialize(&argc, &argv, NULL, NULL));
  PetscCall(PetscLogStageRegister("solve", &stage));
  PetscCall(PetscLogStagePush(stage));
  PetscCall(MatCreate(PETSC_COMM_WORLD, &a));
  PetscCall(MatSetSizes(a, PETSC_DECIDE, PETSC_DECIDE, n * n, n * n));
  PetscCall(MatSetType(a, MATAIJ));
  PetscCall(MatSetFromOptions(a));
  PetscCall(MatSeqAIJSetPreallocation(a, 5, NULL));
  PetscCall(MatMPIAIJSetPreallocation(a, 5, NULL, 5, NULL));
  PetscCall(assemble(a, n));
  PetscCall(MatCreateVecs(a, &x, &b));
  PetscCall(VecDuplicate(x, &u));
  PetscCall(VecSet(u, 1.0));
  PetscCall(MatMult(a, u, b));
  PetscCall(KSPCreate(PETSC_COMM_WORLD, &ksp));
  PetscCall(KSPSetOperators(ksp, a, a));
  PetscCall(KSPSetTolerances(ksp, 1e-2 / ((n + 1) * (n + 1)), 1e-50, PETSC_DEFAULT, PETSC_DEFAULT));
  PetscCall(KSPSetFromOptions(ksp));
  PetscCall(KSPSolve(ksp, b, x));
  PetscCall(PetscLogStagePop());
  PetscCall(VecAXPY(x, -1.0, u));
  PetscCall(VecNorm(x, NORM_2, &error));
  PetscCall(KSPDestroy(&ksp));
  PetscCall(VecDestroy(&u));
  PetscCall(VecDestroy(&b));
  PetscCall(VecDestroy(&x));
  PetscCall(MatDestroy(&a));
  PetscCall(PetscFinalize());
  return error < 1e-1 ? 0 : 3;
}
