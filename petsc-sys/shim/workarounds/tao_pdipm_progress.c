/* Upstream: TaoSolve_PDIPM(), src/tao/constrained/impls/ipm/pdipm.c
   Releases: 3.18 - 3.26
   Fault: the nonlinear solver is called until its line search ends the optimization, even if the nonlinear solve fails
     or converges without a line search; the loop does not end.
   Workaround: the optimization ends after a nonlinear solve without a step. A step without the line search of the
     method, which does not update the solution, is an error.
   Test: unchecked::interior_points_end_if_no_step_is_possible, unchecked::interior_points_need_steps_of_their_line_search
   Patch: petsc/tao_pdipm_progress.patch */
static PetscErrorCode (*PetscRsTaoSolvePDIPM)(Tao);
static Tao PetscRsTaoPDIPM; /* the innermost one that runs */

static PetscErrorCode PetscRsTaoSolveNoted(Tao tao)
{
  const Tao      outer = PetscRsTaoPDIPM;
  PetscErrorCode ierr;

  PetscRsTaoPDIPM = tao;
  ierr            = PetscRsTaoSolvePDIPM(tao);
  PetscRsTaoPDIPM = outer;
  return ierr;
}

/* The number of steps of the optimizer whose nonlinear solver this is. */
static PetscInt PetscRsTaoSteps(SNES snes)
{
  return PetscRsTaoPDIPM && snes->ksp && snes->ksp == PetscRsTaoPDIPM->ksp ? PetscRsTaoPDIPM->niter : -1;
}

static PetscErrorCode PetscRsTaoCheckSteps(SNES snes, PetscInt before)
{
  const Tao tao = PetscRsTaoPDIPM;

  if (before < 0 || PetscRsTaoSteps(snes) != before || tao->reason != TAO_CONTINUE_ITERATING) return (PetscErrorCode)0;
  /* Only the line search of the method updates the solution. */
  if (snes->iter > 0) return PetscRsError("TaoSolve", __FILE__, PETSC_ERR_SUP, "the method pdipm needs a nonlinear solver of type newtonls with the line search of pdipm: remove the options -snes_type and -snes_linesearch_type");
  tao->reason = snes->reason < 0 ? TAO_DIVERGED_LS_FAILURE : TAO_CONVERGED_STEPTOL;
  return (PetscErrorCode)0;
}
