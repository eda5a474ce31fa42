/* An error inside a preconditioner leaves a state in which its next use or its destruction accesses invalid
   memory. So every preconditioner of PETSc, also an inner one, is created by PetscRsPCCreate, which adds functions
   that repair this. */
static PetscFunctionList PetscRsPCTypes;
#define PETSC_RS_SETUP "petsc-rs.pc.setup"

static PetscErrorCode PetscRsPCForgetTypes(void)
{
  return PetscFunctionListDestroy(&PetscRsPCTypes);
}

#define PETSC_RS_OPTIONS "petsc-rs.pc.options"

/* PCSetFromOptions() creates a factor, which it asks for the preferred ordering. That of hypre calls the function of the
   type that it has just set. */
static PetscErrorCode PetscRsPCOptions(PC pc, PETSC_RS_ITEMS items)
{
  PetscErrorCode (*options)(PC, PETSC_RS_ITEMS) = NULL;
  PetscErrorCode ierr                           = PetscObjectQueryFunction((PetscObject)pc, PETSC_RS_OPTIONS, &options);

  if (!ierr) ierr = PetscRsHypreIsMade(pc);
  if (!ierr) ierr = PetscRsFactorForget(pc);
  if (ierr || !options) return ierr;
  return PetscRsFactorRemember(pc, options(pc, items));
}

/* The set-up of the type. */
static PetscErrorCode PetscRsPCTypeSetUp(PC pc, PetscErrorCode (*setup)(PC))
{
  PetscBool      splits = PETSC_FALSE;
  PetscErrorCode ierr   = PetscObjectTypeCompare((PetscObject)pc, PCFIELDSPLIT, &splits);

  if (ierr) return ierr;
  return PetscRsTFSForget(pc, splits ? PetscRsFieldSplitSetUp(pc, setup) : setup(pc));
}

static PetscErrorCode PetscRsPCSetUp(PC pc)
{
  PetscErrorCode (*setup)(PC) = NULL;
  PetscErrorCode ierr         = PetscObjectQueryFunction((PetscObject)pc, PETSC_RS_SETUP, &setup);

  if (!ierr) ierr = PetscRsTypeCheck(pc);
  if (!ierr) ierr = PetscRsPCRefuseRows(pc);
  if (!ierr) ierr = PetscRsDeflationCheck(pc);
  if (!ierr) ierr = PetscRsBlocksCheck(pc);
  if (!ierr) ierr = PetscRsFiniteCheck(pc);
  if (!ierr && pc->pmat) ierr = PetscRsMatFindInodes(pc->pmat);
  if (!ierr) ierr = PetscRsFactorForget(pc);
  if (!ierr) ierr = PetscRsAssembledCheck(pc);
  if (!ierr) ierr = PetscRsMGCheck(pc);
  if (!ierr) ierr = PetscRsHypreIsMade(pc);
  if (!ierr) ierr = PetscRsHypreCheck(pc);
  if (!ierr) ierr = PetscRsMLCheck(pc);
  if (!ierr) ierr = PetscRsTFSCheck(pc);
  if (!ierr && setup) ierr = PetscRsFactorRemember(pc, PetscRsPCTypeSetUp(pc, setup));
  if (!ierr) ierr = PetscRsMGKeep(pc);
  if (!ierr) ierr = PetscRsHypreTransposeGuard(pc);
  if (!ierr) ierr = PetscRsPCSizesGuard(pc);
  return PetscRsPCForgetState(pc, ierr);
}

/* Calls the set-up of the type within PetscRsPCSetUp(). */
static PetscErrorCode PetscRsPCGuardSetUp(PC pc)
{
  PetscErrorCode ierr;

  if (!pc->ops->setup || pc->ops->setup == PetscRsPCSetUp) return (PetscErrorCode)0;
  ierr           = PetscObjectComposeFunction((PetscObject)pc, PETSC_RS_SETUP, pc->ops->setup);
  pc->ops->setup = PetscRsPCSetUp;
  return ierr;
}

static PetscErrorCode PetscRsPCCreate(PC pc)
{
  PetscErrorCode (*create)(PC) = NULL;
  PetscErrorCode ierr          = PetscFunctionListFind(PetscRsPCTypes, ((PetscObject)pc)->type_name, &create);
  PetscBool      is_mg = PETSC_FALSE, prepares = PETSC_FALSE, is_eisenstat = PETSC_FALSE, shows = PETSC_FALSE, splits = PETSC_FALSE;

  if (!ierr) ierr = PetscObjectTypeCompareAny((PetscObject)pc, &shows, PCEXOTIC, PCMPI, PCDEFLATION, PCREDISTRIBUTE, PCGASM, PCBDDC, "");
  if (!ierr) ierr = PetscRsPCCheckPrefix(pc);
  if (!ierr) ierr = create(pc);
  /* PCEXOTIC is called mg from now on. */
  if (!ierr) ierr = PetscObjectTypeCompare((PetscObject)pc, PCMG, &is_mg);
  if (!ierr) ierr = PetscObjectTypeCompareAny((PetscObject)pc, &prepares, PCDEFLATION, PCBDDC, "");
  if (!ierr) ierr = PetscObjectTypeCompare((PetscObject)pc, PCEISENSTAT, &is_eisenstat);
  if (!ierr) ierr = PetscObjectTypeCompare((PetscObject)pc, PCFIELDSPLIT, &splits);
  if (!ierr && splits) ierr = PetscRsFieldSplitGuard(pc);
  if (ierr) return ierr;
  if (is_mg) PetscRsMGGuard(pc);
  if (is_eisenstat) PetscRsEisenstatGuard(pc);
  if (prepares) {
    ierr              = PetscObjectComposeFunction((PetscObject)pc, PETSC_RS_PRESOLVE, pc->ops->presolve);
    pc->ops->presolve = PetscRsPCPreSolve;
    if (ierr) return ierr;
  }
  if (shows) {
    ierr          = PetscObjectComposeFunction((PetscObject)pc, PETSC_RS_VIEW, pc->ops->view);
    pc->ops->view = PetscRsPCView;
  }
  if (!ierr && pc->ops->setfromoptions && pc->ops->setfromoptions != PetscRsPCOptions) {
    ierr                    = PetscObjectComposeFunction((PetscObject)pc, PETSC_RS_OPTIONS, pc->ops->setfromoptions);
    pc->ops->setfromoptions = PetscRsPCOptions;
  }
  return ierr ? ierr : PetscRsPCGuardSetUp(pc);
}

/* Sets the set-up of a shell, with the same checks. */
PetscErrorCode PetscRsPCShellSetSetUp(PC pc, PetscErrorCode (*setup)(PC))
{
  const PetscErrorCode ierr = PCShellSetSetUp(pc, setup);

  return ierr ? ierr : PetscRsPCGuardSetUp(pc);
}

/* Makes preconditioners safe after inner errors. */
PetscErrorCode PetscRsPCGuard(void)
{
  const char   **names = NULL;
  int            i, n = 0;
  PetscErrorCode ierr = PCInitializePackage();

  if (ierr || PetscRsPCTypes) return ierr;
  ierr = PetscFunctionListDuplicate(PCList, &PetscRsPCTypes);
  if (!ierr) ierr = PetscRegisterFinalize(PetscRsPCForgetTypes);
  if (!ierr) ierr = PetscFunctionListGet(PetscRsPCTypes, &names, &n);
  for (i = 0; !ierr && i < n; i++) ierr = PCRegister(names[i], PetscRsPCCreate);
  PetscRsFree((void *)names);
  return ierr;
}
