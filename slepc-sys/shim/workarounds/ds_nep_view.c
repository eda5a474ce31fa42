/* Upstream: DSView_NEP(), src/sys/classes/ds/impls/nep/dsnep.c
   Releases: 3.18 - 3.26
   Fault: the view of the contour integral method uses a region that may not exist; NULL is dereferenced.
   Workaround: a view creates the region.
   Test: attacked::a_contour_of_a_dense_problem_is_viewed_before_a_solve
   Patch: slepc/ds_nep_view.patch */
static PetscErrorCode (*nonlinear_create)(DS), (*nonlinear_view)(DS, PetscViewer);

static PetscErrorCode NonlinearView(DS ds, PetscViewer viewer)
{
  RG rg;
  CALL(DSNEPGetRG(ds, &rg));
  return nonlinear_view(ds, viewer);
}

static PetscErrorCode NonlinearCreate(DS ds)
{
  CALL(nonlinear_create(ds));
  nonlinear_view = ds->ops->view;
  ds->ops->view  = NonlinearView;
  return OK;
}

static PetscErrorCode WrapNonlinear(void)
{
  PetscErrorCode (*found)(DS) = NULL;
  CALL(DSInitializePackage());
  CALL(PetscFunctionListFind(DSList, DSNEP, &found));
  if (!found || found == NonlinearCreate) return OK;
  nonlinear_create = found;
  return DSRegister(DSNEP, NonlinearCreate);
}
