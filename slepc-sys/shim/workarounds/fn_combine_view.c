/* Upstream: FNView_Combine(), FNEvaluateFunction_Combine() and related functions,
   src/sys/classes/fn/impls/combine/fncombine.c
   Releases: 3.18 - 3.26
   Fault: the view and the evaluation use the two functions of a combination, which exist only after they were set or
   requested: NULL is dereferenced.
   Workaround: both functions are created together with the combination. The evaluation of functions without a type
     returns an error.
   Test: attacked::a_combination_without_parts_is_viewed, attacked::a_function_loses_its_parts_after_a_solve
   Patch: slepc/fn_combine_view.patch */
static PetscErrorCode (*combine_create)(FN);

static PetscErrorCode CombineCreate(FN fn)
{
  FN f, g;
  CALL(combine_create(fn));
  return FNCombineGetChildren(fn, NULL, &f, &g);
}

static PetscErrorCode WrapCombine(void)
{
  PetscErrorCode (*found)(FN) = NULL;
  CALL(FNInitializePackage());
  CALL(PetscFunctionListFind(FNList, FNCOMBINE, &found));
  if (!found || found == CombineCreate) return OK;
  combine_create = found;
  return FNRegister(FNCOMBINE, CombineCreate);
}
