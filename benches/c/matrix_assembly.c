/* Twin of src/bin/matrix_assembly.rs: stiffness of bilinear elements on an n by n grid of them, added
   to a matrix element by element (sixteen entries a call), four times over.
   Run: matrix_assembly <n> */
#include <petscmat.h>

static PetscErrorCode assemble(Mat a, PetscInt n)
{
  const PetscScalar d = 2.0 / 3.0, e = -1.0 / 6.0, f = -1.0 / 3.0;
  const PetscScalar stiffness[16] = {d, e, f, e, e, d, e, f, f, e, d, e, e, f, e, d};

  PetscFunctionBeginUser;
  for (PetscInt i = 0; i < n; i++) {
    for (PetscInt j = 0; j < n; j++) {
      const PetscInt corner = i * (n + 1) + j;
      const PetscInt nodes[4] = {corner, corner + 1, corner + n + 2, corner + n + 1};
      PetscCall(MatSetValues(a, 4, nodes, 4, nodes, stiffness, ADD_VALUES));
    }
  }
  PetscCall(MatAssemblyBegin(a, MAT_FINAL_ASSEMBLY));
  PetscCall(MatAssemblyEnd(a, MAT_FINAL_ASSEMBLY));
  PetscFunctionReturn(0);
}

int main(int argc, char **argv)
{
  const PetscInt n = argc > 1 ? atoi(argv[1]) : 200;
  Mat            a;
  Vec            x, y;
  PetscReal      norm;

  PetscCall(PetscInitialize(&argc, &argv, NULL, NULL));
  PetscCall(MatCreate(PETSC_COMM_WORLD, &a));
  PetscCall(MatSetSizes(a, PETSC_DECIDE, PETSC_DECIDE, (n + 1) * (n + 1), (n + 1) * (n + 1)));
  PetscCall(MatSetType(a, MATAIJ));
  PetscCall(MatSetFromOptions(a));
  PetscCall(MatSeqAIJSetPreallocation(a, 9, NULL));
  PetscCall(MatMPIAIJSetPreallocation(a, 9, NULL, 9, NULL));
  for (int pass = 0; pass < 4; pass++) PetscCall(assemble(a, n));
  /* A constant is in the null space. */
  PetscCall(MatCreateVecs(a, &x, &y));
  PetscCall(VecSet(x, 1.0));
  PetscCall(MatMult(a, x, y));
  PetscCall(VecNorm(y, NORM_INFINITY, &norm));
  PetscCall(VecDestroy(&y));
  PetscCall(VecDestroy(&x));
  PetscCall(MatDestroy(&a));
  PetscCall(PetscFinalize());
  return norm < 1e-9 ? 0 : 3;
}
