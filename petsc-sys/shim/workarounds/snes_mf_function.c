/* Upstream: SNESComputeMFFunction(), SNESPicardComputeMFFunction(), SNESSetFunction(), src/snes/interface/snes.c
   Releases: 3.18 - 3.26
   Fault: matrix-free operators, colorings and finite differences evaluate the function of the Picard iteration.
     SNESSetDM() and a new function on a DM can remove it; NULL is called. It duplicates the Jacobian of its solver
     without a check that there is one; NULL is dereferenced. SNESSetFunction() after SNESSetPicard() does not remove it,
     so that the differences are those of the former function.
   Workaround: matrix-free operators record whether they use the function of the Picard iteration, and return an error
     if it is missing. SNESSetPicard() sets a function that calls the function of the solver, if it was replaced, and
     otherwise checks the Jacobian.
   Test: unchecked::differences_of_the_picard_iteration_need_its_function,
     unchecked::differences_are_those_of_the_function_set_last
   Patch: petsc/snes_mf_function.patch */
static PetscErrorCode PetscRsSNESFunctions(SNES snes, DMSNES *functions)
{
  DM             dm;
  PetscErrorCode ierr = SNESGetDM(snes, &dm);

  return ierr ? ierr : DMGetDMSNES(dm, functions);
}

static PetscErrorCode PetscRsSNESHasMFFunction(SNES snes, PetscBool *has)
{
  DMSNES               functions;
  const PetscErrorCode ierr = PetscRsSNESFunctions(snes, &functions);

  if (!ierr) *has = functions->ops->computemffunction ? PETSC_TRUE : PETSC_FALSE;
  return ierr;
}

static PetscErrorCode PetscRsSNESCheckMFFunction(SNES snes)
{
  PetscBool            has  = PETSC_FALSE;
  const PetscErrorCode ierr = PetscRsSNESHasMFFunction(snes, &has);

  return ierr || has ? ierr : PetscRsError("SNESComputeMFFunction", __FILE__, PETSC_ERR_ORDER, "the function of the Picard iteration, of which a matrix-free operator computes differences, is gone: reset the solver");
}

static PetscErrorCode PetscRsPicardComputeMFFunction(SNES snes, Vec x, Vec f, void *ctx)
{
  DM             dm;
  void          *own;
  PetscErrorCode (*function)(SNES, Vec, Vec, void *);
  PetscErrorCode ierr = SNESGetDM(snes, &dm);

  if (!ierr) ierr = DMSNESGetFunction(dm, &function, &own);
  if (ierr) return ierr;
  if (function && function != SNESPicardComputeFunction) return (*function)(snes, x, f, own);
  if (!snes->picard && !snes->jacobian_pre) return PetscRsError("SNESPicardComputeMFFunction", __FILE__, PETSC_ERR_ORDER, "the solver has no matrix for the Picard iteration of which it computes differences: set its Jacobian");
  return SNESPicardComputeMFFunction(snes, x, f, ctx);
}

static PetscErrorCode PetscRsSNESReplaceMFFunction(SNES snes, void *ctx)
{
  DM             dm;
  PetscErrorCode ierr = SNESGetDM(snes, &dm);

  return ierr ? ierr : DMSNESSetMFFunction(dm, PetscRsPicardComputeMFFunction, ctx);
}
