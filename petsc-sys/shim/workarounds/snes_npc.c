/* Upstream: SNESSetUp(), src/snes/interface/snes.c
   Releases: 3.18 - 3.26
   Fault: function, Jacobian and DM are passed to the nonlinear preconditioner only in the set-up. A solver that is set
     up may get a new preconditioner, or the preconditioner may be reset; then NULL is dereferenced, or the solve
     fails.
   Workaround: if the nonlinear preconditioner lacks the function, the Jacobian or the DM, they are passed to it before
     each solve.
   Test: unchecked::a_solver_that_was_solved_gets_a_nonlinear_preconditioner
   Patch: petsc/snes_npc.patch */
static PetscErrorCode PetscRsSNESGiveNPC(SNES snes)
{
  PetscErrorCode (*function)(SNES, Vec, Vec, void *)      = NULL;
  PetscErrorCode (*jacobian)(SNES, Vec, Mat, Mat, void *) = NULL;
  void          *function_ctx = NULL, *jacobian_ctx = NULL;
  SNES           npc = snes->npc;
  Vec            f, own = NULL;
  Mat            a, p;
  DM             dm;
  PetscErrorCode ierr;

  if (!npc || (npc->dm && npc->dm == snes->dm && npc->vec_func && (npc->jacobian_pre || !snes->jacobian_pre))) return (PetscErrorCode)0;
  ierr = SNESGetDM(snes, &dm);
  if (!ierr) ierr = SNESSetDM(npc, dm);
  if (!ierr) ierr = SNESGetFunction(snes, &f, &function, &function_ctx);
  if (!ierr) ierr = VecDuplicate(f, &own);
  if (!ierr) ierr = SNESSetFunction(npc, own, function, function_ctx);
  if (!ierr) ierr = SNESGetJacobian(snes, &a, &p, &jacobian, &jacobian_ctx);
  if (!ierr) ierr = SNESSetJacobian(npc, a, p, jacobian, jacobian_ctx);
  if (!ierr) ierr = VecDestroy(&own);
  if (!ierr) ierr = SNESSetTolerances(npc, 0.0, 0.0, 0.0, 1, npc->max_funcs);
  if (!ierr) ierr = SNESSetNormSchedule(npc, snes->npcside == PC_RIGHT ? SNES_NORM_FINAL_ONLY : SNES_NORM_NONE);
  if (!ierr) ierr = SNESSetFromOptions(npc);
  return ierr;
}
