/* Upstream: SNESSolve_VINEWTONSSLS(), src/snes/impls/vi/ss/viss.c
   Releases: 3.18 - 3.26
   Fault: the solve replaces the function of the DM, and does not restore it after an error, or if the function value at
     the initial guess is NaN; in the next solve, the function calls itself until the stack overflows. During the solve,
     another solver with the same DM calls the function with data of another type, and a function that another solver
     sets is called with the context of the former one, or the former one with its context.
   Workaround: the function is restored after each solve. Other solvers on the DM return an error during the solve, and
     set no functions.
   Test: unchecked::a_variational_inequality_gives_the_function_back_after_an_error,
     unchecked::functions_of_a_dm_stay_during_a_variational_inequality
   Patch: petsc/snes_vi_ss.patch */
#define PETSC_RS_SNES_EXCHANGED "petsc-rs.snes.exchanged"

/* Whether the function of the DM is that of another solver. */
PetscErrorCode PetscRsSNESCheckExchanged(SNES snes)
{
  DMSNES         functions;
  PetscObject    whose = NULL;
  PetscErrorCode ierr  = PetscRsSNESFunctions(snes, &functions);

  if (!ierr) ierr = PetscObjectQuery((PetscObject)functions, PETSC_RS_SNES_EXCHANGED, &whose);
  if (ierr || !whose || whose == (PetscObject)snes) return ierr;
  return PetscRsError("SNESSolve", __FILE__, PETSC_ERR_ARG_WRONGSTATE, "another solver is solving a variational inequality with the same DM");
}

static PetscErrorCode PetscRsSNESSolveExchanged(SNES snes, PetscErrorCode (*solve)(SNES))
{
  DMSNES         functions;
  PetscErrorCode ierr = PetscRsSNESFunctions(snes, &functions), end;

  if (!ierr && !functions->ops->computefunction) return PetscRsError("SNESSolve", __FILE__, PETSC_ERR_ORDER, "the solver has no function: call SNESSetFunction");
  if (!ierr) ierr = PetscObjectReference((PetscObject)functions);
  if (ierr) return ierr;
  {
    struct _DMSNESOps before = *functions->ops;

    ierr = PetscObjectCompose((PetscObject)functions, PETSC_RS_SNES_EXCHANGED, (PetscObject)snes);
    if (!ierr) ierr = PetscRsSNESSolveEW(snes, solve);
    functions->ops->computefunction = before.computefunction;
  }
  end = PetscObjectCompose((PetscObject)functions, PETSC_RS_SNES_EXCHANGED, NULL);
  if (!end) end = PetscObjectDereference((PetscObject)functions);
  return ierr ? ierr : end;
}
