/* SNESSetUp() passes function and vectors to a nonlinear preconditioner, but a solver that is set up may get a new
   one, and its current one may be reset or get another DM. */
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
