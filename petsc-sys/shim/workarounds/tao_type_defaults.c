/* Upstream: TaoSetType(), src/tao/interface/taosolver.c
   Releases: 3.18 - 3.25
   Fault: the limits and tolerances of a type remain when another type is set, unless the new type sets its own.
   Workaround: before the type of a new Tao is replaced, the values of TaoCreate() are restored, except those that the
     user has set.
   Test: tao::details::each_method_has_limits_of_its_own
   Patch: none, mended in 3.26 */
/* Restores the limits and tolerances of TaoCreate() that were not set explicitly. */
PetscErrorCode PetscRsTaoForgetDefaults(Tao tao)
{
#if PETSC_VERSION_GE(3, 26, 0)
  (void)tao;
#elif PETSC_VERSION_GE(3, 22, 0)
  PetscObjectParameterSetDefault(tao, max_it, 10000);
  PetscObjectParameterSetDefault(tao, max_funcs, PETSC_UNLIMITED);
  PetscObjectParameterSetDefault(tao, gatol, PetscDefined(USE_REAL_SINGLE) ? 1e-5 : 1e-8);
  PetscObjectParameterSetDefault(tao, grtol, PetscDefined(USE_REAL_SINGLE) ? 1e-5 : 1e-8);
  PetscObjectParameterSetDefault(tao, crtol, PetscDefined(USE_REAL_SINGLE) ? 1e-5 : 1e-8);
  PetscObjectParameterSetDefault(tao, catol, PetscDefined(USE_REAL_SINGLE) ? 1e-5 : 1e-8);
  PetscObjectParameterSetDefault(tao, gttol, 0.0);
  PetscObjectParameterSetDefault(tao, steptol, 0.0);
  PetscObjectParameterSetDefault(tao, fmin, PETSC_NINFINITY);
  PetscObjectParameterSetDefault(tao, trust0, PETSC_INFINITY);
#else
  const PetscReal tol = PetscDefined(USE_REAL_SINGLE) ? 1e-5 : 1e-8;

  if (!tao->max_it_changed) tao->max_it = 10000;
  if (!tao->max_funcs_changed) tao->max_funcs = -1;
  if (!tao->gatol_changed) tao->gatol = tol;
  if (!tao->grtol_changed) tao->grtol = tol;
  if (!tao->crtol_changed) tao->crtol = tol;
  if (!tao->catol_changed) tao->catol = tol;
  if (!tao->gttol_changed) tao->gttol = 0.0;
  if (!tao->steptol_changed) tao->steptol = 0.0;
  if (!tao->fmin_changed) tao->fmin = PETSC_NINFINITY;
  if (!tao->trust0_changed) tao->trust0 = PETSC_INFINITY;
#endif
  return (PetscErrorCode)0;
}
