/* Upstream: DMCreateInterpolation_DA_1D_Q1(), DMCreateInterpolation_DA_1D_Q0(), DMCreateInterpolation_DA(),
     src/dm/impls/da/dainterp.c
   Releases: 3.18 - 3.26
   Fault: the number of fine cells is divided by the number of coarse cells, which is 0 if both DMDAs have one point.
     With constant interpolation, a number of points is divided by the ratio of fine to coarse points, which is 0 if
     the fine DMDA has one point. The process ends with SIGFPE. The indices of the coarse points are compared only with
     a lower bound: if the last fine points of a process lie beyond its coarse points, for example in a periodic DMDA
     without ghost points, memory is read out of bounds.
   Workaround: DMCreateInterpolation() returns an error in these cases. In the last case, only the processes with such
     points get the error; the method of petsc-rs therefore first asks all processes whether they have any.
   Test: unchecked::multigrid_on_one_point_is_refused, unchecked::a_grid_without_ghost_points_is_not_interpolated
   Patch: petsc/dm_da_interpolation.patch */
/* Why a DMDA is not interpolated to another one with its points on this process, or NULL. */
PetscErrorCode PetscRsDMDACannotInterpolate(DM coarse, DM fine, const char **why)
{
  PetscInt              dim, sizes[3], fines[3], first[3], count[3], start[3], own[3];
  DMBoundaryType        boundary[3];
  DMDAInterpolationType type;
  PetscErrorCode        ierr = DMDAGetInfo(coarse, &dim, &sizes[0], &sizes[1], &sizes[2], NULL, NULL, NULL, NULL, NULL, &boundary[0], &boundary[1], &boundary[2], NULL);

  *why = NULL;
  if (!ierr) ierr = DMDAGetInfo(fine, NULL, &fines[0], &fines[1], &fines[2], NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
  if (!ierr) ierr = DMDAGetInterpolationType(coarse, &type);
  if (!ierr) ierr = DMDAGetGhostCorners(coarse, &first[0], &first[1], &first[2], &count[0], &count[1], &count[2]);
  if (!ierr) ierr = DMDAGetCorners(fine, &start[0], &start[1], &start[2], &own[0], &own[1], &own[2]);
  for (PetscInt d = 0; !ierr && !*why && d < dim; d++) {
    const PetscBool constant = type == DMDA_Q0 ? PETSC_TRUE : PETSC_FALSE;
    const PetscBool periodic = boundary[d] == DM_BOUNDARY_PERIODIC ? PETSC_TRUE : PETSC_FALSE;
    const PetscInt  nodes    = periodic || (constant && dim > 1) ? 0 : 1;
    const PetscInt  last     = start[d] + own[d] - 1;
    const PetscInt  ratio    = sizes[d] > nodes ? (fines[d] - nodes) / (sizes[d] - nodes) : 0;

    /* Constant functions on one point are refused upstream, and so is one point in further dimensions. */
    if (!constant && !periodic && sizes[d] == 1 && (dim == 1 || fines[d] > 1)) *why = "the coarse DMDA has one point in a direction, so there is no cell for interpolation";
    else if (!periodic && fines[d] < sizes[d]) *why = "the fine DMDA has fewer points than the coarse one in a direction";
    else if (ratio > 0 && (constant ? last / ratio : (last + ratio - 1) / ratio) >= first[d] + count[d]) *why = "a rank has fine points outside the range of its coarse points";
  }
  return ierr;
}

static PetscErrorCode PetscRsDMDACreateInterpolation(DM coarse, DM fine, Mat *a, Vec *scale)
{
  const char          *why  = NULL;
  const PetscErrorCode ierr = PetscRsDMDACannotInterpolate(coarse, fine, &why);

  if (ierr) return ierr;
  return why ? PetscRsError("DMCreateInterpolation", __FILE__, PETSC_ERR_ARG_INCOMP, why) : PetscRsDMDAOps.createinterpolation(coarse, fine, a, scale);
}
