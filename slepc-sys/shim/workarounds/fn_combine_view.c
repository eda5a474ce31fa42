/* A view of a combination uses its parts, which exist only after the first use. */
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
