/* DMCoarsen_Stag, the same for all DMStag. */
static PetscErrorCode (*PetscRsCoarsenOfStag)(DM, MPI_Comm, DM *) = NULL;

static PetscErrorCode PetscRsStagCoarsen(DM dm, MPI_Comm comm, DM *coarse)
{
  DM             kept = dm->coordinates[0].dm;
  PetscErrorCode ierr;

  dm->coordinates[0].dm = NULL;
  ierr                  = PetscRsCoarsenOfStag(dm, comm, coarse);
  dm->coordinates[0].dm = kept;
  return ierr;
}

/* Coarsens a DMStag without its coordinates, as refinement does: DMCoarsen_Stag uses the global coordinates, which
   do not exist, as local ones. */
PetscErrorCode PetscRsDMStagGuard(DM dm)
{
  if (dm->ops->coarsen != PetscRsStagCoarsen) {
    PetscRsCoarsenOfStag = dm->ops->coarsen;
    dm->ops->coarsen     = PetscRsStagCoarsen;
  }
  return (PetscErrorCode)0;
}
