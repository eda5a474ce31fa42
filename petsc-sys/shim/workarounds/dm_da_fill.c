/* Upstream: DMRefine_DA(), DMCoarsen_DA(), src/dm/impls/da/da.c
   Releases: 3.18 - 3.26
   Fault: the fill of a DMDA with w unknowns is an array whose element w is the length of the array. The copy reads w +
     1 elements more than this length, beyond the end of the array, which only valgrind detects.
   Workaround: a DMDA is refined and coarsened without its fills. Afterwards, the fills are copied with their length.
   Test: unchecked::couplings_of_unknowns_stay_with_other_grids
   Patch: petsc/dm_da_fill.patch */
static PetscErrorCode PetscRsDMDACopyFill(PetscInt n, const PetscInt *from, PetscInt **to)
{
  PetscErrorCode ierr;

  if (!from) return (PetscErrorCode)0;
  ierr = PetscMalloc1(from[n], to);
  return ierr ? ierr : PetscArraycpy(*to, from, from[n]);
}

static PetscErrorCode PetscRsDMDADerive(DM dm, MPI_Comm comm, DM *other, PetscErrorCode (*derive)(DM, MPI_Comm, DM *))
{
  DM_DA         *da = (DM_DA *)dm->data, *made;
  PetscInt      *diagonal = da->dfill, *others = da->ofill;
  PetscErrorCode ierr;

  da->dfill = NULL;
  da->ofill = NULL;
  ierr      = derive(dm, comm, other);
  da->dfill = diagonal;
  da->ofill = others;
  if (ierr || !*other) return ierr;
  made = (DM_DA *)(*other)->data;
  ierr = PetscRsDMDACopyFill(da->w, diagonal, &made->dfill);
  return ierr ? ierr : PetscRsDMDACopyFill(da->w, others, &made->ofill);
}

static PetscErrorCode PetscRsDMDACoarsen(DM dm, MPI_Comm comm, DM *coarse)
{
  return PetscRsDMDADerive(dm, comm, coarse, PetscRsDMDACoarsenPoints);
}

static PetscErrorCode PetscRsDMDARefine(DM dm, MPI_Comm comm, DM *fine)
{
  return PetscRsDMDADerive(dm, comm, fine, PetscRsDMDAOps.refine);
}
