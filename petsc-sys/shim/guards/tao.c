static PetscErrorCode (*PetscRsTaoMakePounders)(Tao);
static PetscErrorCode (*PetscRsTaoMakePDIPM)(Tao);
static PetscErrorCode (*PetscRsTaoMakeNTL)(Tao);

static PetscErrorCode PetscRsTaoCreatePounders(Tao tao)
{
  const PetscErrorCode ierr = PetscRsTaoMakePounders(tao);

  if (ierr || !tao->ops->view) return ierr;
  PetscRsTaoViewPounders = tao->ops->view;
  tao->ops->view         = PetscRsTaoView;
  return ierr;
}

static PetscErrorCode PetscRsTaoCreatePDIPM(Tao tao)
{
  const PetscErrorCode ierr = PetscRsTaoMakePDIPM(tao);

  if (ierr) return ierr;
  PetscRsTaoSolvePDIPM = tao->ops->solve;
  tao->ops->solve      = PetscRsTaoSolveNoted;
  return ierr;
}

static PetscErrorCode PetscRsTaoCreateNTL(Tao tao)
{
  const PetscErrorCode ierr = PetscRsTaoMakeNTL(tao);

  if (ierr) return ierr;
  PetscRsTaoSolveNTL = tao->ops->solve;
  tao->ops->solve    = PetscRsTaoSolveSearched;
  return ierr;
}

/* Puts a constructor of ours around the one of a type. */
static PetscErrorCode PetscRsTaoReplace(TaoType type, PetscErrorCode (*ours)(Tao), PetscErrorCode (**theirs)(Tao))
{
  PetscErrorCode (*create)(Tao) = NULL;
  PetscErrorCode ierr           = PetscFunctionListFind(TaoList, type, &create);

  if (ierr || !create || create == ours) return ierr;
  *theirs = create;
  return TaoRegister(type, ours);
}

/* The types of optimizers with workarounds. */
PetscErrorCode PetscRsTaoGuard(void)
{
  PetscErrorCode ierr = TaoInitializePackage();

  if (!ierr) ierr = PetscRsTaoReplace(TAOPOUNDERS, PetscRsTaoCreatePounders, &PetscRsTaoMakePounders);
  if (!ierr) ierr = PetscRsTaoReplace(TAOPDIPM, PetscRsTaoCreatePDIPM, &PetscRsTaoMakePDIPM);
  return ierr ? ierr : PetscRsTaoReplace(TAONTL, PetscRsTaoCreateNTL, &PetscRsTaoMakeNTL);
}
