/* Twin of src/bin/vector_assembly.rs: loads of bilinear elements on an n by n grid of them, added to
   a vector element by element (four entries a call), eight times over; then a pass over the array.
   Run: vector_assembly <n> */
#include <petscvec.h>

static PetscErrorCode assemble(Vec v, PetscInt n)
{
  const PetscScalar load[4] = {0.25, 0.25, 0.25, 0.25};

  PetscFunctionBeginUser;
  for (PetscInt i = 0; i < n; i++) {
    for (PetscInt j = 0; j < n; j++) {
      const PetscInt corner = i * (n + 1) + j;
      const PetscInt nodes[4] = {corner, corner + 1, corner + n + 2, corner + n + 1};
      PetscCall(VecSetValues(v, 4, nodes, load, ADD_VALUES));
    }
  }
  PetscCall(VecAssemblyBegin(v));
  PetscCall(VecAssemblyEnd(v));
  PetscFunctionReturn(0);
}

static PetscErrorCode halve(Vec v)
{
  PetscScalar *array;
  PetscInt     length;

  PetscFunctionBeginUser;
  PetscCall(VecGetLocalSize(v, &length));
  PetscCall(VecGetArray(v, &array));
  for (PetscInt i = 0; i < length; i++) array[i] *= 0.5;
  PetscCall(VecRestoreArray(v, &array));
  PetscFunctionReturn(0);
}

int main(int argc, char **argv)
{
  const PetscInt n = argc > 1 ? atoi(argv[1]) : 200;
  Vec            v;
  PetscReal      sum;

  PetscCall(PetscInitialize(&argc, &argv, NULL, NULL));
  PetscCall(VecCreate(PETSC_COMM_WORLD, &v));
  PetscCall(VecSetSizes(v, PETSC_DECIDE, (n + 1) * (n + 1)));
  PetscCall(VecSetFromOptions(v));
  for (int pass = 0; pass < 8; pass++) {
    PetscCall(VecSet(v, 0.0));
    PetscCall(assemble(v, n));
    PetscCall(halve(v));
  }
  PetscCall(VecNorm(v, NORM_1, &sum));
  PetscCall(VecDestroy(&v));
  PetscCall(PetscFinalize());
  return PetscAbsReal(sum - 0.5 * n * n) < 1e-6 * n * n ? 0 : 3;
}
