/* Upstream: NEPReset_NLEIGS(), NEPSetUp_NLEIGS(), NEPNLEIGSFNSingularities(), src/nep/impls/nleigs/nleigs.c
   Releases: 3.18 - 3.26
   Fault: a reset destroys as many divided differences as the last setup intended to create, even if this setup failed
     before it created them, or if they were destroyed before: uninitialized pointers or NULL are dereferenced. If the
     problem type is NEP_RATIONAL, the pointer to the singularities is uninitialized for each function whose type is not
     FNRATIONAL, and for a combination of functions without poles; it is then freed.
   Workaround: in a reset, the number of divided differences is zero, unless a setup in callback form was completed. The
     divided differences of a failed setup are leaked. The singularities of rational problems are computed here.
   Test: attacked::differences_of_a_function_that_fails, attacked::singularities_of_functions_without_poles
   Patch: slepc/nep_nleigs.patch */
/* The data of nleigs, from 3.18 to 3.26. */
typedef struct {
  BV           V, W;
  PetscInt     nmat;
  PetscScalar *s, *xi, *beta;
  Mat         *D;
  PetscScalar *coeffD;
  PetscInt     nshifts;
  PetscScalar *shifts;
  PetscInt     nshiftsw;
  PetscReal    ddtol;
  PetscInt     ddmaxit;
  PetscReal    keep;
  PetscBool    lock;
  PetscInt     idxrk;
  KSP         *ksp;
  Vec          vrn;
  PetscBool    fullbasis;
  EPS          eps;
  Mat          A;
  Vec          w[6];
  void        *singularitiesctx;
  PetscErrorCode (*computesingularities)(NEP, PetscInt *, PetscScalar *, void *);
} Nleigs;

/* Singularities, of which there is room for some more. */
typedef struct {
  PetscInt     n, room;
  PetscScalar *x;
} Points;

static PetscErrorCode AddPoint(Points *points, PetscScalar x)
{
  for (PetscInt i = 0; i < points->n; i++) {
    if (PetscAbsScalar(x - points->x[i]) < PETSC_MACHINE_EPSILON * 100) return OK;
  }
  if (points->n == points->room) SETERRQ(PETSC_COMM_SELF, PETSC_ERR_ARG_OUTOFRANGE, "there are more than %d singularities", (int)points->room);
  points->x[points->n++] = x;
  return OK;
}

/* The roots are eigenvalues of the companion matrix. Those that are not of type PetscScalar are omitted. */
static PetscErrorCode AddRoots(Points *points, PetscInt degree, const PetscScalar *p)
{
  PetscScalar *re, *im;
  Mat          C;
  DS           ds;

  for (PetscInt i = 0; i <= degree; i++) {
    if (PetscIsInfOrNanScalar(p[i])) SETERRQ(PETSC_COMM_SELF, PETSC_ERR_FP, "a coefficient of a denominator is not finite");
  }
  for (; degree > 0 && p[0] == (PetscScalar)0.0; degree--) p++;
  if (degree < 1) return OK;
  CALL(DSCreate(PETSC_COMM_SELF, &ds));
  CALL(DSSetType(ds, DSNHEP));
  CALL(DSAllocate(ds, degree));
  CALL(DSSetDimensions(ds, degree, 0, 0));
  CALL(DSGetMat(ds, DS_MAT_A, &C));
  CALL(MatZeroEntries(C));
  for (PetscInt i = 0; i < degree; i++) {
    CALL(MatSetValue(C, i, degree - 1, -p[degree - i] / p[0], INSERT_VALUES));
    if (i) CALL(MatSetValue(C, i, i - 1, 1.0, INSERT_VALUES));
  }
  CALL(MatAssemblyBegin(C, MAT_FINAL_ASSEMBLY));
  CALL(MatAssemblyEnd(C, MAT_FINAL_ASSEMBLY));
  CALL(DSRestoreMat(ds, DS_MAT_A, &C));
  CALL(DSSetState(ds, DS_STATE_RAW));
  CALL(PetscCalloc2(degree, &re, degree, &im));
  CALL(DSSolve(ds, re, im));
  for (PetscInt i = 0; i < degree; i++) {
    if (im[i] == (PetscScalar)0.0) CALL(AddPoint(points, re[i]));
  }
  CALL(PetscFree2(re, im));
  return DSDestroy(&ds);
}

static PetscErrorCode AddPoles(Points *points, FN function)
{
  FNCombineType how = FN_COMBINE_COMPOSE;
  FN            first, second;
  PetscScalar  *q;
  PetscInt      n;
  PetscBool     is_rational, is_combination;

  CALL(PetscObjectTypeCompare((PetscObject)function, FNRATIONAL, &is_rational));
  if (is_rational) {
    CALL(FNRationalGetDenominator(function, &n, &q));
    CALL(AddRoots(points, n - 1, q));
    return PetscFree(q);
  }
  CALL(PetscObjectTypeCompare((PetscObject)function, FNCOMBINE, &is_combination));
  if (is_combination) CALL(FNCombineGetChildren(function, &how, &first, &second));
  if (how != FN_COMBINE_ADD && how != FN_COMBINE_MULTIPLY) SETERRQ(PetscObjectComm((PetscObject)function), PETSC_ERR_CONV_FAILED, "a function of the rational problem is not rational: set the singularities, or solve a general problem");
  CALL(AddPoles(points, first));
  return AddPoles(points, second);
}

static PetscErrorCode NleigsSingularities(NEP nep, PetscInt *n, PetscScalar *x, void *ctx)
{
  Points   points = {0, *n, x};
  PetscInt terms;
  FN       function;

  (void)ctx;
  CALL(NEPGetSplitOperatorInfo(nep, &terms, NULL));
  for (PetscInt i = 0; i < terms; i++) {
    CALL(NEPGetSplitOperatorTerm(nep, i, NULL, &function));
    CALL(AddPoles(&points, function));
  }
  *n = points.n;
  return OK;
}

static PetscErrorCode (*nleigs_create)(NEP), (*nleigs_setup)(NEP), (*nleigs_reset)(NEP);
static PetscInt nleigs_has_differences = -1;

static PetscErrorCode NleigsSetUp(NEP nep)
{
  Nleigs        *data   = (Nleigs *)nep->data;
  const PetscBool finds = !data->computesingularities && nep->problem_type == NEP_RATIONAL && nep->fui == NEP_USER_INTERFACE_SPLIT ? PETSC_TRUE : PETSC_FALSE;
  PetscErrorCode ierr;

  CALL(PetscObjectComposedDataSetInt((PetscObject)nep, nleigs_has_differences, 0));
  if (finds) data->computesingularities = NleigsSingularities;
  ierr = nleigs_setup(nep);
  if (finds) data->computesingularities = NULL;
  if (ierr) return ierr;
  TensorOnAllRanks(data->V);
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
