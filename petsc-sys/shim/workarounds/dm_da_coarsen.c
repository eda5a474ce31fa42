/* Upstream: DMCoarsen_DA(), src/dm/impls/da/da.c
   Releases: 3.18 - 3.26
   Fault: a DMDA that is periodic, or is interpolated by constants, becomes a DMDA without points if a direction has
     fewer points than the coarsening factor: DMCreateInterpolation() and DMCreateInjection() divide by the number of
     points of this DMDA, and the process ends with SIGFPE.
   Workaround: DMCoarsen() returns an error.
   Test: unchecked::a_grid_is_not_coarsened_to_no_points
   Patch: petsc/dm_da_coarsen.patch */
static PetscErrorCode PetscRsDMDACoarsenPoints(DM dm, MPI_Comm comm, DM *coarse)
{
  const DM_DA         *da          = (DM_DA *)dm->data;
  const DMBoundaryType boundary[3] = {da->bx, da->by, da->bz};
  const PetscInt       sizes[3]    = {da->M, da->N, da->P};
  const PetscInt       factors[3]  = {da->coarsen_x, da->coarsen_y, da->coarsen_z};

  for (PetscInt d = 0; d < dm->dim; d++) {
    if ((boundary[d] == DM_BOUNDARY_PERIODIC || da->interptype == DMDA_Q0) && sizes[d] < factors[d]) return PetscRsError("DMCoarsen", __FILE__, PETSC_ERR_ARG_INCOMP, "the DMDA has fewer points in a direction than the factor of coarsening");
  }
  return PetscRsDMDAOps.coarsen(dm, comm, coarse);
}
