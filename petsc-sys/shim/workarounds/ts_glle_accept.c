/* Upstream: TSGLLEAdaptChoose_Both(), src/ts/impls/implicit/glle/glleadapt.c
   Releases: 3.18 - 3.26
   Fault: if no scheme has a positive efficiency, because the error estimates are not finite or the step is negative,
     the index of the best scheme is -1; memory before the start of arrays is read.
   Workaround: before the next scheme is chosen, such estimates and steps cause an error.
   Test: unchecked::a_general_linear_method_needs_finite_errors_and_positive_steps
   Patch: petsc/ts_glle_choose.patch */
static PetscErrorCode PetscRsGLLEAccept(TS ts, PetscReal left, PetscReal h, const PetscReal errors[], PetscBool *accept)
{
  int i;

  (void)ts, (void)left;
  *accept = PETSC_TRUE;
  if (!(h > 0)) return PetscRsError("TSSolve", __FILE__, PETSC_ERR_ARG_OUTOFRANGE, "the method glle needs positive time steps");
  for (i = 0; i < 3; i++) {
    if (PetscIsInfOrNanReal(errors[i])) return PetscRsError("TSSolve", __FILE__, PETSC_ERR_FP, "the error estimates of the method glle are not finite");
  }
  return (PetscErrorCode)0;
}
