/* Upstream: MatColoringApply(), src/mat/graphops/color/interface/matcoloring.c
   Releases: 3.18 - 3.26
   Fault: the colorings read the storage of a matrix even if it is not assembled; such storage has gaps.
   Workaround: each type of coloring returns an error unless the matrix is assembled.
   Test: unchecked::sweeps_color_a_matrix_that_is_assembled
   Patch: petsc/mat_coloring_unassembled.patch */
static PetscFunctionList PetscRsColoringTypes;
#define PETSC_RS_COLOR "petsc-rs.mat.coloring.apply"

static PetscErrorCode PetscRsColoringForgetTypes(void)
{
  return PetscFunctionListDestroy(&PetscRsColoringTypes);
}

/* The colorings read the storage of a matrix, which has gaps before it is assembled. */
static PetscErrorCode PetscRsColoringApply(MatColoring mc, ISColoring *coloring)
{
  PetscErrorCode (*apply)(MatColoring, ISColoring *) = NULL;
  PetscErrorCode ierr                                = PetscObjectQueryFunction((PetscObject)mc, PETSC_RS_COLOR, &apply);

  if (!ierr && !mc->mat->assembled) ierr = PetscRsError("MatColoringApply", __FILE__, PETSC_ERR_ARG_WRONGSTATE, "the matrix is not assembled");
  return ierr ? ierr : apply(mc, coloring);
}

static PetscErrorCode PetscRsColoringCreate(MatColoring mc)
{
  PetscErrorCode (*create)(MatColoring) = NULL;
  PetscErrorCode ierr                   = PetscFunctionListFind(PetscRsColoringTypes, ((PetscObject)mc)->type_name, &create);

  if (!ierr) ierr = create(mc);
  if (!ierr) ierr = PetscObjectComposeFunction((PetscObject)mc, PETSC_RS_COLOR, mc->ops->apply);
  if (!ierr) mc->ops->apply = PetscRsColoringApply;
  return ierr;
}
