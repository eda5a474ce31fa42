/* Upstream: EPSSolve_ScaLAPACK(), SVDSolve_ScaLAPACK(), src/eps/impls/external/scalapack/scalapack.c,
   src/svd/impls/external/scalapack/svdscalap.c
   Releases: 3.18 - 3.26
   Fault: all computed vectors are copied to the matrix view of the basis, which has the active columns only. If an
     earlier method has left fewer active columns, writes are out of bounds.
   Workaround: all columns are made active before the solve.
   Test: attacked::active_columns_of_a_basis_that_scalapack_fills
   Patch: slepc/scalapack_columns.patch */
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
