/* Upstream: SNESComputeMFFunction(), src/snes/interface/snes.c
   Releases: 3.18 - 3.26
   Fault: matrix-free operators and colorings compute differences of the function of the Picard iteration. It is called
     without a check that there is one, although SNESSetDM() and a new function on a DM can remove it. NULL is called.
   Workaround: these operators record whether they use the function of the Picard iteration, and return an error if it
     is missing.
   Test: unchecked::differences_of_the_picard_iteration_need_its_function
   Patch: petsc/snes_mf_function.patch */
static PetscErrorCode PetscRsSNESHasMFFunction(SNES snes, PetscBool *has)
{
  DM             dm;
  DMSNES         functions;
  PetscErrorCode ierr = SNESGetDM(snes, &dm);

  if (!ierr) ierr = DMGetDMSNES(dm, &functions);
  if (!ierr) *has = functions->ops->computemffunction ? PETSC_TRUE : PETSC_FALSE;
  return ierr;
}

static PetscErrorCode PetscRsSNESCheckMFFunction(SNES snes)
{
  PetscBool            has  = PETSC_FALSE;
  const PetscErrorCode ierr = PetscRsSNESHasMFFunction(snes, &has);

  return ierr || has ? ierr : PetscRsError("SNESComputeMFFunction", __FILE__, PETSC_ERR_ORDER, "the function of the Picard iteration, of which a matrix-free operator computes differences, is gone: reset the solver");
}
