/* Upstream: DMCreateMatrix_DA_1d_MPIAIJ_Fill(), src/dm/impls/da/fdda.c
   Releases: 3.18 - 3.26
   Fault: row lengths are written for twice as many points as the stencil width, even if a process has fewer points. If
     only the couplings between points are set, the couplings within a point are read through NULL.
   Workaround: the matrix of such a DMDA gets all couplings.
   Test: unchecked::couplings_of_few_points_are_all_kept
   Patch: petsc/dm_da_fill_1d.patch */
static PetscErrorCode PetscRsDMDACreateMatrix(DM dm, Mat *matrix)
{
  DM_DA          *da = (DM_DA *)dm->data;
  const PetscInt *lx;
  PetscInt       *diagonal = da->dfill, *others = da->ofill;
  PetscInt        dim, m, s;
  PetscBool       few = PETSC_FALSE;
  PetscErrorCode  ierr = DMDAGetInfo(dm, &dim, NULL, NULL, NULL, &m, NULL, NULL, NULL, &s, NULL, NULL, NULL, NULL);

  if (!ierr && dim == 1 && others) {
    ierr = DMDAGetOwnershipRanges(dm, &lx, NULL, NULL);
    few  = diagonal ? PETSC_FALSE : PETSC_TRUE;
    for (PetscInt i = 0; !ierr && i < m; i++) few = few || lx[i] < 2 * s ? PETSC_TRUE : PETSC_FALSE;
  }
  if (ierr || !few) return ierr ? ierr : PetscRsDMDAOps.creatematrix(dm, matrix);
  da->dfill = NULL;
  da->ofill = NULL;
  ierr      = PetscRsDMDAOps.creatematrix(dm, matrix);
  da->dfill = diagonal;
  da->ofill = others;
  return ierr;
}
