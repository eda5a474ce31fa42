#define PETSC_RS_SNES_EXCHANGED "petsc-rs.snes.exchanged"

static PetscErrorCode PetscRsSNESFunctions(SNES snes, DMSNES *functions)
{
  DM             dm;
  PetscErrorCode ierr = SNESGetDM(snes, &dm);

  return ierr ? ierr : DMGetDMSNES(dm, functions);
}

/* Without a function, the right-hand side is that of a linear system with the Jacobian; the function of Picard's
   method multiplies with the Jacobian. SNESVINEWTONSSLS replaces the function of the DM during its solve. */
static PetscErrorCode PetscRsSNESCheckFunction(SNES snes)
{
  DMSNES         functions;
  PetscObject    whose = NULL;
  PetscErrorCode ierr  = PetscRsSNESFunctions(snes, &functions);

  if (!ierr) ierr = PetscObjectQuery((PetscObject)functions, PETSC_RS_SNES_EXCHANGED, &whose);
  if (ierr) return ierr;
  if (whose && whose != (PetscObject)snes) return PetscRsError("SNESSolve", __FILE__, PETSC_ERR_ARG_WRONGSTATE, "another solver is solving a variational inequality with the same DM");
  if (functions->ops->computefunction == SNESPicardComputeFunction && !snes->jacobian_pre) return PetscRsError("SNESSolve", __FILE__, PETSC_ERR_ORDER, "the matrices of the Picard iteration were destroyed: set them again after a reset");
  if (!functions->ops->computefunction && snes->vec_rhs && !snes->jacobian) return PetscRsError("SNESSolve", __FILE__, PETSC_ERR_ORDER, "the solver has no function: call SNESSetFunction");
  return ierr;
}
