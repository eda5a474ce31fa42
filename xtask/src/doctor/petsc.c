/* What a PETSc can do: its version, a TAO solver, and the sum of a vector of ones, two on each rank. */
#include <petsctao.h>
#include <stdio.h>
#ifdef WITH_SLEPC
#include <slepceps.h>
#endif

int main(int argc, char **argv)
{
  int         major = 0, minor = 0, subminor = 0;
  PetscMPIInt rank = 0;
  PetscReal   sum = 0;
  Vec         x;
  Tao         tao;
  char        text[256];

  if (PetscInitialize(&argc, &argv, NULL, NULL)) return 1;
  if (PetscGetVersion(text, sizeof text)) return 1;
  if (sscanf(text, "%*[^0-9]%d.%d.%d", &major, &minor, &subminor) != 3) return 1;
  MPI_Comm_rank(PETSC_COMM_WORLD, &rank);
  if (rank == 0) printf("PETSc: (%d, %d, %d)\n", major, minor, subminor);
#ifdef WITH_SLEPC
  {
    EPS eps;
    if (SlepcInitialize(NULL, NULL, NULL, NULL)) return 1;
    if (EPSCreate(PETSC_COMM_WORLD, &eps) || EPSSetType(eps, EPSKRYLOVSCHUR) || EPSDestroy(&eps)) return 1;
    if (rank == 0) printf("SLEPc: %d.%d.%d\n", SLEPC_VERSION_MAJOR, SLEPC_VERSION_MINOR, SLEPC_VERSION_SUBMINOR);
    if (SlepcFinalize()) return 1;
  }
#endif
  if (TaoCreate(PETSC_COMM_WORLD, &tao) || TaoSetType(tao, TAOLMVM) || TaoDestroy(&tao)) return 1;
  if (rank == 0) printf("TAO: lmvm available\n");
  if (VecCreateMPI(PETSC_COMM_WORLD, 2, PETSC_DETERMINE, &x) || VecSet(x, 1.0)) return 1;
  if (VecNorm(x, NORM_1, &sum) || VecDestroy(&x)) return 1;
  printf("Rank %d sum = %.1f\n", (int)rank, (double)sum);
  return PetscFinalize() ? 1 : 0;
}
