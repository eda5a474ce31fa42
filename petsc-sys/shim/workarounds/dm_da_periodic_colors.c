/* Upstream: DMCreateColoring_DA_2d_MPIAIJ(), DMCreateColoring_DA_2d_5pt_MPIAIJ(), src/dm/impls/da/fdda.c; before
     3.21 also DMCreateColoring_DA_1d_MPIAIJ()
   Releases: 3.18 - 3.26
   Fault: if a periodic direction has a number of grid points that is not divisible by the number of colors, grid
     points on both sides of the boundary get the same color although their columns share a row.
     MatFDColoringSetUp() then writes out of bounds.
   Workaround: the coloring of such a DMDA is computed from its matrix by MATCOLORINGGREEDY.
   Test: unchecked::colors_of_periodic_grids_do_not_meet
   Patch: petsc/dm_da_periodic_colors.patch */
/* The functions of a structured grid. */
static struct _DMOps PetscRsDMDAOps;

/* Whether PETSc's coloring of a DMDA has neighbors of the same color at a periodic boundary. */
static PetscErrorCode PetscRsDMDAColorsMeet(DM dm, PetscBool *meet)
{
  PetscInt        d, dim, width, colors, sizes[3];
  DMBoundaryType  ends[3];
  DMDAStencilType stencil;
  PetscErrorCode  ierr = DMDAGetInfo(dm, &dim, &sizes[0], &sizes[1], &sizes[2], NULL, NULL, NULL, NULL, &width, &ends[0], &ends[1], &ends[2], &stencil);

  if (ierr) return ierr;
  colors = dim == 2 && stencil == DMDA_STENCIL_STAR && width == 1 ? 5 : 2 * width + 1;
  *meet  = PETSC_FALSE;
  for (d = 0; d < dim; d++) {
    if (ends[d] == DM_BOUNDARY_PERIODIC && sizes[d] % colors) *meet = PETSC_TRUE;
  }
  return (PetscErrorCode)0;
}

static PetscErrorCode PetscRsDMDAGetColoring(DM dm, ISColoringType kind, ISColoring *colors)
{
  Mat            a  = NULL;
  MatColoring    mc = NULL;
  PetscBool      meet;
  MatType        type;
  PetscErrorCode ierr = PetscRsDMDAColorsMeet(dm, &meet), last;

  if (!ierr) ierr = PetscRsDMDAForgetColors(dm);
  if (!ierr) ierr = DMGetMatType(dm, &type);
  if (ierr) return ierr;
  if (!meet || kind != IS_COLORING_GLOBAL) return PetscRsDMDAOps.getcoloring(dm, kind, colors);
  /* Other matrices have blocks, or no coloring. */
  if (strcmp(type, MATAIJ) && strcmp(type, MATSEQAIJ) && strcmp(type, MATMPIAIJ)) {
    return PetscError(PetscObjectComm((PetscObject)dm), __LINE__, "PetscRsDMDAGetColoring", "petsc-rs", PETSC_ERR_SUP, PETSC_ERROR_INITIAL, "%s", "a coloring for a periodic DMDA of this size requires matrices of type aij");
  }
  ierr = DMCreateMatrix(dm, &a);
  if (!ierr) ierr = MatColoringCreate(a, &mc);
  if (!ierr) ierr = MatColoringSetType(mc, MATCOLORINGGREEDY);
  if (!ierr) ierr = MatColoringApply(mc, colors);
  if (mc) {
    last = MatColoringDestroy(&mc);
    if (!ierr) ierr = last;
  }
  last = MatDestroy(&a);
  return ierr ? ierr : last;
}
