#include "slepc_shim.h"

#if defined(__has_include)
  #if __has_include(<slepc/private/nepimpl.h>)
    #include <slepc/private/bvimpl.h>
    #include <slepc/private/dsimpl.h>
    #include <slepc/private/epsimpl.h>
    #include <slepc/private/fnimpl.h>
    #include <slepc/private/nepimpl.h>
    #include <slepc/private/pepimpl.h>
    #include <slepc/private/rgimpl.h>
    #include <slepc/private/stimpl.h>
    #include <slepc/private/svdimpl.h>
    #define PETSC_RS_PRIVATE
  #endif
#endif

#define OK ((PetscErrorCode)0)
#define CALL(...) \
  do { \
    PetscErrorCode ierr_ = __VA_ARGS__; \
    if (ierr_) return ierr_; \
  } while (0)

void PetscRsSlepcVersion(int *major, int *minor, int *subminor)
{
  *major    = SLEPC_VERSION_MAJOR;
  *minor    = SLEPC_VERSION_MINOR;
  *subminor = SLEPC_VERSION_SUBMINOR;
}

#if defined(PETSC_RS_PRIVATE)
static PetscErrorCode MatIsLent(BV, PetscBool *);
#endif

/* Methods for which SLEPc assumes that parts exist: they are registered again, with functions of this file around
   those of SLEPc. */
#if defined(PETSC_RS_PRIVATE)
  #if PETSC_VERSION_GE(3, 23, 0)
typedef PetscOptionItems Items;
  #else
typedef PetscOptionItems *Items;
  #endif

/* First fields of the data of Krylov-Schur, from 3.18 to 3.26. */
typedef struct {
  PetscReal    keep;
  PetscBool    lock;
  void        *sr;
  PetscInt     nev, ncv, mpd, npart;
  PetscBool    detect;
  PetscReal   *subintervals;
  PetscBool    subintset;
  PetscMPIInt *nconv_loc;
  EPS          eps;
} KrylovSchur;

typedef struct {
  PetscErrorCode (*create)(EPS);
  PetscErrorCode (*reset)(EPS);
  PetscErrorCode (*destroy)(EPS);
  PetscErrorCode (*view)(EPS, PetscViewer);
  PetscErrorCode (*options)(EPS, Items);
  PetscErrorCode (*setup)(EPS);
} Method;

static Method krylovschur, power, lapack, ciss;

static PetscErrorCode Slices(EPS eps, PetscBool *slices)
{
  ST        st;
  PetscBool filter;
  CALL(EPSGetST(eps, &st));
  CALL(PetscObjectTypeCompare((PetscObject)st, STFILTER, &filter));
  *slices = eps->which == EPS_ALL && !filter ? PETSC_TRUE : PETSC_FALSE;
  return OK;
}

/* Reset and destruction of slices use an inner solver, which exists only after the first setup. */
static PetscErrorCode Undo(EPS eps, PetscErrorCode (*undo)(EPS))
{
  EPSWhich       which = eps->which;
  PetscBool      slices;
  PetscErrorCode ierr;
  CALL(Slices(eps, &slices));
  if (slices && !((KrylovSchur *)eps->data)->eps) eps->which = EPS_LARGEST_MAGNITUDE;
  ierr       = undo(eps);
  eps->which = which;
  return ierr;
}

static PetscErrorCode KrylovSchurReset(EPS eps) { return Undo(eps, krylovschur.reset); }
static PetscErrorCode KrylovSchurDestroy(EPS eps) { return Undo(eps, krylovschur.destroy); }

/* Options and views of slices create that solver from the operators. */
static PetscErrorCode LacksOperators(EPS eps, PetscBool *lacks)
{
  PetscInt n;
  CALL(Slices(eps, lacks));
  CALL(STGetNumMatrices(eps->st, &n));
  if (n) *lacks = PETSC_FALSE;
  return OK;
}

static PetscErrorCode KrylovSchurOptions(EPS eps, Items items)
{
  PetscBool lacks;
  CALL(LacksOperators(eps, &lacks));
  if (lacks) SETERRQ(PetscObjectComm((PetscObject)eps), PETSC_ERR_ORDER, "to compute all eigenvalues of an interval, set the operators before the options");
  return krylovschur.options(eps, items);
}

static PetscErrorCode KrylovSchurView(EPS eps, PetscViewer viewer)
{
  PetscBool lacks;
  CALL(LacksOperators(eps, &lacks));
  return lacks ? OK : krylovschur.view(eps, viewer);
}

static PetscErrorCode KrylovSchurCreate(EPS eps)
{
  CALL(krylovschur.create(eps));
  krylovschur.reset        = eps->ops->reset;
  krylovschur.destroy      = eps->ops->destroy;
  krylovschur.view         = eps->ops->view;
  krylovschur.options      = eps->ops->setfromoptions;
  eps->ops->reset          = KrylovSchurReset;
  eps->ops->destroy        = KrylovSchurDestroy;
  eps->ops->view           = KrylovSchurView;
  eps->ops->setfromoptions = KrylovSchurOptions;
  return OK;
}

/* Restores the stopping test: that of power iteration would otherwise stay set with the next method, and read its
   data. */
static PetscErrorCode (*power_stopping)(EPS, PetscInt, PetscInt, PetscInt, PetscInt, EPSConvergedReason *, void *);

static PetscErrorCode PowerDestroy(EPS eps)
{
  if (eps->stopping == power_stopping) CALL(EPSSetStoppingTest(eps, EPS_STOP_BASIC));
  return power.destroy(eps);
}

static PetscErrorCode PowerCreate(EPS eps)
{
  CALL(power.create(eps));
  power.destroy      = eps->ops->destroy;
  power_stopping     = eps->stopping;
  eps->ops->destroy  = PowerDestroy;
  return OK;
}

/* Checks that the matrices can be copied: SLEPc destroys a copy that was not created. */
static PetscErrorCode LapackSetUp(EPS eps)
{
  PetscInt n;
  CALL(STGetNumMatrices(eps->st, &n));
  for (PetscInt i = 0; i < n; i++) {
    Mat            matrix, copy = NULL;
    PetscBool      copies;
    PetscErrorCode ierr;
    CALL(STGetMatrix(eps->st, i, &matrix));
    CALL(MatHasOperation(matrix, MATOP_CREATE_SUBMATRICES, &copies));
    if (!copies) continue;
    CALL(PetscPushErrorHandler(PetscReturnErrorHandler, NULL));
    ierr = MatCreateRedundantMatrix(matrix, 0, PETSC_COMM_SELF, MAT_INITIAL_MATRIX, &copy);
    CALL(PetscPopErrorHandler());
    if (ierr) SETERRQ(PetscObjectComm((PetscObject)eps), PETSC_ERR_SUP, "the type lapack does not support matrices of type %s: convert the matrix", ((PetscObject)matrix)->type_name);
    CALL(MatDestroy(&copy));
  }
  return lapack.setup(eps);
}

static PetscErrorCode LapackCreate(EPS eps)
{
  CALL(lapack.create(eps));
  lapack.setup    = eps->ops->setup;
  eps->ops->setup = LapackSetUp;
  return OK;
}

static PetscErrorCode Wrap(EPSType type, Method *method, PetscErrorCode (*create)(EPS))
{
  PetscErrorCode (*found)(EPS) = NULL;
  CALL(PetscFunctionListFind(EPSList, type, &found));
  if (!found || found == create) return OK;
  method->create = found;
  return EPSRegister(type, create);
}

/* A reset uses the contour, which exists only after the first setup. */
static PetscInt ciss_has_contour = -1;

static PetscErrorCode CissSetUp(EPS eps)
{
  CALL(ciss.setup(eps));
  return PetscObjectComposedDataSetInt((PetscObject)eps, ciss_has_contour, 1);
}

static PetscErrorCode CissReset(EPS eps)
{
  PetscInt  one = 0;
  PetscBool has = PETSC_FALSE;
  CALL(PetscObjectComposedDataGetInt((PetscObject)eps, ciss_has_contour, one, has));
  return has && one ? ciss.reset(eps) : OK;
}

static PetscErrorCode CissCreate(EPS eps)
{
  CALL(ciss.create(eps));
  ciss.setup      = eps->ops->setup;
  ciss.reset      = eps->ops->reset;
  eps->ops->setup = CissSetUp;
  eps->ops->reset = CissReset;
  if (ciss_has_contour < 0) CALL(PetscObjectComposedDataRegister(&ciss_has_contour));
  return PetscObjectComposedDataSetInt((PetscObject)eps, ciss_has_contour, 0);
}

/* The delayed orthogonalization writes before its array where a factorization has one step. */
static Method lanczos, arnoldi;

static PetscErrorCode TwoSteps(EPS eps)
{
  if (eps->ncv > 1 && eps->mpd > 1) return OK;
  SETERRQ(PetscObjectComm((PetscObject)eps), PETSC_ERR_ARG_OUTOFRANGE, "the delayed orthogonalization needs a subspace of at least two dimensions: see set_dimensions");
}

static PetscErrorCode LanczosSetUp(EPS eps)
{
  EPSLanczosReorthogType kind;
  CALL(lanczos.setup(eps));
  CALL(EPSLanczosGetReorthog(eps, &kind));
  return kind == EPS_LANCZOS_REORTHOG_DELAYED ? TwoSteps(eps) : OK;
}

static PetscErrorCode LanczosCreate(EPS eps)
{
  CALL(lanczos.create(eps));
  lanczos.setup   = eps->ops->setup;
  eps->ops->setup = LanczosSetUp;
  return OK;
}

static PetscErrorCode ArnoldiSetUp(EPS eps)
{
  PetscBool delayed;
  CALL(arnoldi.setup(eps));
  CALL(EPSArnoldiGetDelayed(eps, &delayed));
  return delayed ? TwoSteps(eps) : OK;
}

static PetscErrorCode ArnoldiCreate(EPS eps)
{
  CALL(arnoldi.create(eps));
  arnoldi.setup   = eps->ops->setup;
  eps->ops->setup = ArnoldiSetUp;
  return OK;
}

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

/* For a singular matrix or one with infinite entries or NaN, also as the inner part of a combination, LAPACK
   receives infinite values or NaN and writes beyond its array of pivots. */
static PetscErrorCode (*log_create)(FN), (*log_mat)(FN, Mat, Mat);

static PetscErrorCode CheckLogarithm(Mat a)
{
  Mat            copy;
  PetscReal      norm;
  PetscErrorCode ierr;
  CALL(MatNorm(a, NORM_FROBENIUS, &norm));
  if (!(norm < PetscSqrtReal(PETSC_MAX_REAL))) SETERRQ(PETSC_COMM_SELF, PETSC_ERR_FP, "the norm of the matrix is not finite, or too large for a logarithm");
  CALL(MatDuplicate(a, MAT_COPY_VALUES, &copy));
  CALL(PetscPushErrorHandler(PetscReturnErrorHandler, NULL));
  ierr = MatLUFactor(copy, NULL, NULL, NULL);
  CALL(PetscPopErrorHandler());
  CALL(MatDestroy(&copy));
  if (ierr) SETERRQ(PETSC_COMM_SELF, PETSC_ERR_FP, "a singular matrix has no logarithm");
  return OK;
}

/* Copies the leading n x n block. */
static PetscErrorCode CopyBlock(Mat from, Mat to, PetscInt n)
{
  const PetscScalar *x;
  PetscScalar       *y;
  PetscInt           ldx, ldy;
  CALL(MatDenseGetLDA(from, &ldx));
  CALL(MatDenseGetLDA(to, &ldy));
  CALL(MatDenseGetArrayRead(from, &x));
  CALL(MatDenseGetArray(to, &y));
  for (PetscInt j = 0; j < n; j++) CALL(PetscArraycpy(y + j * ldy, x + j * ldx, n));
  CALL(MatDenseRestoreArray(to, &y));
  return MatDenseRestoreArrayRead(from, &x);
}

/* From 7 rows on, SLEPc's work arrays have room for a Padé approximant of degree 7. Smaller matrices are extended
   with rows and columns of the identity, whose logarithm is zero. */
enum { LOG_ROWS = 8 };

static PetscErrorCode LogMat(FN fn, Mat a, Mat b)
{
  PetscInt n;
  Mat      padded;
  CALL(CheckLogarithm(a));
  CALL(MatGetSize(a, &n, NULL));
  if (n >= LOG_ROWS) return log_mat(fn, a, b);
  CALL(MatCreateSeqDense(PETSC_COMM_SELF, LOG_ROWS, LOG_ROWS, NULL, &padded));
  CALL(MatShift(padded, 1.0));
  CALL(CopyBlock(a, padded, n));
  CALL(log_mat(fn, padded, padded));
  CALL(CopyBlock(padded, b, n));
  return MatDestroy(&padded);
}

static PetscErrorCode LogMatVec(FN fn, Mat a, Vec v)
{
  Mat b;
  CALL(MatDuplicate(a, MAT_DO_NOT_COPY_VALUES, &b));
  CALL(LogMat(fn, a, b));
  CALL(MatGetColumnVector(b, v, 0));
  return MatDestroy(&b);
}

static PetscErrorCode LogCreate(FN fn)
{
  CALL(log_create(fn));
  log_mat                            = fn->ops->evaluatefunctionmat[0];
  fn->ops->evaluatefunctionmat[0]    = LogMat;
  fn->ops->evaluatefunctionmatvec[0] = LogMatVec;
  return OK;
}

static PetscErrorCode WrapLog(void)
{
  PetscErrorCode (*found)(FN) = NULL;
  CALL(PetscFunctionListFind(FNList, FNLOG, &found));
  if (!found || found == LogCreate) return OK;
  log_create = found;
  return FNRegister(FNLOG, LogCreate);
}

#if SLEPC_VERSION_LT(3, 22, 0)
/* When the type of a dense problem changes and the leading dimension is the same, it keeps the matrices of the
   previous type, and the next solve dereferences NULL. */
#define DENSE(TYPE, name) \
  static PetscErrorCode (*dense_##TYPE)(DS); \
  static PetscErrorCode Create##TYPE(DS ds) \
  { \
    CALL(DSReset(ds)); \
    return dense_##TYPE(ds); \
  } \
  static PetscErrorCode Wrap##TYPE(void) \
  { \
    PetscErrorCode (*found)(DS) = NULL; \
    CALL(PetscFunctionListFind(DSList, name, &found)); \
    if (!found || found == Create##TYPE) return OK; \
    dense_##TYPE = found; \
    return DSRegister(name, Create##TYPE); \
  }

DENSE(HEP, "hep")
DENSE(NHEP, "nhep")
DENSE(GHEP, "ghep")
DENSE(GHIEP, "ghiep")
DENSE(GNHEP, "gnhep")
DENSE(NHEPTS, "nhepts")
DENSE(SVD, "svd")
DENSE(HSVD, "hsvd")
DENSE(GSVD, "gsvd")
DENSE(PEP, "pep")
DENSE(NEP, "nep")

static PetscErrorCode WrapDense(void)
{
  PetscErrorCode (*wrap[])(void) = {WrapHEP, WrapNHEP, WrapGHEP, WrapGHIEP, WrapGNHEP, WrapNHEPTS, WrapSVD, WrapHSVD, WrapGSVD, WrapPEP, WrapNEP};
  CALL(DSInitializePackage());
  for (size_t i = 0; i < sizeof(wrap) / sizeof(wrap[0]); i++) CALL(wrap[i]());
  return OK;
}
#else
static PetscErrorCode WrapDense(void) { return OK; }
#endif

/* First fields of the data of Jacobi-Davidson for polynomials, from 3.18 to 3.26. */
typedef struct {
  PetscReal keep, fix;
  PetscBool reuse;
  BV        V, W, *TV;
} JacobiDavidson;

typedef struct {
  PetscErrorCode (*create)(PEP);
  PetscErrorCode (*reset)(PEP);
  PetscErrorCode (*setup)(PEP);
} PolynomialMethod;

static PolynomialMethod jd, stoar;

/* The bases exist only after a setup. Depending on the projection in that setup, the basis of the test space is
   the same object as that of the search space. */
static PetscErrorCode JdReset(PEP pep)
{
  JacobiDavidson *data = (JacobiDavidson *)pep->data;
  if (!data->TV) return OK;
  if (data->W == data->V) data->W = NULL;
  CALL(BVDestroy(&data->W));
  return jd.reset(pep);
}

/* A second setup would leak the objects of the first one, and the dense problem would keep its previous number of
   matrices. */
static PetscErrorCode JdSetUp(PEP pep)
{
  JacobiDavidson *data = (JacobiDavidson *)pep->data;
  CALL(JdReset(pep));
  CALL(DSReset(pep->ds));
  CALL(jd.setup(pep));
  /* With a smaller dimension, each step would be a restart, also an empty one. */
  if (pep->ncv < 4) SETERRQ(PetscObjectComm((PetscObject)pep), PETSC_ERR_ARG_OUTOFRANGE, "jd requires a subspace of dimension 4 or more: see set_dimensions");
  /* A restart continues with this part of the subspace. */
  if ((PetscInt)(data->keep * pep->ncv) < 1) SETERRQ(PetscObjectComm((PetscObject)pep), PETSC_ERR_ARG_OUTOFRANGE, "jd requires a subspace of more than one dimension: see set_dimensions");
  return OK;
}

static PetscErrorCode JdCreate(PEP pep)
{
  CALL(jd.create(pep));
  jd.reset        = pep->ops->reset;
  jd.setup        = pep->ops->setup;
  pep->ops->reset = JdReset;
  pep->ops->setup = JdSetUp;
  return OK;
}

/* A failed setup keeps the number of results of the previous solve, and a reset would free that number of
   results. */
static PetscErrorCode StoarSetUp(PEP pep)
{
  CALL(stoar.reset(pep));
  pep->nconv = 0;
  return stoar.setup(pep);
}

static PetscErrorCode StoarCreate(PEP pep)
{
  CALL(stoar.create(pep));
  stoar.reset     = pep->ops->reset;
  stoar.setup     = pep->ops->setup;
  pep->ops->setup = StoarSetUp;
  return OK;
}

static PetscErrorCode WrapPolynomial(PEPType type, PolynomialMethod *method, PetscErrorCode (*create)(PEP))
{
  PetscErrorCode (*found)(PEP) = NULL;
  CALL(PetscFunctionListFind(PEPList, type, &found));
  if (!found || found == create) return OK;
  method->create = found;
  return PEPRegister(type, create);
}

static PetscErrorCode (*cyclic_create)(SVD), (*cyclic_setup)(SVD), (*cyclic_solve)(SVD);

/* The inner eigensolver may have more columns than there are singular values, and each positive eigenvalue becomes
   a singular value. */
static PetscErrorCode CyclicMakeRoom(SVD svd)
{
  EPS      eps;
  PetscInt n;
  CALL(SVDCyclicGetEPS(svd, &eps));
  CALL(EPSGetDimensions(eps, NULL, &n, NULL));
  if (n <= svd->ncv) return OK;
  CALL(PetscFree3(svd->sigma, svd->perm, svd->errest));
  return PetscMalloc3(n, &svd->sigma, n, &svd->perm, n, &svd->errest);
}

/* SLEPc reads as many right initial vectors as there are left ones, and vice versa. */
static PetscErrorCode CyclicSetUp(SVD svd)
{
  if (PetscMin(svd->nini, 0) != PetscMin(svd->ninil, 0)) SETERRQ(PetscObjectComm((PetscObject)svd), PETSC_ERR_SUP, "cyclic requires the same number of left and right initial vectors");
  CALL(cyclic_setup(svd));
  return CyclicMakeRoom(svd);
}

/* Drops eigenvalues that are zero up to rounding errors, which come last among the largest. */
static PetscErrorCode CyclicSolve(SVD svd)
{
  CALL(cyclic_solve(svd));
  if (svd->nconv <= svd->ncv) return OK;
  if (svd->which != SVD_LARGEST) SETERRQ(PetscObjectComm((PetscObject)svd), PETSC_ERR_CONV_FAILED, "cyclic returns zero eigenvalues as the smallest singular values: use another method");
  svd->nconv = svd->ncv;
  return OK;
}

static PetscErrorCode CyclicCreate(SVD svd)
{
  CALL(cyclic_create(svd));
  cyclic_setup    = svd->ops->setup;
  cyclic_solve    = svd->ops->solve;
  svd->ops->setup = CyclicSetUp;
  svd->ops->solve = CyclicSolve;
  return OK;
}

static PetscErrorCode WrapCyclic(void)
{
  PetscErrorCode (*found)(SVD) = NULL;
  CALL(SVDInitializePackage());
  CALL(PetscFunctionListFind(SVDList, SVDCYCLIC, &found));
  if (!found || found == CyclicCreate) return OK;
  cyclic_create = found;
  return SVDRegister(SVDCYCLIC, CyclicCreate);
}

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

/* The result of a product is the matrix of a basis that is made once, and goes on with the numeric product that another
   type of matrix has set: private data is cast. */
  #define BV_MATMULT "petsc-rs.bv.matmult"
static PetscFunctionList bv_types;

static PetscErrorCode BasisMatMult(BV x, Mat a, BV y)
{
  PetscErrorCode (*matmult)(BV, Mat, BV) = NULL;
  PetscBool      lent;
  CALL(PetscObjectQueryFunction((PetscObject)x, BV_MATMULT, &matmult));
  CALL(MatIsLent(y, &lent));
  if (!lent) CALL(MatDestroy(&y->Aget));
  return matmult(x, a, y);
}

static PetscErrorCode BasisCreate(BV bv)
{
  PetscErrorCode (*create)(BV) = NULL;
  CALL(PetscFunctionListFind(bv_types, ((PetscObject)bv)->type_name, &create));
  CALL(create(bv));
  if (!bv->ops->matmult) return OK;
  CALL(PetscObjectComposeFunction((PetscObject)bv, BV_MATMULT, bv->ops->matmult));
  bv->ops->matmult = BasisMatMult;
  return OK;
}

static PetscErrorCode ForgetBases(void) { return PetscFunctionListDestroy(&bv_types); }

static PetscErrorCode WrapBases(void)
{
  const char **names = NULL;
  int          n     = 0;
  if (bv_types) return OK;
  CALL(BVInitializePackage());
  CALL(PetscFunctionListDuplicate(BVList, &bv_types));
  CALL(PetscRegisterFinalize(ForgetBases));
  CALL(PetscFunctionListGet(bv_types, &names, &n));
  for (int i = 0; i < n; i++) CALL(BVRegister(names[i], BasisCreate));
  return PetscFree(names);
}

  #define PEP_SETUP "petsc-rs.pep.setup"
static PetscFunctionList pep_types;

static PetscErrorCode PolynomialSetUp(PEP pep)
{
  PetscErrorCode (*setup)(PEP) = NULL;
  CALL(PetscObjectQueryFunction((PetscObject)pep, PEP_SETUP, &setup));
  CALL(ForgetTransformed(pep->st));
  return setup(pep);
}

static PetscErrorCode PolynomialCreate(PEP pep)
{
  PetscErrorCode (*create)(PEP) = NULL;
  CALL(PetscFunctionListFind(pep_types, ((PetscObject)pep)->type_name, &create));
  CALL(create(pep));
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

/* How the data of nleigs begins, from 3.18 to 3.26. */
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

/* The differences of a function are destroyed, also those that a setup has not made because it failed, or because it was
   one of a split problem. Of those that it has made before it failed, a reference stays. */
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

/* ScaLAPACK's vectors are copied into the active columns of the bases, as if these were all. */
static PetscErrorCode AllColumns(BV bv, PetscInt n) { return bv ? BVSetActiveColumns(bv, 0, n) : OK; }

static PetscErrorCode (*eps_scalapack_create)(EPS), (*eps_scalapack_solve)(EPS);
static PetscErrorCode (*svd_scalapack_create)(SVD), (*svd_scalapack_solve)(SVD);

static PetscErrorCode EPSScaLAPACKSolve(EPS eps)
{
  CALL(AllColumns(eps->V, eps->ncv));
  return eps_scalapack_solve(eps);
}

static PetscErrorCode SVDScaLAPACKSolve(SVD svd)
{
  CALL(AllColumns(svd->U, svd->ncv));
  CALL(AllColumns(svd->V, svd->ncv));
  return svd_scalapack_solve(svd);
}

  #define SCALAPACK(X, x) \
    static PetscErrorCode X##ScaLAPACKCreate(X x) \
    { \
      CALL(x##_scalapack_create(x)); \
      x##_scalapack_solve = x->ops->solve; \
      x->ops->solve       = X##ScaLAPACKSolve; \
      return OK; \
    } \
    static PetscErrorCode Wrap##X##ScaLAPACK(void) \
    { \
      PetscErrorCode (*found)(X) = NULL; \
      CALL(PetscFunctionListFind(X##List, X##SCALAPACK, &found)); \
      if (!found || found == X##ScaLAPACKCreate) return OK; \
      x##_scalapack_create = found; \
      return X##Register(X##SCALAPACK, X##ScaLAPACKCreate); \
    }

SCALAPACK(EPS, eps)
SCALAPACK(SVD, svd)

/* A reset uses the contour of ciss, which exists only after a set-up. */
  #define CISS(X, x) \
    static PetscErrorCode (*x##_ciss_create)(X), (*x##_ciss_setup)(X), (*x##_ciss_reset)(X); \
    static PetscInt x##_has_contour = -1; \
    static PetscErrorCode X##CissSetUp(X x) \
    { \
      CALL(PetscObjectComposedDataSetInt((PetscObject)x, x##_has_contour, 0)); \
      CALL(x##_ciss_setup(x)); \
      return PetscObjectComposedDataSetInt((PetscObject)x, x##_has_contour, 1); \
    } \
    static PetscErrorCode X##CissReset(X x) \
    { \
      PetscInt  one = 0; \
      PetscBool has = PETSC_FALSE; \
      CALL(PetscObjectComposedDataGetInt((PetscObject)x, x##_has_contour, one, has)); \
      return has && one ? x##_ciss_reset(x) : OK; \
    } \
    static PetscErrorCode X##CissCreate(X x) \
    { \
      CALL(x##_ciss_create(x)); \
      x##_ciss_setup = x->ops->setup; \
      x##_ciss_reset = x->ops->reset; \
      x->ops->setup  = X##CissSetUp; \
      x->ops->reset  = X##CissReset; \
      if (x##_has_contour < 0) CALL(PetscObjectComposedDataRegister(&x##_has_contour)); \
      return PetscObjectComposedDataSetInt((PetscObject)x, x##_has_contour, 0); \
    } \
    static PetscErrorCode Wrap##X##Ciss(void) \
    { \
      PetscErrorCode (*found)(X) = NULL; \
      CALL(PetscFunctionListFind(X##List, X##CISS, &found)); \
      if (!found || found == X##CissCreate) return OK; \
      x##_ciss_create = found; \
      return X##Register(X##CISS, X##CissCreate); \
    }

CISS(PEP, pep)
CISS(NEP, nep)

/* These types use the full storage of the dense problem, which keeps the storage that another type selected. */
  #define FULL_STORAGE(TYPE, name) \
    static PetscErrorCode (*svd_##name##_create)(SVD), (*svd_##name##_setup)(SVD); \
    static PetscErrorCode SVDFull##TYPE##SetUp(SVD svd) \
    { \
      DS ds; \
      CALL(SVDGetDS(svd, &ds)); \
      CALL(DSSetCompact(ds, PETSC_FALSE)); \
      CALL(DSSetExtraRow(ds, PETSC_FALSE)); \
      return svd_##name##_setup(svd); \
    } \
    static PetscErrorCode SVDFull##TYPE##Create(SVD svd) \
    { \
      CALL(svd_##name##_create(svd)); \
      svd_##name##_setup = svd->ops->setup; \
      svd->ops->setup    = SVDFull##TYPE##SetUp; \
      return OK; \
    } \
    static PetscErrorCode WrapSVDFull##TYPE(void) \
    { \
      PetscErrorCode (*found)(SVD) = NULL; \
      CALL(PetscFunctionListFind(SVDList, SVD##TYPE, &found)); \
      if (!found || found == SVDFull##TYPE##Create) return OK; \
      svd_##name##_create = found; \
      return SVDRegister(SVD##TYPE, SVDFull##TYPE##Create); \
    }

FULL_STORAGE(LAPACK, lapack)
FULL_STORAGE(RANDOMIZED, randomized)

PetscErrorCode PetscRsSlepcGuard(void)
{
  CALL(EPSInitializePackage());
  CALL(WrapCyclic());
  CALL(PEPInitializePackage());
  CALL(WrapPolynomial(PEPJD, &jd, JdCreate));
  CALL(WrapPolynomial(PEPSTOAR, &stoar, StoarCreate));
  CALL(WrapPolynomials());
  CALL(WrapNleigs());
  CALL(WrapBases());
  CALL(WrapEPSScaLAPACK());
  CALL(WrapSVDScaLAPACK());
  CALL(WrapSVDFullLAPACK());
  CALL(WrapSVDFullRANDOMIZED());
  CALL(WrapPEPCiss());
  CALL(WrapNEPCiss());
  CALL(WrapCombine());
  CALL(WrapLog());
  CALL(WrapDense());
  CALL(Wrap(EPSKRYLOVSCHUR, &krylovschur, KrylovSchurCreate));
  CALL(Wrap(EPSLAPACK, &lapack, LapackCreate));
  CALL(Wrap(EPSCISS, &ciss, CissCreate));
  CALL(Wrap(EPSLANCZOS, &lanczos, LanczosCreate));
  CALL(Wrap(EPSARNOLDI, &arnoldi, ArnoldiCreate));
  return Wrap(EPSPOWER, &power, PowerCreate);
}
#else
PetscErrorCode PetscRsSlepcGuard(void) { return OK; }
#endif

PetscErrorCode PetscRsEPSSetTarget(EPS eps, const PetscScalar *target) { return EPSSetTarget(eps, *target); }
PetscErrorCode PetscRsPEPSetTarget(PEP pep, const PetscScalar *target) { return PEPSetTarget(pep, *target); }
PetscErrorCode PetscRsNEPSetTarget(NEP nep, const PetscScalar *target) { return NEPSetTarget(nep, *target); }
PetscErrorCode PetscRsSTSetShift(ST st, const PetscScalar *shift) { return STSetShift(st, *shift); }
PetscErrorCode PetscRsSTSetDefaultShift(ST st, const PetscScalar *shift) { return STSetDefaultShift(st, *shift); }
PetscErrorCode PetscRsSTCayleySetAntishift(ST st, const PetscScalar *nu) { return STCayleySetAntishift(st, *nu); }

PetscErrorCode PetscRsFNSetScale(FN fn, const PetscScalar *alpha, const PetscScalar *beta) { return FNSetScale(fn, *alpha, *beta); }
PetscErrorCode PetscRsFNEvaluateFunction(FN fn, const PetscScalar *x, PetscScalar *y) { return FNEvaluateFunction(fn, *x, y); }
PetscErrorCode PetscRsFNEvaluateDerivative(FN fn, const PetscScalar *x, PetscScalar *y) { return FNEvaluateDerivative(fn, *x, y); }

PetscErrorCode PetscRsRGEllipseSetParameters(RG rg, const PetscScalar *centre, PetscReal radius, PetscReal scale)
{
  return RGEllipseSetParameters(rg, *centre, radius, scale);
}

PetscErrorCode PetscRsRGRingSetParameters(RG rg, const PetscScalar *centre, PetscReal radius, PetscReal scale, PetscReal start, PetscReal end, PetscReal width)
{
  return RGRingSetParameters(rg, *centre, radius, scale, start, end, width);
}

/* A callback's function and context. */
typedef struct {
  void (*function)(void);
  void          *ctx;
  PetscRsDestroy destroy;
} Hook;

static PetscErrorCode HookFree(Hook *hook)
{
  if (!hook) return OK;
  if (hook->destroy) CALL(hook->destroy(&hook->ctx));
  return PetscFree(hook);
}

/* Since 3.23, destructors receive the address of the context. */
#if PETSC_VERSION_GE(3, 23, 0)
static PetscErrorCode HookDestroy(void **hook)
{
  Hook *h = *(Hook **)hook;
  *hook   = NULL;
  return HookFree(h);
}
#else
static PetscErrorCode HookDestroy(void *hook) { return HookFree((Hook *)hook); }
#endif

static PetscErrorCode HookCreate(void (*function)(void), void *ctx, PetscRsDestroy destroy, Hook **hook)
{
  CALL(PetscNew(hook));
  (*hook)->function = function;
  (*hook)->ctx      = ctx;
  (*hook)->destroy  = destroy;
  return OK;
}

/* Keeps the hook alive as long as the object, or until another one is composed under the name. */
static PetscErrorCode HookCompose(PetscObject object, const char *name, Hook *hook)
{
  PetscContainer container;

  CALL(PetscContainerCreate(PETSC_COMM_SELF, &container));
  CALL(PetscContainerSetPointer(container, hook));
#if PETSC_VERSION_GE(3, 23, 0)
  CALL(PetscContainerSetCtxDestroy(container, (PetscCtxDestroyFn *)HookDestroy));
#else
  CALL(PetscContainerSetUserDestroy(container, HookDestroy));
#endif
  CALL(PetscObjectCompose(object, name, (PetscObject)container));
  return PetscContainerDestroy(&container);
}

/* Common functions of the eigensolver classes: convergence tests and comparisons of eigenvalues. */
static PetscErrorCode Comparison(PetscScalar ar, PetscScalar ai, PetscScalar br, PetscScalar bi, PetscInt *result, void *ctx)
{
  Hook *hook = (Hook *)ctx;
  return ((PetscRsComparison)hook->function)(&ar, &ai, &br, &bi, result, hook->ctx);
}

/* Davidson methods end the process where a convergence test fails: they end the solve instead, after which the error of
   the callback is found. */
static PetscErrorCode Davidson(PetscObject solver, PetscErrorCode ierr, PetscReal *estimate)
{
  PetscBool davidson;
  if (!ierr) return OK;
  CALL(PetscObjectTypeCompareAny(solver, &davidson, EPSGD, EPSJD, ""));
  if (!davidson) return ierr;
  *estimate = 0.0;
  return OK;
}

#define EIGENSOLVER(X) \
  static PetscErrorCode X##Convergence(X solver, PetscScalar re, PetscScalar im, PetscReal residual, PetscReal *estimate, void *ctx) \
  { \
    Hook *hook = (Hook *)ctx; \
    return Davidson((PetscObject)solver, ((PetscRs##X##Convergence)hook->function)(solver, &re, &im, residual, estimate, hook->ctx), estimate); \
  } \
  PetscErrorCode PetscRs##X##SetConvergenceTestFunction(X solver, PetscRs##X##Convergence f, void *ctx, PetscRsDestroy destroy) \
  { \
    Hook *hook; \
    CALL(HookCreate((void (*)(void))f, ctx, destroy, &hook)); \
    CALL(X##SetConvergenceTestFunction(solver, X##Convergence, hook, NULL)); \
    return HookCompose((PetscObject)solver, "petsc-rs.convergence", hook); \
  } \
  PetscErrorCode PetscRs##X##SetEigenvalueComparison(X solver, PetscRsComparison f, void *ctx, PetscRsDestroy destroy) \
  { \
    Hook *hook; \
    CALL(HookCreate((void (*)(void))f, ctx, destroy, &hook)); \
    CALL(X##SetEigenvalueComparison(solver, Comparison, hook)); \
    return HookCompose((PetscObject)solver, "petsc-rs.comparison", hook); \
  }

EIGENSOLVER(EPS)
EIGENSOLVER(PEP)
EIGENSOLVER(NEP)

/* DSSort detects from the second part of a selected value whether it belongs to a pair, and moves both values. */
static PetscErrorCode Selection(PetscScalar re, PetscScalar im, Vec xr, Vec xi, PetscScalar *rr, PetscScalar *ri, void *ctx)
{
  Hook *hook = (Hook *)ctx;
  CALL(((PetscRsEPSSelection)hook->function)(&re, &im, xr, xi, rr, ri, hook->ctx));
  if (im == 0.0 || *ri == 0.0) *ri = im;
  return OK;
}

PetscErrorCode PetscRsEPSSetArbitrarySelection(EPS eps, PetscRsEPSSelection f, void *ctx, PetscRsDestroy destroy)
{
  Hook *hook;
  CALL(HookCreate((void (*)(void))f, ctx, destroy, &hook));
  CALL(EPSSetArbitrarySelection(eps, Selection, hook));
  return HookCompose((PetscObject)eps, "petsc-rs.selection", hook);
}

static PetscErrorCode NonlinearFunction(NEP nep, PetscScalar lambda, Mat T, Mat P, void *ctx)
{
  Hook *hook = (Hook *)ctx;
  return ((PetscRsNEPFunction)hook->function)(nep, &lambda, T, P, hook->ctx);
}

PetscErrorCode PetscRsNEPSetFunction(NEP nep, Mat T, Mat P, PetscRsNEPFunction f, void *ctx, PetscRsDestroy destroy)
{
  Hook *hook;
  CALL(HookCreate((void (*)(void))f, ctx, destroy, &hook));
  CALL(NEPSetFunction(nep, T, P, NonlinearFunction, hook));
  return HookCompose((PetscObject)nep, "petsc-rs.function", hook);
}

/* A reset, or another function, removes the matrix; the closure stays. */
static PetscErrorCode NonlinearJacobian(NEP nep, PetscScalar lambda, Mat J, void *ctx)
{
  Hook *hook = (Hook *)ctx;
  if (!J) SETERRQ(PetscObjectComm((PetscObject)nep), PETSC_ERR_ARG_WRONGSTATE, "the derivative has no matrix: call set_jacobian");
  return ((PetscRsNEPJacobian)hook->function)(nep, &lambda, J, hook->ctx);
}

PetscErrorCode PetscRsNEPSetJacobian(NEP nep, Mat J, PetscRsNEPJacobian f, void *ctx, PetscRsDestroy destroy)
{
  Hook *hook;
  CALL(HookCreate((void (*)(void))f, ctx, destroy, &hook));
  CALL(NEPSetJacobian(nep, J, NonlinearJacobian, hook));
  return HookCompose((PetscObject)nep, "petsc-rs.jacobian", hook);
}

/* Returns a hook composed under a name. */
static PetscErrorCode HookFind(PetscObject object, const char *name, Hook **hook)
{
  PetscObject container = NULL;

  CALL(PetscObjectQuery(object, name, &container));
  if (!container) SETERRQ(PETSC_COMM_SELF, PETSC_ERR_ARG_WRONGSTATE, "no object is composed as %s", name);
  return PetscContainerGetPointer((PetscContainer)container, (void **)hook);
}

#define SHELL_APPLY(X) \
  static PetscErrorCode Shell##X(ST st, Vec x, Vec y) \
  { \
    Hook *hook; \
    CALL(HookFind((PetscObject)st, "petsc-rs.shell." #X, &hook)); \
    return ((PetscRsSTApply)hook->function)(x, y, hook->ctx); \
  } \
  PetscErrorCode PetscRsSTShellSet##X(ST st, PetscRsSTApply f, void *ctx, PetscRsDestroy destroy) \
  { \
    Hook *hook; \
    CALL(HookCreate((void (*)(void))f, ctx, destroy, &hook)); \
    CALL(HookCompose((PetscObject)st, "petsc-rs.shell." #X, hook)); \
    return STShellSet##X(st, Shell##X); \
  }

SHELL_APPLY(Apply)
SHELL_APPLY(ApplyTranspose)

static PetscErrorCode ShellBackTransform(ST st, PetscInt n, PetscScalar *re, PetscScalar *im)
{
  Hook *hook;
  CALL(HookFind((PetscObject)st, "petsc-rs.shell.BackTransform", &hook));
  return ((PetscRsSTBackTransform)hook->function)(n, re, im, hook->ctx);
}

PetscErrorCode PetscRsSTShellSetBackTransform(ST st, PetscRsSTBackTransform f, void *ctx, PetscRsDestroy destroy)
{
  Hook *hook;
  CALL(HookCreate((void (*)(void))f, ctx, destroy, &hook));
  CALL(HookCompose((PetscObject)st, "petsc-rs.shell.BackTransform", hook));
  return STShellSetBackTransform(st, ShellBackTransform);
}

PetscErrorCode PetscRsNEPSetMatrices(NEP nep, Mat function, Mat pre, Mat jacobian)
{
  CALL(NEPSetFunction(nep, function, pre, NULL, NULL));
  return NEPSetJacobian(nep, jacobian, NULL, NULL);
}

static PetscErrorCode FormCtx(Mat matrix, const char *name, void *ctx)
{
  PetscContainer container;

  CALL(PetscContainerCreate(PETSC_COMM_SELF, &container));
  CALL(PetscContainerSetPointer(container, ctx));
  CALL(PetscObjectCompose((PetscObject)matrix, name, (PetscObject)container));
  return PetscContainerDestroy(&container);
}

PetscErrorCode PetscRsMatSetFormFunction(Mat matrix, PetscRsFormFunction f, PetscRsFormFunctionAB both, void *ctx)
{
  CALL(FormCtx(matrix, "formFunctionCtx", ctx));
  CALL(PetscObjectComposeFunction((PetscObject)matrix, "formFunctionAB", both));
  return PetscObjectComposeFunction((PetscObject)matrix, "formFunction", f);
}

PetscErrorCode PetscRsMatSetFormJacobian(Mat matrix, PetscRsFormJacobian f, void *ctx)
{
  CALL(FormCtx(matrix, "formJacobianCtx", ctx));
  return PetscObjectComposeFunction((PetscObject)matrix, "formJacobian", f);
}

PetscErrorCode PetscRsMatSetFormNorm(Mat matrix, PetscRsFormNorm f, void *ctx)
{
  CALL(FormCtx(matrix, "formNormCtx", ctx));
  return PetscObjectComposeFunction((PetscObject)matrix, "formNorm", f);
}

/* If no eigenvalue has converged, methods with deflation fail with an error of their dense solver, whose dimension
   they do not set (observed in 3.18); the converged reason is already set. */
PetscErrorCode PetscRsNEPSolve(NEP nep)
{
  NEPConvergedReason reason;
  PetscInt           n;
  PetscErrorCode     ierr = NEPSolve(nep);

  if ((int)ierr != PETSC_ERR_ORDER) return ierr;
  CALL(NEPGetConvergedReason(nep, &reason));
  CALL(NEPGetConverged(nep, &n));
  return reason && !n ? OK : ierr;
}

/* An error during a solve (for example, of a callback) leaves matrices of the dense solver borrowed, and its
   destruction would fail from then on. An additional reference, which is never released, prevents the destruction:
   a few small dense matrices are leaked per failed solve. A setup borrows none of them. The same applies to the
   inner linear eigensolver of a method. Not collective. */
#define FAILED "petsc-rs.failed"

PetscErrorCode PetscRsSolverHasFailed(PetscObject solver, PetscBool *failed)
{
  PetscObject ds = NULL;
  CALL(PetscObjectQuery(solver, FAILED, &ds));
  *failed = ds ? PETSC_TRUE : PETSC_FALSE;
  return OK;
}

/* Returns the inner eigensolver, or NULL. */
typedef PetscErrorCode (*GetInner)(PetscObject, EPS *);

static PetscErrorCode Inner(PetscObject solver, EPS *inner, size_t n, const char *types[], GetInner get[])
{
  *inner = NULL;
  for (size_t i = 0; i < n; i++) {
    PetscBool same;
    CALL(PetscObjectTypeCompare(solver, types[i], &same));
    if (same) return get[i](solver, inner);
  }
  return OK;
}

/* There is none. A failed nonlinear power iteration stays composed with its SNES, which it owns: a cycle. */
static PetscErrorCode EPSInner(EPS eps, EPS *inner)
{
  PetscBool power, nonlinear = PETSC_FALSE;
  SNES      snes;

  *inner = NULL;
  CALL(PetscObjectTypeCompare((PetscObject)eps, EPSPOWER, &power));
  if (power) CALL(EPSPowerGetNonlinear(eps, &nonlinear));
  if (!nonlinear) return OK;
  CALL(EPSPowerGetSNES(eps, &snes));
  return PetscObjectCompose((PetscObject)snes, "eps", NULL);
}

static PetscErrorCode CrossInner(PetscObject svd, EPS *inner) { return SVDCrossGetEPS((SVD)svd, inner); }
static PetscErrorCode CyclicInner(PetscObject svd, EPS *inner) { return SVDCyclicGetEPS((SVD)svd, inner); }

static PetscErrorCode SVDInner(SVD svd, EPS *inner)
{
  const char *types[] = {SVDCROSS, SVDCYCLIC};
  GetInner    get[]   = {CrossInner, CyclicInner};
  return Inner((PetscObject)svd, inner, 2, types, get);
}

static PetscErrorCode LinearInner(PetscObject pep, EPS *inner) { return PEPLinearGetEPS((PEP)pep, inner); }

static PetscErrorCode PEPInner(PEP pep, EPS *inner)
{
  const char *types[] = {PEPLINEAR};
  GetInner    get[]   = {LinearInner};
  return Inner((PetscObject)pep, inner, 1, types, get);
}

static PetscErrorCode SLPInner(PetscObject nep, EPS *inner) { return NEPSLPGetEPS((NEP)nep, inner); }

static PetscErrorCode NEPInner(NEP nep, EPS *inner)
{
  const char *types[] = {NEPSLP};
  GetInner    get[]   = {SLPInner};
  return Inner((PetscObject)nep, inner, 1, types, get);
}

#if defined(PETSC_RS_PRIVATE)
  #define HAS_DS(solver) (solver)->ds
  #define BASIS(X, solver, results) ((results) && (solver)->state > X##_STATE_SOLVED ? OK : NothingLent((solver)->V))
  #define IS_SOLVED(X, solver, flag) \
    do { \
      *(flag) = (solver)->state >= X##_STATE_SOLVED ? PETSC_TRUE : PETSC_FALSE; \
    } while (0)
#else
  #define HAS_DS(solver) 1
  #define BASIS(X, solver, results) ((void)(solver), (void)(results), OK)
  #define IS_SOLVED(X, solver, flag) \
    do { \
      X##ConvergedReason reason_; \
      CALL(X##GetConvergedReason(solver, &reason_)); \
      *(flag) = reason_ ? PETSC_TRUE : PETSC_FALSE; \
    } while (0)
#endif

/* Returns the columns that power iteration has borrowed from its bases. */
#if defined(PETSC_RS_PRIVATE)
static PetscErrorCode TakeColumnsBack(BV bv)
{
  for (int i = 0; bv && i < 2; i++) {
    if (bv->ci[i] >= -bv->nc) {
      Vec v = bv->cv[i];
      CALL(BVRestoreColumn(bv, bv->ci[i], &v));
    }
  }
  return OK;
}
#endif

#if defined(PETSC_RS_PRIVATE)
static PetscErrorCode MatIsLent(BV bv, PetscBool *lent)
{
  PetscScalar *a = NULL;

  if (bv->Aget) {
    CALL(MatDenseGetArray(bv->Aget, &a));
    *lent = a ? PETSC_TRUE : PETSC_FALSE;
    CALL(MatDenseRestoreArray(bv->Aget, &a));
  } else *lent = PETSC_FALSE;
  return OK;
}

static PetscErrorCode NothingLent(BV bv)
{
  PetscBool lent;
  if (!bv) return OK;
  CALL(MatIsLent(bv, &lent));
  if (lent || bv->ci[0] >= -bv->nc || bv->ci[1] >= -bv->nc || bv->lsplit) {
    SETERRQ(PETSC_COMM_SELF, PETSC_ERR_ARG_WRONGSTATE, "a column or a part of the basis is borrowed");
  }
  return OK;
}
#endif

/* Work vectors that could not be made, because the column that they are like was lent out, are counted nonetheless. */
#if defined(PETSC_RS_PRIVATE)
  #define FORGET_WORK(solver) \
    do { \
      if (!(solver)->work) (solver)->nwork = 0; \
    } while (0)
#else
  #define FORGET_WORK(solver) (void)(solver)
#endif

static PetscErrorCode EPSForgetWork(EPS eps)
{
  FORGET_WORK(eps);
  return OK;
}

static PetscErrorCode PEPForgetWork(PEP pep)
{
  FORGET_WORK(pep);
  return OK;
}

static PetscErrorCode NEPForgetWork(NEP nep)
{
  FORGET_WORK(nep);
  return OK;
}

static PetscErrorCode SVDForgetWork(SVD svd)
{
#if defined(PETSC_RS_PRIVATE)
  if (!svd->workl) svd->nworkl = 0;
  if (!svd->workr) svd->nworkr = 0;
#else
  (void)svd;
#endif
  return OK;
}

static PetscErrorCode EPSMend(EPS eps)
{
#if defined(PETSC_RS_PRIVATE)
  CALL(TakeColumnsBack(eps->V));
  CALL(TakeColumnsBack(eps->W));
#else
  (void)eps;
#endif
  return OK;
}

static PetscErrorCode SVDMend(SVD svd)
{
  (void)svd;
  return OK;
}

static PetscErrorCode NEPMend(NEP nep)
{
  (void)nep;
  return OK;
}

/* Methods scale the region during a solve. */
static PetscErrorCode PEPMend(PEP pep)
{
#if defined(PETSC_RS_PRIVATE)
  if (pep->rg && pep->rg->osfactor != 0.0) CALL(RGPopScale(pep->rg));
#else
  (void)pep;
#endif
  return OK;
}

#if defined(PETSC_RS_PRIVATE)
  #define ST_CHANGED(X, solver) ((solver)->state == X##_STATE_SETUP && (solver)->st && (solver)->st->state == ST_STATE_INITIAL)
#else
  #define ST_CHANGED(X, solver) 0
#endif

/* Whether the method has a dense problem, onto which eigenvalues are projected where a transformation has no way back. */
PetscErrorCode PetscRsEPSHasDense(EPS eps, PetscBool *flag)
{
#if defined(PETSC_RS_PRIVATE)
  *flag = eps->useds || !((PetscObject)eps)->type_name ? PETSC_TRUE : PETSC_FALSE;
#else
  (void)eps;
  *flag = PETSC_TRUE;
#endif
  return OK;
}

/* A solver that was set up does not detect that its transformation has changed. */
PetscErrorCode PetscRsEPSIsStale(EPS eps, PetscBool *flag)
{
  *flag = ST_CHANGED(EPS, eps) ? PETSC_TRUE : PETSC_FALSE;
  return OK;
}

/* Nor that the eigensolver inside has got another transformation, which has no operators. */
PetscErrorCode PetscRsPEPIsStale(PEP pep, PetscBool *flag)
{
  *flag = ST_CHANGED(PEP, pep) ? PETSC_TRUE : PETSC_FALSE;
#if defined(PETSC_RS_PRIVATE)
  if (pep->state == PEP_STATE_SETUP) {
    EPS      inner;
    ST       st;
    PetscInt n = 1;
    CALL(PEPInner(pep, &inner));
    if (inner) CALL(EPSGetST(inner, &st));
    if (inner) CALL(STGetNumMatrices(st, &n));
    if (!n) {
      *flag = PETSC_TRUE;
      CALL(PEPMend(pep));
    }
  }
#endif
  return OK;
}

/* A solver that was set up for another problem type with the same number of columns has no array of signs. */
PetscErrorCode PetscRsSVDMakeSigns(SVD svd)
{
#if defined(PETSC_RS_PRIVATE)
  PetscInt n;
  if (!svd->ishyperbolic || !svd->V || !svd->sigma || svd->sign) return OK;
  CALL(BVGetSizes(svd->V, NULL, NULL, &n));
  return PetscMalloc1(n, &svd->sign);
#else
  (void)svd;
  return OK;
#endif
}

/* These classes have no transformation. */
PetscErrorCode PetscRsSVDIsStale(SVD svd, PetscBool *flag)
{
  (void)svd;
  *flag = PETSC_FALSE;
  return OK;
}

PetscErrorCode PetscRsNEPIsStale(NEP nep, PetscBool *flag)
{
  (void)nep;
  *flag = PETSC_FALSE;
  return OK;
}

static PetscErrorCode InnerIsSolved(EPS, PetscBool *);

/* CheckBasis: setup, solve and the computation of result vectors use columns of the basis without checking
   whether they are borrowed. Failed: marks a failed solver, with its dense solver if it has one. Renew: replaces
   the dense solver of a failed solver; collective. */
#define STATES(X) \
  PetscErrorCode PetscRs##X##IsSolved(X solver, PetscBool *flag) \
  { \
    IS_SOLVED(X, solver, flag); \
    return OK; \
  } \
  PetscErrorCode PetscRs##X##CheckBasis(X solver, PetscBool results) \
  { \
    EPS       inner  = NULL; \
    PetscBool solved = PETSC_TRUE; \
    CALL(X##ForgetWork(solver)); \
    CALL(BASIS(X, solver, results)); \
    if (results) CALL(X##Inner(solver, &inner)); \
    if (inner) CALL(InnerIsSolved(inner, &solved)); \
    if (!solved) SETERRQ(PETSC_COMM_SELF, PETSC_ERR_ARG_WRONGSTATE, "the inner eigensolver has lost its results: solve again"); \
    return OK; \
  } \
  PetscErrorCode PetscRs##X##Failed(X solver, PetscBool solving) \
  { \
    DS        ds; \
    EPS       inner; \
    PetscBool failed; \
    CALL(PetscRsSolverHasFailed((PetscObject)solver, &failed)); \
    if (failed) return OK; \
    if (solving) { \
      CALL(X##Inner(solver, &inner)); \
      if (inner) CALL(PetscRsEPSFailed(inner, PETSC_TRUE)); \
    } \
    if (!HAS_DS(solver)) return HookCompose((PetscObject)solver, FAILED, NULL); \
    CALL(X##GetDS(solver, &ds)); \
    if (solving) CALL(PetscObjectReference((PetscObject)ds)); \
    return PetscObjectCompose((PetscObject)solver, FAILED, (PetscObject)ds); \
  } \
  PetscErrorCode PetscRs##X##Renew(X solver) \
  { \
    PetscObject  old = NULL; \
    PetscClassId id; \
    EPS          inner; \
    DS           ds; \
    CALL(PetscObjectQuery((PetscObject)solver, FAILED, &old)); \
    if (!old) return OK; \
    CALL(X##Inner(solver, &inner)); \
    if (inner) { \
      CALL(EPSReset(inner)); \
      CALL(PetscRsEPSRenew(inner)); \
    } \
    CALL(PetscObjectGetClassId(old, &id)); \
    if (id == DS_CLASSID) { \
      CALL(DSDuplicate((DS)old, &ds)); \
      CALL(X##SetDS(solver, ds)); \
      CALL(DSDestroy(&ds)); \
    } \
    CALL(X##Mend(solver)); \
    return PetscObjectCompose((PetscObject)solver, FAILED, NULL); \
  }

STATES(EPS)

/* Its transformation may have been reset by a handle of its own. */
static PetscErrorCode InnerIsSolved(EPS inner, PetscBool *solved)
{
  ST       st;
  PetscInt n;
  CALL(EPSGetST(inner, &st));
  CALL(STGetNumMatrices(st, &n));
  CALL(PetscRsEPSIsSolved(inner, solved));
  if (!n) *solved = PETSC_FALSE;
  return OK;
}

STATES(SVD)
STATES(PEP)
STATES(NEP)

/* Solvers of matrix functions and equations have no dense solver, but an error leaves columns of their bases
   borrowed. */
PetscErrorCode PetscRsMFNFailed(MFN mfn, PetscBool solving)
{
  FN fn;
  (void)solving;
  CALL(MFNGetFN(mfn, &fn));
  return PetscObjectCompose((PetscObject)mfn, FAILED, (PetscObject)fn);
}

/* A view asks for a function, which it makes only where there is no basis yet. */
PetscErrorCode PetscRsMFNCreate(MPI_Comm comm, MFN *mfn)
{
  FN fn;
  CALL(MFNCreate(comm, mfn));
  return MFNGetFN(*mfn, &fn);
}

PetscErrorCode PetscRsMFNRenew(MFN mfn) { return PetscObjectCompose((PetscObject)mfn, FAILED, NULL); }

PetscErrorCode PetscRsLMEFailed(LME lme, PetscBool solving)
{
  Mat A;
  (void)solving;
  CALL(LMEGetCoefficients(lme, &A, NULL, NULL, NULL));
  return PetscObjectCompose((PetscObject)lme, FAILED, (PetscObject)A);
}

PetscErrorCode PetscRsLMERenew(LME lme) { return PetscObjectCompose((PetscObject)lme, FAILED, NULL); }

/* If the maximum number of iterations is reached without a solution, LMESolve reads a solution that does not exist
   (a NULL pointer; observed in 3.18 and 3.26). This monitor ends the solve before, without an error or a reason. */
#define LIMIT "petsc-rs.limit"

static PetscErrorCode LimitMonitor(LME lme, PetscInt its, PetscReal estimate, void *ctx)
{
  PetscReal tol;
  PetscInt  max;

  (void)ctx;
  CALL(LMEGetTolerances(lme, &tol, &max));
  if (estimate >= tol && its >= max) SETERRQ(PetscObjectComm((PetscObject)lme), PETSC_ERR_NOT_CONVERGED, "iteration limit");
  return OK;
}

PetscErrorCode PetscRsLMESolve(LME lme)
{
  PetscObject    flag = NULL;
  Mat            A;
  PetscErrorCode ierr;

  CALL(PetscObjectQuery((PetscObject)lme, LIMIT, &flag));
  if (!flag) {
    CALL(LMEMonitorSet(lme, LimitMonitor, NULL, NULL));
    CALL(LMEGetCoefficients(lme, &A, NULL, NULL, NULL));
    CALL(PetscObjectCompose((PetscObject)lme, LIMIT, (PetscObject)A));
  }
  ierr = LMESolve(lme);
  return (int)ierr == PETSC_ERR_NOT_CONVERGED ? OK : ierr;
}

PetscErrorCode PetscRsLMEMonitorCancel(LME lme)
{
  CALL(PetscObjectCompose((PetscObject)lme, LIMIT, NULL));
  return LMEMonitorCancel(lme);
}

PetscErrorCode PetscRsSlepcFree(void *memory) { return PetscFree(memory); }

PetscErrorCode PetscRsSeqDense(PetscInt rows, PetscInt columns, Mat *matrix)
{
  return MatCreateSeqDense(PETSC_COMM_SELF, rows, columns, NULL, matrix);
}

PetscErrorCode PetscRsBVMult(BV Y, const PetscScalar *alpha, const PetscScalar *beta, BV X, Mat Q) { return BVMult(Y, *alpha, *beta, X, Q); }
PetscErrorCode PetscRsBVMultVec(BV X, const PetscScalar *alpha, const PetscScalar *beta, Vec y, PetscScalar *q) { return BVMultVec(X, *alpha, *beta, y, q); }
PetscErrorCode PetscRsBVMultColumn(BV X, const PetscScalar *alpha, const PetscScalar *beta, PetscInt j, PetscScalar *q)
{
  return BVMultColumn(X, *alpha, *beta, j, q);
}
PetscErrorCode PetscRsBVScale(BV X, const PetscScalar *alpha) { return BVScale(X, *alpha); }
PetscErrorCode PetscRsBVScaleColumn(BV X, PetscInt j, const PetscScalar *alpha) { return BVScaleColumn(X, j, *alpha); }

#if !defined(PETSC_RS_PRIVATE)
  #define NO_HEADERS SETERRQ(PETSC_COMM_SELF, PETSC_ERR_SUP, "this requires SLEPc's private headers, which were missing at compile time")
#endif


/* Discards cached objects that SLEPc keeps when sizes, type or inner product change (observed in 3.18): products
   with a replaced matrix, halves that point to freed memory, and a matrix on a buffer of another size. */
PetscErrorCode PetscRsBVForget(BV bv)
{
#if defined(PETSC_RS_PRIVATE)
  /* A part would use the storage of another type or size. */
  if (bv->issplit) SETERRQ(PETSC_COMM_SELF, PETSC_ERR_ARG_WRONGSTATE, "type, sizes and inner product of a part of a basis cannot be changed");
  CALL(NothingLent(bv));
  CALL(MatDestroy(&bv->Aget));
  CALL(BVDestroy(&bv->L));
  CALL(BVDestroy(&bv->R));
  CALL(BVDestroy(&bv->cached));
  CALL(MatDestroy(&bv->Abuffer));
  CALL(VecDestroy(&bv->buffer));
  CALL(VecDestroy(&bv->Bx));
  bv->xid    = 0;
  bv->xstate = 0;
  return OK;
#else
  (void)bv;
  NO_HEADERS;
#endif
}

/* The end of a matrix view depends on the active columns. */
PetscErrorCode PetscRsBVCheckView(BV bv)
{
#if defined(PETSC_RS_PRIVATE)
  PetscBool lent;
  CALL(MatIsLent(bv, &lent));
  if (lent) SETERRQ(PETSC_COMM_SELF, PETSC_ERR_ARG_WRONGSTATE, "a matrix view of the active columns exists: drop it first");
#else
  (void)bv;
#endif
  return OK;
}

/* Copies of an indefinite basis read its signature, which may not exist yet. */
PetscErrorCode PetscRsBVPrepareSignature(BV bv)
{
#if defined(PETSC_RS_PRIVATE)
  return BV_AllocateSignature(bv);
#else
  if (bv) NO_HEADERS;
  return OK;
#endif
}

/* Saves which parts are borrowed, and the state that operations change temporarily. */
PetscErrorCode PetscRsBVSave(BV bv, PetscRsBVState *state)
{
#if defined(PETSC_RS_PRIVATE)
  state->lent[0] = bv->ci[0];
  state->lent[1] = bv->ci[1];
  CALL(MatIsLent(bv, &state->mat));
#else
  state->lent[0] = state->lent[1] = 0;
  state->mat     = PETSC_FALSE;
#endif
  CALL(BVGetActiveColumns(bv, &state->l, &state->k));
  return BVGetMatrix(bv, &state->matrix, &state->indefinite);
}

#if defined(PETSC_RS_PRIVATE)
/* Since 3.22 optimized PETSc counts locks, and a failed product does not release those it set. */
static PetscErrorCode Unlock(Vec v)
{
  #if PETSC_VERSION_GE(3, 22, 0)
  PetscInt locks;

  if (!v) return OK;
  CALL(VecLockGet(v, &locks));
  for (; locks > 0; locks--) CALL(VecLockReadPop(v));
  if (locks < 0) CALL(VecLockWriteSet(v, PETSC_FALSE));
  #else
  (void)v;
  #endif
  return OK;
}
#endif

/* Restores that state after an error (for example, of a callback). Not collective. */
PetscErrorCode PetscRsBVMend(BV bv, const PetscRsBVState *state)
{
#if defined(PETSC_RS_PRIVATE)
  PetscBool lent;

  CALL(MatIsLent(bv, &lent));
  /* A failed product holds a column of the matrix, so the matrix cannot be returned or destroyed, and is leaked. */
  if (lent && !state->mat) bv->Aget = NULL;
  for (int i = 0; i < 2; i++) {
    if (bv->ci[i] != state->lent[i] && bv->ci[i] >= -bv->nc) {
      Vec v = bv->cv[i];
      CALL(Unlock(v));
      CALL(BVRestoreColumn(bv, bv->ci[i], &v));
    }
  }
  /* The basis did not release the matrix, so no reference is added. */
  if (!bv->matrix) bv->matrix = state->matrix;
  bv->l = state->l;
  bv->k = state->k;
  return OK;
#else
  return BVSetActiveColumns(bv, state->l, state->k);
#endif
}

PetscErrorCode PetscRsDSHasMat(DS ds, DSMatType which, PetscBool *has)
{
#if defined(PETSC_RS_PRIVATE)
  *has = ds->omat[which] ? PETSC_TRUE : PETSC_FALSE;
  return OK;
#else
  (void)ds;
  (void)which;
  *has = PETSC_FALSE;
  NO_HEADERS;
#endif
}

PetscErrorCode PetscRsDSSort(DS ds, PetscScalar *re, PetscScalar *im, PetscRsComparison compare, void *ctx)
{
  Hook           hook = {(void (*)(void))compare, ctx, NULL};
  SlepcSC        order;
  struct _n_SlepcSC old;
  PetscErrorCode ierr;

  CALL(DSGetSlepcSC(ds, &order));
  old                  = *order;
  order->comparison    = Comparison;
  order->comparisonctx = &hook;
  order->map           = NULL;
  order->mapobj        = NULL;
  order->rg            = NULL;
  ierr                 = DSSort(ds, re, im, NULL, NULL, NULL);
  *order               = old;
  return ierr;
}
