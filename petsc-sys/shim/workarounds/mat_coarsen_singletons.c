/* Upstream: MatCoarsenApply_MIS(), src/mat/graphops/coarsen/impls/mis/mis.c; MatCoarsenApply_MISK(), misk.c there (before
     3.21 in src/mat/coarsen)
   Releases: 3.18 - 3.26
   Fault: a row of a MATMPIAIJ with one entry is treated as a vertex without neighbors, even if this entry is off the
     diagonal. If another row has an entry in the column of this vertex, the vertex is counted twice, and the search
     does not end. The pattern of a matrix with the option MAT_SYMMETRIC is assumed to be symmetric.
   Workaround: if the pattern of such a graph is not symmetric or lacks diagonal entries, the missing entries are added
     first.
   Test: unchecked::gamg_of_a_matrix_without_diagonal_entries,
     unchecked::gamg_of_a_matrix_that_is_not_symmetric_as_claimed
   Patch: petsc/mat_coarsen_singletons.patch */
static PetscErrorCode (*PetscRsMakeMIS)(MatCoarsen);
static PetscErrorCode (*PetscRsMakeMISK)(MatCoarsen);
#define PETSC_RS_COARSEN "petsc-rs.mat.coarsen.apply"

/* A number for an edge: the finalizer of SplitMix64. */
static unsigned long long PetscRsEdge(PetscInt row, PetscInt column)
{
  unsigned long long x = (unsigned long long)row * 0x9e3779b97f4a7c15ULL ^ (unsigned long long)column;

  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

/* Whether the pattern is symmetric, with all entries on the diagonal: the numbers of the edges on both sides of the
   diagonal have the same sum. */
static PetscErrorCode PetscRsGraphIsComplete(Mat graph, PetscBool *complete)
{
  const PetscInt    *columns;
  PetscInt           first, last, n;
  unsigned long long mine[3] = {0, 0, 0}, all[3];
  PetscErrorCode     ierr    = MatGetOwnershipRange(graph, &first, &last);

  for (PetscInt i = first; !ierr && i < last; i++) {
    ierr = MatGetRow(graph, i, &n, &columns, NULL);
    mine[2]++;
    for (PetscInt k = 0; !ierr && k < n; k++) {
      if (columns[k] == i) mine[2]--;
      else if (columns[k] > i) mine[0] += PetscRsEdge(i, columns[k]);
      else mine[1] += PetscRsEdge(columns[k], i);
    }
    if (!ierr) ierr = MatRestoreRow(graph, i, &n, &columns, NULL);
  }
  if (ierr) return ierr;
  if (MPI_Allreduce(mine, all, 3, MPI_UNSIGNED_LONG_LONG, MPI_SUM, PetscObjectComm((PetscObject)graph))) return PetscRsError("MatCoarsenApply", __FILE__, PETSC_ERR_LIB, "MPI_Allreduce failed");
  *complete = all[0] == all[1] && !all[2] ? PETSC_TRUE : PETSC_FALSE;
  return ierr;
}

/* The entries of the graph are set one after the other: MatAXPY() refuses graphs without values. */
static PetscErrorCode PetscRsGraphComplete(Mat graph, Mat *complete)
{
  const PetscInt *columns;
  PetscInt        first, last, n;
  PetscErrorCode  ierr = MatTranspose(graph, MAT_INITIAL_MATRIX, complete);

  if (!ierr) ierr = MatSetOption(*complete, MAT_NEW_NONZERO_LOCATION_ERR, PETSC_FALSE);
  if (!ierr) ierr = MatSetOption(*complete, MAT_NEW_NONZERO_ALLOCATION_ERR, PETSC_FALSE);
  if (!ierr) ierr = MatSetOption(*complete, MAT_NEW_NONZERO_LOCATIONS, PETSC_TRUE);
  if (!ierr) ierr = MatGetOwnershipRange(graph, &first, &last);
  for (PetscInt i = first; !ierr && i < last; i++) {
    ierr = MatGetRow(graph, i, &n, &columns, NULL);
    for (PetscInt k = 0; !ierr && k < n; k++) ierr = MatSetValue(*complete, i, columns[k], 1.0, ADD_VALUES);
    if (!ierr) ierr = MatSetValue(*complete, i, i, 1.0, ADD_VALUES);
    if (!ierr) ierr = MatRestoreRow(graph, i, &n, &columns, NULL);
  }
  if (!ierr) ierr = MatAssemblyBegin(*complete, MAT_FINAL_ASSEMBLY);
  return ierr ? ierr : MatAssemblyEnd(*complete, MAT_FINAL_ASSEMBLY);
}

static PetscErrorCode PetscRsCoarsenApply(MatCoarsen coarsen)
{
  PetscErrorCode (*apply)(MatCoarsen) = NULL;
  const Mat      graph                = coarsen->graph;
  Mat            copy                 = NULL;
  PetscBool      shared, complete     = PETSC_TRUE;
  PetscErrorCode ierr                 = PetscObjectQueryFunction((PetscObject)coarsen, PETSC_RS_COARSEN, &apply), end;

  if (!ierr) ierr = PetscObjectBaseTypeCompare((PetscObject)graph, MATMPIAIJ, &shared);
  if (!ierr && shared) ierr = PetscRsGraphIsComplete(graph, &complete);
  if (!ierr && !complete) ierr = PetscRsGraphComplete(graph, &copy);
  if (!ierr) {
    if (copy) coarsen->graph = copy;
    ierr           = apply(coarsen);
    coarsen->graph = graph;
  }
  end = MatDestroy(&copy);
  return ierr ? ierr : end;
}

static PetscErrorCode PetscRsCoarsenGuard(MatCoarsen coarsen)
{
  PetscErrorCode ierr = PetscObjectComposeFunction((PetscObject)coarsen, PETSC_RS_COARSEN, coarsen->ops->apply);

  coarsen->ops->apply = PetscRsCoarsenApply;
  return ierr;
}

static PetscErrorCode PetscRsCreateMIS(MatCoarsen coarsen)
{
  PetscErrorCode ierr = PetscRsMakeMIS(coarsen);

  return ierr ? ierr : PetscRsCoarsenGuard(coarsen);
}

static PetscErrorCode PetscRsCreateMISK(MatCoarsen coarsen)
{
  PetscErrorCode ierr = PetscRsMakeMISK(coarsen);

  return ierr ? ierr : PetscRsCoarsenGuard(coarsen);
}

static PetscErrorCode PetscRsReplaceCoarsen(MatCoarsenType type, PetscErrorCode (*ours)(MatCoarsen), PetscErrorCode (**theirs)(MatCoarsen))
{
  PetscErrorCode (*create)(MatCoarsen) = NULL;
  PetscErrorCode ierr                  = PetscFunctionListFind(MatCoarsenList, type, &create);

  if (ierr || !create || create == ours) return ierr;
  *theirs = create;
  return MatCoarsenRegister(type, ours);
}
