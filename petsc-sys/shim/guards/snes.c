/* PETSc's nonlinear solvers rely on the data of an earlier set-up, and on an earlier solve to restore them: after
   a reset, with a new DM, after an error or with another size, they dereference NULL or write beyond arrays. So
   each of them, also an inner one, is created by PetscRsSNESCreate, which adds checks before set-up and solve. */
static PetscFunctionList PetscRsSNESTypes;
#define PETSC_RS_SNES_SOLVE "petsc-rs.snes.solve"

static PetscErrorCode PetscRsSNESForgetTypes(void)
{
  return PetscFunctionListDestroy(&PetscRsSNESTypes);
}

static PetscErrorCode PetscRsSNESSetUp(SNES snes)
{
  PetscErrorCode (*setup)(SNES) = NULL;
  PetscBool      is_nasm        = PETSC_FALSE;
  PetscErrorCode ierr           = PetscObjectQueryFunction((PetscObject)snes, PETSC_RS_SNES_SETUP, &setup), end;

  if (!ierr) ierr = PetscRsSNESGuardMatrixFree(snes);
  if (!ierr) ierr = PetscRsSNESCheckExchanged(snes);
  if (!ierr) ierr = PetscRsSNESCheckFunction(snes);
  if (!ierr) ierr = PetscRsSNESCheckGiven(snes);
  if (!ierr) ierr = PetscRsSNESCheckCoarsen(snes);
  if (!ierr) ierr = PetscRsSNESGiveSearch(snes);
  if (!ierr) ierr = PetscRsSNESGiveResiduals(snes);
  if (!ierr) ierr = PetscObjectTypeCompare((PetscObject)snes, SNESNASM, &is_nasm);
  if (!ierr && setup) {
    ierr = is_nasm ? PetscRsSNESSetUpZero(snes, setup) : setup(snes);
    end  = PetscRsSNESGuardMatrixFree(snes);
    if (!ierr) ierr = end;
  }
  if (!ierr) ierr = PetscRsSNESCheckMade(snes);
  if (!ierr) ierr = PetscRsSNESNoteGrid(snes);
  if (!ierr) ierr = PetscRsSNESGuardSecant(snes);
  return ierr ? ierr : PetscRsSNESGuardOperators(snes);
}

static PetscErrorCode PetscRsSNESSolve(SNES snes)
{
  PetscErrorCode (*solve)(SNES) = NULL;
  PetscBool         exchanges = PETSC_FALSE, reduces = PETSC_FALSE;
  PetscRsOperators *own;
  DMSNES            functions;
  PetscInt          steps;
  PetscErrorCode    ierr = PetscObjectQueryFunction((PetscObject)snes, PETSC_RS_SNES_SOLVE, &solve), end;

  if (!ierr) ierr = PetscRsSNESCheckPatch(snes);
  if (!ierr) ierr = PetscRsSNESCheckSearchHasJacobian(snes);
  if (!ierr) ierr = PetscRsSNESCheckSizes(snes);
  if (!ierr) ierr = PetscRsSNESCheckExchanged(snes);
  if (!ierr) ierr = PetscRsSNESCheckFunction(snes);
  if (!ierr) ierr = PetscRsSNESFunctions(snes, &functions);
  if (!ierr && snes->jacobian_pre && !functions->ops->computejacobian) return PetscRsError("SNESSolve", __FILE__, PETSC_ERR_ORDER, "the DM has no Jacobian: call SNESSetJacobian or SNESReset");
  if (!ierr && snes->jacobian_pre && functions->ops->computejacobian == SNESComputeJacobianDefaultColor) ierr = PetscRsFDColoringCheck(snes->jacobian_pre);
  if (!ierr) ierr = PetscRsSNESCheckSelection(snes);
  if (!ierr) ierr = PetscRsSNESCheckLevel(snes);
  if (!ierr) ierr = PetscRsSNESCheckGrid(snes);
  if (!ierr) ierr = PetscRsSNESGiveNPC(snes);
  if (!ierr) ierr = PetscRsSNESGuardSecant(snes);
  if (!ierr) ierr = PetscObjectTypeCompare((PetscObject)snes, SNESVINEWTONSSLS, &exchanges);
  if (!ierr) ierr = PetscObjectTypeCompare((PetscObject)snes, SNESVINEWTONRSLS, &reduces);
  if (ierr) return ierr;
  own = PetscRsOperatorsFind(snes);
  steps = PetscRsTaoSteps(snes);
  if (own) own->solves++;
  ierr = exchanges ? PetscRsSNESSolveExchanged(snes, solve) : PetscRsSNESSolveEW(snes, solve);
  if (own) own->solves--;
  end = PetscRsSNESGuardMatrixFree(snes);
  if (!ierr) ierr = end;
  if (!ierr) ierr = PetscRsTaoCheckSteps(snes, steps);
  if (ierr && reduces) (void)PetscRsSNESForgetInactive(snes);
  return ierr;
}

static PetscErrorCode PetscRsSNESCreate(SNES snes)
{
  PetscErrorCode (*create)(SNES) = NULL;
  PetscBool      is_qn = PETSC_FALSE, is_ngs = PETSC_FALSE, is_nasm = PETSC_FALSE, is_aspin = PETSC_FALSE;
  PetscErrorCode ierr = PetscFunctionListFind(PetscRsSNESTypes, ((PetscObject)snes)->type_name, &create);

  /* The base of this type is another type, whose name the solver has from then on. */
  if (!ierr) ierr = PetscObjectTypeCompare((PetscObject)snes, SNESASPIN, &is_aspin);
  if (!ierr) ierr = PetscRsSNESMake(snes, create);
  if (!ierr) ierr = PetscObjectTypeCompare((PetscObject)snes, SNESQN, &is_qn);
  if (!ierr) ierr = PetscObjectTypeCompare((PetscObject)snes, SNESNGS, &is_ngs);
  if (!ierr) ierr = PetscObjectTypeCompare((PetscObject)snes, SNESNASM, &is_nasm);
  if (!ierr && is_aspin) ierr = PetscRsASPINGuard(snes);
  if (is_ngs || is_nasm) {
    ierr            = PetscObjectComposeFunction((PetscObject)snes, PETSC_RS_SNES_VIEW, snes->ops->view);
    snes->ops->view = is_ngs ? PetscRsSNESViewNGS : PetscRsSNESViewNASM;
  }
#if PETSC_VERSION_LT(3, 21, 0)
  if (is_qn) PetscRsSNESKeepMatrix(snes);
#else
  if (is_qn) {
    ierr            = PetscObjectComposeFunction((PetscObject)snes, PETSC_RS_SNES_VIEW, snes->ops->view);
    snes->ops->view = PetscRsSNESViewQN;
  }
#endif
  if (snes->ops->setup == PetscRsSNESSetUp) return ierr; /* the base of another type */
  if (!ierr) ierr = PetscObjectComposeFunction((PetscObject)snes, PETSC_RS_SNES_SETUP, snes->ops->setup);
  if (!ierr) ierr = PetscObjectComposeFunction((PetscObject)snes, PETSC_RS_SNES_SOLVE, snes->ops->solve);
  if (ierr) return ierr;
  snes->ops->setup = PetscRsSNESSetUp;
  if (snes->ops->solve) snes->ops->solve = PetscRsSNESSolve;
  return ierr;
}

/* Adds these checks to nonlinear solvers. */
PetscErrorCode PetscRsSNESGuard(void)
{
  const char   **names = NULL;
  int            i, n = 0;
  PetscErrorCode ierr = SNESInitializePackage();

  if (ierr || PetscRsSNESTypes) return ierr;
  ierr = PetscFunctionListDuplicate(SNESList, &PetscRsSNESTypes);
  if (!ierr) ierr = PetscRegisterFinalize(PetscRsSNESForgetTypes);
  if (!ierr) ierr = PetscFunctionListGet(PetscRsSNESTypes, &names, &n);
  for (i = 0; !ierr && i < n; i++) ierr = SNESRegister(names[i], PetscRsSNESCreate);
  PetscRsFree((void *)names);
  return ierr;
}

/* Before the sweep of SNESNGS is called. */
PetscErrorCode PetscRsSNESCheckNGS(SNES snes)
{
  return PetscRsSNESGuardSecant(snes);
}

/* Whether the function of a solver can be called. */
PetscErrorCode PetscRsSNESCanCompute(SNES snes)
{
  const PetscErrorCode ierr = PetscRsSNESCheckExchanged(snes);

  return ierr ? ierr : PetscRsSNESCheckFunction(snes);
}

/* SNESSetPicard() with checks of the function that it sets for differences. */
PetscErrorCode PetscRsSNESSetPicard(SNES snes, Vec r, PetscErrorCode (*b)(SNES, Vec, Vec, void *), Mat a, Mat p, PetscErrorCode (*j)(SNES, Vec, Mat, Mat, void *), void *ctx)
{
  const PetscErrorCode ierr = SNESSetPicard(snes, r, b, a, p, j, ctx);

  return ierr ? ierr : PetscRsSNESReplaceMFFunction(snes, ctx);
}
