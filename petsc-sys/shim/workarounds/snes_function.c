/* Upstream: SNESComputeFunction(), SNESPicardComputeFunction(), src/snes/interface/snes.c
   Releases: 3.18 - 3.26
   Fault: for solvers without a user's function and for solvers of a Picard iteration, the residual function multiplies
     by the Jacobian without a check that it exists; NULL is dereferenced. SNESReset() destroys
     the Jacobian and keeps the function of the Picard iteration.
   Workaround: the function and the Jacobian are checked before the set-up, each solve and each evaluation.
   Test: unchecked::nonlinear_solvers_without_a_function_are_refused
   Patch: petsc/snes_function.patch */
/* Without a function, the right-hand side is that of a linear system with the Jacobian. */
static PetscErrorCode PetscRsSNESCheckFunction(SNES snes)
{
  DMSNES         functions;
  PetscErrorCode ierr = PetscRsSNESFunctions(snes, &functions);

  if (ierr) return ierr;
  if (functions->ops->computefunction == SNESPicardComputeFunction && !snes->jacobian_pre) return PetscRsError("SNESSolve", __FILE__, PETSC_ERR_ORDER, "the matrices of the Picard iteration were destroyed: set them again after a reset");
  if (!functions->ops->computefunction && snes->vec_rhs && !snes->jacobian) return PetscRsError("SNESSolve", __FILE__, PETSC_ERR_ORDER, "the solver has no function: call SNESSetFunction");
  return ierr;
}
