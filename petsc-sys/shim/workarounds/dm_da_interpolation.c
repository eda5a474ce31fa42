/* Upstream: DMCreateInterpolation_DA_1D_Q1(), src/dm/impls/da/dainterp.c
   Releases: 3.18 - 3.26
   Fault: the number of fine cells is divided by the number of coarse cells, which is 0 if both DMDAs have one point:
     the process ends with SIGFPE.
   Workaround: DMCreateInterpolation() returns an error for a coarse DMDA without cells.
   Test: unchecked::multigrid_on_one_point_is_refused
   Patch: petsc/dm_da_interpolation.patch */
static PetscErrorCode PetscRsDMDACreateInterpolation(DM coarse, DM fine, Mat *a, Vec *scale)
{
  PetscInt       dim, points;
  DMBoundaryType boundary;
  PetscErrorCode ierr = DMDAGetInfo(coarse, &dim, &points, NULL, NULL, NULL, NULL, NULL, NULL, NULL, &boundary, NULL, NULL, NULL);

  if (ierr) return ierr;
  if (dim == 1 && points < 2 && boundary != DM_BOUNDARY_PERIODIC) return PetscRsError("DMCreateInterpolation", __FILE__, PETSC_ERR_ARG_INCOMP, "the coarse DMDA has one point, so there is no cell for interpolation");
  return PetscRsDMDAOps.createinterpolation(coarse, fine, a, scale);
}
