/* Upstream: SNESLineSearchApply_NCGLinear(), src/snes/impls/ncg/snesncg.c
   Releases: 3.18 - 3.26
   Fault: for a solver without a Jacobian, a matrix is created, but no function that computes it is set; NULL is called.
   Workaround: a solve without a Jacobian returns an error.
   Test: unchecked::the_line_search_ncglinear_needs_a_jacobian
   Patch: petsc/snes_ncglinear_jacobian.patch */
static PetscErrorCode PetscRsSNESCheckSearchHasJacobian(SNES snes)
{
  PetscBool      needs = PETSC_FALSE;
  PetscErrorCode ierr  = (PetscErrorCode)0;

  if (snes->linesearch && !snes->jacobian) ierr = PetscObjectTypeCompare((PetscObject)snes->linesearch, SNESLINESEARCHNCGLINEAR, &needs);
  if (ierr || !needs) return ierr;
  return PetscRsError("SNESSolve", __FILE__, PETSC_ERR_ORDER, "the line search ncglinear needs a Jacobian: call SNESSetJacobian");
}
