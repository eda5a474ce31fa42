/* Upstream: NEPReset_NLEIGS(), NEPSetUp_NLEIGS(), src/nep/impls/nleigs/nleigs.c
   Releases: 3.18 - 3.26
   Fault: a reset destroys as many divided differences as the last setup was to create, even if this setup failed
     before it created them, or if they were destroyed before: uninitialized pointers or NULL are dereferenced.
   Workaround: in a reset, the number of divided differences is zero, unless a setup in callback form was completed.
     The divided differences of a failed setup are leaked.
   Test: attacked::differences_of_a_function_that_fails
   Patch: slepc/nep_nleigs.patch */
/* First fields of the data of nleigs, from 3.18 to 3.26. */
typedef struct {
  BV       V, W;
  PetscInt nmat;
} Nleigs;

static PetscErrorCode (*nleigs_create)(NEP), (*nleigs_setup)(NEP), (*nleigs_reset)(NEP);
static PetscInt nleigs_has_differences = -1;

static PetscErrorCode NleigsSetUp(NEP nep)
{
  CALL(PetscObjectComposedDataSetInt((PetscObject)nep, nleigs_has_differences, 0));
  CALL(nleigs_setup(nep));
  return PetscObjectComposedDataSetInt((PetscObject)nep, nleigs_has_differences, nep->fui == NEP_USER_INTERFACE_CALLBACK);
}

static PetscErrorCode NleigsReset(NEP nep)
{
  PetscInt  one = 0;
  PetscBool has = PETSC_FALSE;
  CALL(PetscObjectComposedDataGetInt((PetscObject)nep, nleigs_has_differences, one, has));
  if (!has || !one) ((Nleigs *)nep->data)->nmat = 0;
  CALL(PetscObjectComposedDataSetInt((PetscObject)nep, nleigs_has_differences, 0));
  return nleigs_reset(nep);
}

static PetscErrorCode NleigsCreate(NEP nep)
{
  CALL(nleigs_create(nep));
  nleigs_setup    = nep->ops->setup;
  nleigs_reset    = nep->ops->reset;
  nep->ops->setup = NleigsSetUp;
  nep->ops->reset = NleigsReset;
  if (nleigs_has_differences < 0) CALL(PetscObjectComposedDataRegister(&nleigs_has_differences));
  return OK;
}

static PetscErrorCode WrapNleigs(void)
{
  PetscErrorCode (*found)(NEP) = NULL;
  CALL(NEPInitializePackage());
  CALL(PetscFunctionListFind(NEPList, NEPNLEIGS, &found));
  if (!found || found == NleigsCreate) return OK;
  nleigs_create = found;
  return NEPRegister(NEPNLEIGS, NleigsCreate);
}
