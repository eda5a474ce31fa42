/* Says which rank of how many it is, and adds up all ranks. */
#include <mpi.h>
#include <stdio.h>

int main(int argc, char **argv)
{
  int rank = 0, size = 0, one = 1, sum = 0;

  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  MPI_Allreduce(&one, &sum, 1, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
  printf("Hello from rank %d / %d\n", rank, size);
  MPI_Finalize();
  return sum == size ? 0 : 1;
}
