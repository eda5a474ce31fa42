/* Repairs types of linear solvers. */
PetscErrorCode PetscRsKSPGuard(void)
{
  PetscErrorCode (*create)(KSP) = NULL;
  PetscErrorCode ierr           = KSPInitializePackage();

  if (!ierr) ierr = PetscFunctionListFind(KSPList, KSPPIPELCG, &create);
  if (ierr || !create || create == PetscRsPipelcgCreate) return ierr;
  PetscRsMakePipelcg = create;
  return KSPRegister(KSPPIPELCG, PetscRsPipelcgCreate);
}
