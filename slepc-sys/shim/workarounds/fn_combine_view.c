/* Upstream: FNView_Combine(), src/sys/classes/fn/impls/combine/fncombine.c
   Releases: 3.18 - 3.26
   Fault: the view uses the two functions of a combination, which exist only after they were set or requested: NULL
   is dereferenced.
   Workaround: the view creates them.
   Test: attacked::a_combination_without_parts_is_viewed
   Patch: slepc/fn_combine_view.patch */
static PetscErrorCode (*combine_create)(FN), (*combine_view)(FN, PetscViewer);

static PetscErrorCode CombineView(FN fn, PetscViewer viewer)
{
  FN f, g;
  CALL(FNCombineGetChildren(fn, NULL, &f, &g));
  return combine_view(fn, viewer);
}

static PetscErrorCode CombineCreate(FN fn)
{
  CALL(combine_create(fn));
  combine_view  = fn->ops->view;
  fn->ops->view = CombineView;
  return OK;
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
