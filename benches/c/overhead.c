/* Twin of src/bin/overhead.rs: one call, many times, with 10 unknowns. `cargo xtask bench --calls` counts the
   instructions inside of the functions `measured_...`. Run: overhead <call> <count> */
#include <petscksp.h>
#include <string.h>

#define N 10

/* A function that has `call` in a loop. */
#define MEASURED(name, call) \
  static __attribute__((noinline)) PetscErrorCode measured_##name(PetscInt count, KSP ksp, Mat a, Vec x, Vec y, PetscScalar *sum) \
  { \
    PetscFunctionBeginUser; \
    for (PetscInt i = 0; i < count; i++) { call; } \
    PetscFunctionReturn(0); \
  }

MEASURED(axpy, PetscCall(VecAXPY(y, 1.0, x)))
MEASURED(dot, PetscScalar value; PetscCall(VecDot(x, y, &value)); *sum += value)
/* A slice of Rust has a length. */
MEASURED(array_mut, PetscScalar *array; PetscInt n; PetscCall(VecGetLocalSize(y, &n)); PetscCall(VecGetArray(y, &array)); if (n > 3) array[3] += 1.0; PetscCall(VecRestoreArray(y, &array)))
MEASURED(vector_set_value, PetscCall(VecSetValue(y, 3, 1.0, INSERT_VALUES)))
MEASURED(matrix_set_value, PetscCall(MatSetValue(a, 3, 3, 1.0, INSERT_VALUES)))
MEASURED(mult, PetscCall(MatMult(a, x, y)))
MEASURED(ksp_solve, PetscCall(KSPSolve(ksp, x, y)))

static PetscErrorCode laplacian(Mat *a)
{
  PetscFunctionBeginUser;
  PetscCall(MatCreate(PETSC_COMM_WORLD, a));
  PetscCall(MatSetSizes(*a, PETSC_DECIDE, PETSC_DECIDE, N, N));
  PetscCall(MatSetType(*a, MATAIJ));
  PetscCall(MatSeqAIJSetPreallocation(*a, 3, NULL));
  for (PetscInt i = 0; i < N; i++) {
    for (PetscInt j = PetscMax(i - 1, 0); j < PetscMin(i + 2, N); j++) PetscCall(MatSetValue(*a, i, j, i == j ? 2.0 : -1.0, INSERT_VALUES));
  }
  PetscCall(MatAssemblyBegin(*a, MAT_FINAL_ASSEMBLY));
  PetscCall(MatAssemblyEnd(*a, MAT_FINAL_ASSEMBLY));
  PetscFunctionReturn(0);
}

int main(int argc, char **argv)
{
  const char    *call  = argc > 1 ? argv[1] : "";
  const PetscInt count = argc > 2 ? atoi(argv[2]) : 1;
  Mat            a;
  Vec            x, y;
  KSP            ksp;
  PC             pc;
  PetscScalar    sum = 0.0;

  PetscCall(PetscInitialize(&argc, &argv, NULL, NULL));
  PetscCall(laplacian(&a));
  PetscCall(MatCreateVecs(a, &x, &y));
  PetscCall(VecSet(x, 1.0));
  PetscCall(VecSet(y, 1.0));
  PetscCall(KSPCreate(PETSC_COMM_WORLD, &ksp));
  PetscCall(KSPSetOperators(ksp, a, a));
  PetscCall(KSPSetType(ksp, KSPCG));
  PetscCall(KSPGetPC(ksp, &pc));
  PetscCall(PCSetType(pc, PCJACOBI));
#define IF(name) if (!strcmp(call, #name)) PetscCall(measured_##name(count, ksp, a, x, y, &sum)); else
  IF(axpy) IF(dot) IF(array_mut) IF(vector_set_value) IF(matrix_set_value) IF(mult) IF(ksp_solve) return 3;
  PetscCall(KSPDestroy(&ksp));
  PetscCall(VecDestroy(&y));
  PetscCall(VecDestroy(&x));
  PetscCall(MatDestroy(&a));
  PetscCall(PetscFinalize());
  return PetscRealPart(sum) < 0.0 ? 3 : 0;
}
