/* Allows a view of an optimizer of type pounders before its set-up. */
PetscErrorCode PetscRsTaoGuard(void)
{
  PetscErrorCode (*create)(Tao) = NULL;
  PetscErrorCode ierr           = TaoInitializePackage();

  if (!ierr) ierr = PetscFunctionListFind(TaoList, TAOPOUNDERS, &create);
  if (ierr || !create || create == PetscRsTaoCreate) return ierr;
  PetscRsTaoCreatePounders = create;
  return TaoRegister(TAOPOUNDERS, PetscRsTaoCreate);
}
