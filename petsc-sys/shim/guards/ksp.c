/* Puts a constructor of ours around the one of a type. */
static PetscErrorCode PetscRsReplaceKSP(KSPType type, PetscErrorCode (*ours)(KSP), PetscErrorCode (**theirs)(KSP))
{
  PetscErrorCode (*create)(KSP) = NULL;
  PetscErrorCode ierr           = PetscFunctionListFind(KSPList, type, &create);

  if (ierr || !create || create == ours) return ierr;
  *theirs = create;
  return KSPRegister(type, ours);
}

/* Repairs types of linear solvers. */
PetscErrorCode PetscRsKSPGuard(void)
{
  PetscErrorCode ierr = KSPInitializePackage();

  if (!ierr) ierr = PetscRsReplaceKSP(KSPPIPELCG, PetscRsPipelcgCreate, &PetscRsMakePipelcg);
  if (!ierr) ierr = PetscRsReplaceKSP(KSPLSQR, PetscRsLsqrCreate, &PetscRsMakeLsqr);
  if (!ierr) ierr = PetscRsReplaceKSP(KSPPGMRES, PetscRsPgmresCreate, &PetscRsMakePgmres);
  if (!ierr) ierr = PetscRsReplaceKSP(KSPBCGSL, PetscRsBcgslCreate, &PetscRsMakeBcgsl);
  if (!ierr) ierr = PetscRsReplaceKSP(KSPFCG, PetscRsFCG.ours, &PetscRsFCG.theirs);
  if (!ierr) ierr = PetscRsReplaceKSP(KSPPIPEFCG, PetscRsPIPEFCG.ours, &PetscRsPIPEFCG.theirs);
  if (!ierr) ierr = PetscRsReplaceKSP(KSPPIPEGCR, PetscRsPIPEGCR.ours, &PetscRsPIPEGCR.theirs);
  if (!ierr) ierr = PetscRsReplaceKSP(KSPCHEBYSHEV, PetscRsChebyshevCreate, &PetscRsMakeChebyshev);
  return ierr;
}
