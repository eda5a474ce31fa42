/* Upstream: PCSetCoordinates_FieldSplit(), src/ksp/pc/impls/fieldsplit/fieldsplit.c
   Releases: 3.18 - 3.26
   Fault: NULL is dereferenced for a field that is given by components, whose index set only PCSetUp() creates. The
     coordinates of each row are read, also if there are fewer.
   Workaround: both are errors.
   Test: unchecked::coordinates_need_the_index_sets_of_fields
   Patch: petsc/pc_fieldsplit_coordinates.patch */
#define PETSC_RS_COORDINATES "petsc-rs.pc.coordinates"

static PetscErrorCode PetscRsFieldSplitCoordinates(PC pc, PetscInt dim, PetscInt n, PetscReal coordinates[])
{
  const PetscRsFieldSplit *data                                  = (PetscRsFieldSplit *)pc->data;
  PetscErrorCode (*set)(PC, PetscInt, PetscInt, PetscReal[]) = NULL;
  IS             is, other;
  PetscErrorCode ierr                                            = PetscObjectQueryFunction((PetscObject)pc, PETSC_RS_COORDINATES, &set);

  if (!ierr && (!pc->mat || n != pc->mat->rmap->n)) ierr = PetscRsError("PCSetCoordinates", __FILE__, PETSC_ERR_ARG_SIZ, "fieldsplit requires the coordinates of each row of the operator");
  for (PetscInt i = 0; !ierr && i < data->n; i++) {
    PetscBool own = PETSC_TRUE;

    ierr = PCFieldSplitGetISByIndex(pc, i, &is);
    /* For two fields of one name, PETSc returns the index set of the first one. */
    for (PetscInt k = 0; !ierr && k < i && !data->has_sets; k++) {
      ierr = PCFieldSplitGetISByIndex(pc, k, &other);
      if (is == other) own = PETSC_FALSE;
    }
    if (!ierr && (!is || !own)) ierr = PetscRsError("PCSetCoordinates", __FILE__, PETSC_ERR_ARG_WRONGSTATE, "a field has no index set yet: set up the preconditioner first");
  }
  return ierr ? ierr : set(pc, dim, n, coordinates);
}

static PetscErrorCode PetscRsFieldSplitGuard(PC pc)
{
  PetscErrorCode (*set)(PC, PetscInt, PetscInt, PetscReal[]) = NULL;
  PetscErrorCode ierr                                        = PetscObjectQueryFunction((PetscObject)pc, "PCSetCoordinates_C", &set);

  if (!ierr && set) ierr = PetscObjectComposeFunction((PetscObject)pc, PETSC_RS_COORDINATES, set);
  if (!ierr && set) ierr = PetscObjectComposeFunction((PetscObject)pc, "PCSetCoordinates_C", PetscRsFieldSplitCoordinates);
  return ierr;
}
