/* A transformation that is not set up, because that has failed or its type is another one, has transformed matrices that
   STSetUp() destroys by the number of coefficients, which is another one now. There are two at least; of more, for
   coefficients that were not of this number, a reference stays. */
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
