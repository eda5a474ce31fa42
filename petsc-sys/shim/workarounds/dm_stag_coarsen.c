/* Upstream: DMCoarsen_Stag(), src/dm/impls/stag/stag.c
   Releases: 3.18 - 3.26
   Fault: the global coordinates, which may not exist, are used as local coordinates; NULL is dereferenced.
   Workaround: a DMStag is coarsened without its coordinates, in the same way as it is refined.
   Test: unchecked::a_staggered_grid_with_coordinates_is_coarsened
   Patch: petsc/dm_stag_coarsen.patch */
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

PetscErrorCode PetscRsDMStagGuard(DM dm)
{
  if (dm->ops->coarsen != PetscRsStagCoarsen) {
    PetscRsCoarsenOfStag = dm->ops->coarsen;
    dm->ops->coarsen     = PetscRsStagCoarsen;
  }
  return (PetscErrorCode)0;
}
