/* Twin of src/bin/empty.rs: starts and ends PETSc, the part that the other twins have in common. */
#include <petscsys.h>

int main(int argc, char **argv)
{
  PetscCall(PetscInitialize(&argc, &argv, NULL, NULL));
  PetscCall(PetscFinalize());
  return 0;
}
