static PetscErrorCode (*PetscRsTaoMakePOUNDERS)(Tao);
static PetscErrorCode (*PetscRsTaoMakePDIPM)(Tao);
static PetscErrorCode (*PetscRsTaoMakeNTL)(Tao);

static PetscErrorCode PetscRsTaoCreatePOUNDERS(Tao tao)
{
  const PetscErrorCode ierr = PetscRsTaoMakePOUNDERS(tao);

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

static PetscErrorCode PetscRsTaoGuardBRGN(Tao tao)
{
  PetscRsTaoTheirSetUpBRGN = tao->ops->setup;
  tao->ops->setup          = PetscRsTaoSetUpBRGN;
  return (PetscErrorCode)0;
}

static PetscErrorCode PetscRsTaoGuardNewton(Tao tao)
{
  const PetscErrorCode ierr = PetscObjectComposeFunction((PetscObject)tao, PETSC_RS_TAO_SOLVE, tao->ops->solve);

  tao->ops->solve = PetscRsTaoSolveNewton;
  return ierr;
}

static PetscErrorCode PetscRsTaoGuardBNK(Tao tao)
{
  PetscErrorCode ierr = PetscObjectComposeFunction((PetscObject)tao, PETSC_RS_TAO_SOLVE, tao->ops->solve);

  if (!ierr) ierr = PetscObjectComposeFunction((PetscObject)tao, PETSC_RS_TAO_VIEW, tao->ops->view);
  tao->ops->solve = PetscRsTaoSolveBNK;
  tao->ops->view  = PetscRsTaoViewBNK;
  return ierr;
}

static PetscErrorCode PetscRsTaoGuardBQNK(Tao tao)
{
  const PetscErrorCode ierr = PetscRsTaoGuardBNK(tao);

  tao->ops->solve = PetscRsTaoSolveBQNK;
  return ierr;
}

static PetscErrorCode PetscRsTaoCreateNTL(Tao tao)
{
  const PetscErrorCode ierr = PetscRsTaoMakeNTL(tao);

  if (ierr) return ierr;
  PetscRsTaoSolveNTL = tao->ops->solve;
  tao->ops->solve    = PetscRsTaoSolveSearched;
  return PetscRsTaoGuardNewton(tao);
}

/* TaoSetType() sets the name of the type after its constructor, which therefore cannot look itself up. */
#define PETSC_RS_TAO_CREATE(type, guard) \
    static PetscErrorCode (*PetscRsTaoMake##type)(Tao); \
    static PetscErrorCode PetscRsTaoCreate##type(Tao tao) \
    { \
      const PetscErrorCode ierr = PetscRsTaoMake##type(tao); \
      return ierr ? ierr : PetscRsTaoGuard##guard(tao); \
    }

PETSC_RS_TAO_CREATE(BRGN, BRGN)
PETSC_RS_TAO_CREATE(NLS, Newton)
PETSC_RS_TAO_CREATE(NTR, Newton)
PETSC_RS_TAO_CREATE(BNLS, BNK)
PETSC_RS_TAO_CREATE(BNTR, BNK)
PETSC_RS_TAO_CREATE(BNTL, BNK)
PETSC_RS_TAO_CREATE(BQNLS, BQNK)
PETSC_RS_TAO_CREATE(BQNKLS, BQNK)
PETSC_RS_TAO_CREATE(BQNKTR, BQNK)
PETSC_RS_TAO_CREATE(BQNKTL, BQNK)

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

#define PETSC_RS_TAO(type) \
    if (!ierr) ierr = PetscRsTaoReplace(TAO##type, PetscRsTaoCreate##type, &PetscRsTaoMake##type)
  PETSC_RS_TAO(POUNDERS);
  PETSC_RS_TAO(PDIPM);
  PETSC_RS_TAO(NTL);
  PETSC_RS_TAO(BRGN);
  PETSC_RS_TAO(NLS);
  PETSC_RS_TAO(NTR);
  PETSC_RS_TAO(BNLS);
  PETSC_RS_TAO(BNTR);
  PETSC_RS_TAO(BNTL);
  PETSC_RS_TAO(BQNLS);
  PETSC_RS_TAO(BQNKLS);
  PETSC_RS_TAO(BQNKTR);
  PETSC_RS_TAO(BQNKTL);
#undef PETSC_RS_TAO
  return ierr;
}
