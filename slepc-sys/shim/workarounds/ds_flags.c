/* Upstream: EPSSetUp(), PEPSetUp(), NEPSetUp(), src/{eps,pep,nep}/interface/{eps,pep,nep}setup.c
   Releases: 3.18 - 3.26
   Fault: the dense problem keeps the compact storage, the extra row and the refinement that an earlier method or
     problem type selected. Matrices of different sizes are then copied. After the error of such a copy, a Davidson
     method cannot be reset: memory is freed twice.
   Workaround: each setup starts from the default flags of the dense problem.
   Test: attacked::a_davidson_method_after_a_method_with_an_extra_row
   Patch: slepc/ds_flags.patch */
static PetscErrorCode DefaultStorage(DS ds)
{
  if (!ds) return OK;
  CALL(DSSetCompact(ds, PETSC_FALSE));
  CALL(DSSetExtraRow(ds, PETSC_FALSE));
  return DSSetRefined(ds, PETSC_FALSE);
}

#define DEFAULT_STORAGE(X, name) \
  static PetscFunctionList name##_types; \
  static PetscErrorCode X##SetUpDefault(X solver) \
  { \
    PetscErrorCode (*setup)(X) = NULL; \
    CALL(PetscObjectQueryFunction((PetscObject)solver, "petsc-rs.setup.default", &setup)); \
    CALL(X##ForgetSizes(solver)); \
    CALL(DefaultStorage(solver->ds)); \
    return setup(solver); \
  } \
  static PetscErrorCode X##CreateDefault(X solver) \
  { \
    PetscErrorCode (*create)(X) = NULL; \
    CALL(PetscFunctionListFind(name##_types, ((PetscObject)solver)->type_name, &create)); \
    CALL(create(solver)); \
    CALL(PetscObjectComposeFunction((PetscObject)solver, "petsc-rs.setup.default", solver->ops->setup)); \
    if (solver->ops->setup) solver->ops->setup = X##SetUpDefault; \
    return OK; \
  } \
  static PetscErrorCode X##ForgetTypes(void) { return PetscFunctionListDestroy(&name##_types); } \
  static PetscErrorCode X##WrapTypes(void) \
  { \
    const char **names = NULL; \
    int          n     = 0; \
    if (name##_types) return OK; \
    CALL(PetscFunctionListDuplicate(X##List, &name##_types)); \
    CALL(PetscRegisterFinalize(X##ForgetTypes)); \
    CALL(PetscFunctionListGet(name##_types, &names, &n)); \
    for (int i = 0; i < n; i++) CALL(X##Register(names[i], X##CreateDefault)); \
    return PetscFree(names); \
  }

DEFAULT_STORAGE(EPS, eps)
DEFAULT_STORAGE(PEP, pep)
DEFAULT_STORAGE(NEP, nep)
