/* Twin of src/bin/slepc_empty.rs: starts and ends PETSc and SLEPc. */
#include <slepcsys.h>

int main(int argc, char **argv)
{
  PetscCall(SlepcInitialize(&argc, &argv, NULL, NULL));
  PetscCall(SlepcFinalize());
  return 0;
}
