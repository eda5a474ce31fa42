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

/* PCSetUp() records the state of the matrix before the set-up: after an error, the next PCApply() would consider
   the preconditioner set up. */
static PetscErrorCode PetscRsPCSetUp(PC pc)
{
  PetscErrorCode (*setup)(PC) = NULL;
  PetscErrorCode ierr         = PetscObjectQueryFunction((PetscObject)pc, PETSC_RS_SETUP, &setup);

  if (!ierr) ierr = PetscRsDeflationCheck(pc);
  if (!ierr) ierr = PetscRsBlocksCheck(pc);
  if (!ierr && pc->pmat) ierr = PetscRsMatFindInodes(pc->pmat);
  if (!ierr) ierr = PetscRsFactorForget(pc);
  if (!ierr) ierr = PetscRsAssembledCheck(pc);
  if (!ierr) ierr = PetscRsMGCheck(pc);
  if (!ierr) ierr = PetscRsHypreIsMade(pc);
  if (!ierr) ierr = PetscRsHypreCheck(pc);
  if (!ierr && setup) ierr = PetscRsFactorRemember(pc, setup(pc));
  if (!ierr) ierr = PetscRsPCSizesGuard(pc);
#if defined(MatStateInvalidate)
  if (ierr) (void)MatStateInvalidate(pc->matstate);
#else
  if (ierr) pc->matstate = pc->matnonzerostate = -1;
#endif
  return ierr;
}

static PetscErrorCode PetscRsPCCreate(PC pc)
{
  PetscErrorCode (*create)(PC) = NULL;
  PetscErrorCode ierr          = PetscFunctionListFind(PetscRsPCTypes, ((PetscObject)pc)->type_name, &create);
  PetscBool      is_mg = PETSC_FALSE, prepares = PETSC_FALSE, is_eisenstat = PETSC_FALSE, is_mpi = PETSC_FALSE, shows = PETSC_FALSE;

  if (!ierr) ierr = PetscObjectTypeCompareAny((PetscObject)pc, &shows, PCEXOTIC, PCMPI, PCDEFLATION, PCREDISTRIBUTE, PCGASM, PCBDDC, "");
  if (!ierr) ierr = PetscObjectTypeCompare((PetscObject)pc, PCMPI, &is_mpi);
  /* Since 3.19 it reads a name in the prefix, even if there is none. */
  if (!ierr && is_mpi && PETSC_VERSION_GE(3, 19, 0) && !((PetscObject)pc)->prefix) ierr = PetscRsError("PCSetType", __FILE__, PETSC_ERR_SUP, "the type mpi is reserved for PETSc's internal use");
  if (!ierr) ierr = create(pc);
  /* PCEXOTIC is called mg from now on. */
  if (!ierr) ierr = PetscObjectTypeCompare((PetscObject)pc, PCMG, &is_mg);
  if (!ierr) ierr = PetscObjectTypeCompareAny((PetscObject)pc, &prepares, PCDEFLATION, PCBDDC, "");
  if (!ierr) ierr = PetscObjectTypeCompare((PetscObject)pc, PCEISENSTAT, &is_eisenstat);
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
  if (ierr || !pc->ops->setup || pc->ops->setup == PetscRsPCSetUp) return ierr;
  ierr           = PetscObjectComposeFunction((PetscObject)pc, PETSC_RS_SETUP, pc->ops->setup);
  pc->ops->setup = PetscRsPCSetUp;
  return ierr;
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
