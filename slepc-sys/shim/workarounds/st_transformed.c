/* Upstream: STSetMatrices(), STSetUp(), src/sys/classes/st/interface/stfunc.c, stsolve.c
   Releases: 3.18 - 3.26
   Fault: if a setup failed, or was made for another type, its transformed matrices are destroyed according to the
     number of coefficients of the next setup: reads and writes are out of bounds.
   Workaround: the setup of each type of PEP destroys the first two transformed matrices; each ST has at least two. Any
     others are leaked.
   Test: attacked::more_coefficients_after_a_set_up_that_failed
   Patch: slepc/st_transformed.patch */
static PetscErrorCode ForgetTransformed(ST st)
{
  if (st->state != ST_STATE_INITIAL || !st->T) return OK;
  CALL(MatDestroy(&st->T[0]));
  CALL(MatDestroy(&st->T[1]));
  st->opready = PETSC_FALSE;
  return PetscFree(st->T);
}

#define PEP_SETUP "petsc-rs.pep.setup"
static PetscFunctionList pep_types;

static PetscErrorCode PolynomialSetUp(PEP pep)
{
  PetscErrorCode (*setup)(PEP) = NULL;
  CALL(PetscObjectQueryFunction((PetscObject)pep, PEP_SETUP, &setup));
  CALL(LinearCheck(pep));
  CALL(RestoreBackTransform(pep));
  CALL(ForgetTransformed(pep->st));
  return setup(pep);
}

static PetscErrorCode PolynomialCreate(PEP pep)
{
  PetscErrorCode (*create)(PEP) = NULL;
  CALL(PetscFunctionListFind(pep_types, ((PetscObject)pep)->type_name, &create));
  CALL(create(pep));
  CALL(KeepBackTransform(pep));
  CALL(PetscObjectComposeFunction((PetscObject)pep, PEP_SETUP, pep->ops->setup));
  pep->ops->setup = PolynomialSetUp;
  return OK;
}

static PetscErrorCode ForgetTypes(void) { return PetscFunctionListDestroy(&pep_types); }

static PetscErrorCode WrapPolynomials(void)
{
  const char **names = NULL;
  int          n     = 0;
  if (pep_types) return OK;
  CALL(PetscFunctionListDuplicate(PEPList, &pep_types));
  CALL(PetscRegisterFinalize(ForgetTypes));
  CALL(PetscFunctionListGet(pep_types, &names, &n));
  for (int i = 0; i < n; i++) CALL(PEPRegister(names[i], PolynomialCreate));
  return PetscFree(names);
}
