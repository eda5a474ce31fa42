/* Upstream: MatLUFactorSymbolic_SuperLU_DIST(), src/mat/impls/aij/mpi/superlu_dist/superlu_dist.c
   Releases: 3.18 - 3.26
   Fault: the process grid of the first factor is stored with the communicator for later factors. The grid of a second
     factor overwrites the stored one, and is freed with the second factor. A third factor, or the destruction of the
     communicator, uses the freed grid.
   Workaround: each factor has its own communicator; its grid is freed with this communicator.
   Test: unchecked::superlu_dist_keeps_the_process_grid_of_a_factor
   Patch: petsc/mat_superlu_dist_grid.patch */
static PetscErrorCode (*PetscRsSuperluDistLU)(Mat, Mat, IS, IS, const MatFactorInfo *);
static PetscErrorCode (*PetscRsSuperluDistCholesky)(Mat, Mat, IS, const MatFactorInfo *);

/* A communicator that another one keeps for users outside of PETSc. */
typedef struct {
  MPI_Comm owner, lent;
} PetscRsGrid;

static PetscErrorCode PetscRsGridFree(void *ctx)
{
  PetscRsGrid   *grid = (PetscRsGrid *)PetscRsKept(ctx);
  PetscErrorCode ierr = PetscCommRestoreComm(grid->owner, &grid->lent);

  if (!ierr) ierr = PetscCommDestroy(&grid->owner);
  return ierr ? ierr : PetscFree(grid);
}

/* The grid is kept with the communicator of the matrix, and looked up with that of the factor. */
static PetscErrorCode PetscRsSuperluDistLUAlone(Mat factor, Mat a, IS rows, IS columns, const MatFactorInfo *info)
{
  const MPI_Comm comm = PetscObjectComm((PetscObject)a);
  PetscErrorCode ierr;

  ((PetscObject)a)->comm = PetscObjectComm((PetscObject)factor);
  ierr                   = PetscRsSuperluDistLU(factor, a, rows, columns, info);
  ((PetscObject)a)->comm = comm;
  return ierr;
}

static PetscErrorCode PetscRsSuperluDistCholeskyAlone(Mat factor, Mat a, IS rows, const MatFactorInfo *info)
{
  const MPI_Comm comm = PetscObjectComm((PetscObject)a);
  PetscErrorCode ierr;

  ((PetscObject)a)->comm = PetscObjectComm((PetscObject)factor);
  ierr                   = PetscRsSuperluDistCholesky(factor, a, rows, info);
  ((PetscObject)a)->comm = comm;
  return ierr;
}

static PetscErrorCode PetscRsSuperluDistAlone(Mat factor)
{
  PetscRsGrid   *grid = NULL;
  MPI_Comm       own;
  PetscErrorCode ierr = PetscNew(&grid);

  if (!ierr) ierr = PetscCommDuplicate(PetscObjectComm((PetscObject)factor), &grid->owner, NULL);
  if (!ierr) ierr = PetscCommGetComm(grid->owner, &grid->lent);
  if (!ierr) ierr = PetscCommDuplicate(grid->lent, &own, NULL);
  if (!ierr) ierr = PetscRsKeep((PetscObject)factor, "petsc-rs.mat.grid", grid, PetscRsGridFree);
  if (!ierr) ierr = PetscCommDestroy(&((PetscObject)factor)->comm);
  if (ierr) return ierr;
  ((PetscObject)factor)->comm = own;
  if (factor->ops->lufactorsymbolic) {
    PetscRsSuperluDistLU           = factor->ops->lufactorsymbolic;
    factor->ops->lufactorsymbolic = PetscRsSuperluDistLUAlone;
  }
  if (factor->ops->choleskyfactorsymbolic) {
    PetscRsSuperluDistCholesky          = factor->ops->choleskyfactorsymbolic;
    factor->ops->choleskyfactorsymbolic = PetscRsSuperluDistCholeskyAlone;
  }
  return ierr;
}
