/* The transform of the program `fft` by FFTW's own MPI: fft <n0> <n1> <n2> <repeats>. Plans are made by measuring, and are
   not timed. The spectrum stays transposed, as there. */
#include <fftw3-mpi.h>
#include <math.h>
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

static int ascending(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Between -1/2 and 1/2. */
static double value(ptrdiff_t i)
{
  return (double)((i * 7919 + 13) % 1009) / 1009 - 0.5;
}

static double median_time(fftw_plan plan, int repeats)
{
  double *times = malloc(repeats * sizeof *times), median;
  for (int k = -1; k < repeats; k++) {
    MPI_Barrier(MPI_COMM_WORLD);
    double begun = MPI_Wtime();
    fftw_execute(plan);
    MPI_Barrier(MPI_COMM_WORLD);
    if (k >= 0) times[k] = MPI_Wtime() - begun;
  }
  qsort(times, repeats, sizeof *times, ascending);
  median = 0.5 * (times[(repeats - 1) / 2] + times[repeats / 2]);
  free(times);
  return median;
}

int main(int argc, char **argv)
{
  int rank;
  MPI_Init(&argc, &argv);
  fftw_mpi_init();
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  if (argc != 5) {
    if (rank == 0) fprintf(stderr, "wanted: three sizes and a number of repeats\n");
    MPI_Abort(MPI_COMM_WORLD, 2);
  }
  ptrdiff_t n[3] = {atol(argv[1]), atol(argv[2]), atol(argv[3])};
  ptrdiff_t own, first, own_out, first_out;
  ptrdiff_t room = fftw_mpi_local_size_3d_transposed(n[0], n[1], n[2], MPI_COMM_WORLD, &own, &first, &own_out, &first_out);
  fftw_complex *in = fftw_alloc_complex(room), *out = fftw_alloc_complex(room);
  fftw_plan forward = fftw_mpi_plan_dft_3d(n[0], n[1], n[2], in, out, MPI_COMM_WORLD, FFTW_FORWARD,
                                           FFTW_MEASURE | FFTW_MPI_TRANSPOSED_OUT);
  fftw_plan backward = fftw_mpi_plan_dft_3d(n[0], n[1], n[2], out, in, MPI_COMM_WORLD, FFTW_BACKWARD,
                                            FFTW_MEASURE | FFTW_MPI_TRANSPOSED_IN);
  ptrdiff_t count = own * n[1] * n[2];
  for (ptrdiff_t i = 0; i < count; i++) {
    in[i][0] = value(i);
    in[i][1] = 0;
  }
  double there = median_time(forward, atoi(argv[4])), back = median_time(backward, atoi(argv[4]));
  double error = 0, all = (double)n[0] * n[1] * n[2];
  for (ptrdiff_t i = 0; i < count; i++) error = fmax(error, hypot(in[i][0] / all - value(i), in[i][1] / all));
  MPI_Allreduce(MPI_IN_PLACE, &error, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
  if (rank == 0) printf("forward %.3f ms, backward %.3f ms\nround trip: relative error %.1e\n", 1e3 * there, 1e3 * back, error / 0.5);
  fftw_destroy_plan(forward);
  fftw_destroy_plan(backward);
  fftw_free(in);
  fftw_free(out);
  fftw_mpi_cleanup();
  MPI_Finalize();
  return 0;
}
