/* Upstream: SNESFASSetLevels(), src/snes/impls/fas/fasfunc.c; SNESFASCoarseCorrection(), src/snes/impls/fas/fas.c
   Releases: 3.18 - 3.26
   Fault: a change of the number of levels destroys the smoothers and the levels, but the solver remains marked as set
     up; SNESSolve() omits the set-up and dereferences NULL. If an interpolation was set and a restriction was not, the
     restriction is NULL instead of the transpose of the interpolation.
   Workaround: it is an error if the smoother of a level was not set up together with the level; SNESReset() removes the
     mark. Missing restrictions are set before a solve, and a level without transfer operators is an error.
   Test: unchecked::levels_of_nonlinear_multigrid_change_after_a_reset,
     unchecked::levels_of_nonlinear_multigrid_restrict_by_the_transpose
   Patch: petsc/snes_fas_levels.patch, petsc/snes_fas_restriction.patch */
/* The finest level stands for all. MatRestrict() multiplies with the transpose if the sizes demand it. */
static PetscErrorCode PetscRsSNESGiveRestrictions(SNES snes)
{
  PetscBool      finest = PETSC_FALSE;
  PetscInt       i, levels = 0;
  Mat            interpolation, restriction;
  PetscErrorCode ierr = SNESFASCycleIsFine(snes, &finest);

  if (!ierr && finest) ierr = SNESFASGetLevels(snes, &levels);
  for (i = 1; !ierr && i < levels; i++) {
    ierr = SNESFASGetInterpolation(snes, i, &interpolation);
    if (!ierr) ierr = SNESFASGetRestriction(snes, i, &restriction);
    if (!ierr && interpolation && !restriction) ierr = SNESFASSetRestriction(snes, i, interpolation);
  }
  return ierr;
}

/* Each level is a solver of this type. Its set-up gives the smoother the vectors of the level, and creates those of the next
   level: a smoother created later has none. */
static PetscErrorCode PetscRsSNESCheckLevel(SNES snes)
{
  PetscBool      is_fas   = PETSC_FALSE;
  SNES           smoother = NULL, next = NULL;
  Mat            interpolation = NULL, restriction = NULL, injection = NULL;
  Vec            scale = NULL;
  PetscErrorCode ierr  = PetscObjectTypeCompare((PetscObject)snes, SNESFAS, &is_fas);

  if (ierr || !is_fas) return ierr;
  ierr = PetscRsSNESGiveRestrictions(snes);
  if (!ierr) ierr = SNESFASCycleGetSmoother(snes, &smoother);
  if (!ierr) ierr = SNESFASCycleGetCorrection(snes, &next);
  if (!ierr) ierr = SNESFASCycleGetInterpolation(snes, &interpolation);
  if (!ierr) ierr = SNESFASCycleGetRestriction(snes, &restriction);
  if (!ierr) ierr = SNESFASCycleGetInjection(snes, &injection);
  if (!ierr) ierr = SNESFASCycleGetRScale(snes, &scale);
  if (ierr) return ierr;
  if (!smoother || !smoother->vec_func) return PetscRsError("SNESSolve", __FILE__, PETSC_ERR_ORDER, "a level has no smoother: reset the solver");
  if (!next) return ierr;
  if (!next->vec_sol || !next->vec_rhs || !next->vec_func || next->nwork < 1) return PetscRsError("SNESSolve", __FILE__, PETSC_ERR_ORDER, "a level was not set up: reset the solver");
  if (!interpolation || !restriction || (!injection && !scale)) return PetscRsError("SNESSolve", __FILE__, PETSC_ERR_ORDER, "a level has no interpolation, or no restriction and its scaling: set the DM or these");
  return ierr;
}
