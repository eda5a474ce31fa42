/* A copy of the places that the unknowns of a point fill: the number after those of the rows is that of all. */
static PetscErrorCode PetscRsDMDACopyFill(PetscInt n, const PetscInt *from, PetscInt **to)
{
  PetscErrorCode ierr;

  if (!from) return (PetscErrorCode)0;
  ierr = PetscMalloc1(from[n], to);
  return ierr ? ierr : PetscArraycpy(*to, from, from[n]);
}

/* DMCoarsen_DA and DMRefine_DA copy more of them than there are. */
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
  return PetscRsDMDADerive(dm, comm, coarse, PetscRsDMDAOps.coarsen);
}

static PetscErrorCode PetscRsDMDARefine(DM dm, MPI_Comm comm, DM *fine)
{
  return PetscRsDMDADerive(dm, comm, fine, PetscRsDMDAOps.refine);
}
