/* Upstream: EPSReset_CISS(), PEPReset_CISS(), NEPReset_CISS(), src/eps/impls/ciss/ciss.c,
   src/pep/impls/ciss/pciss.c, src/nep/impls/ciss/nciss.c
   Releases: 3.18 - 3.26
   Fault: a reset uses the contour, which exists only after a setup; changes of type and destruction call this reset.
     NULL is dereferenced. Before 3.26, EPS is affected only if EPSCISSSetUseST() was called with PETSC_FALSE.
   Workaround: the reset function of the type is called only if a setup has completed.
   Test: attacked::a_contour_that_was_never_made, attacked::contours_of_nonlinear_problems_that_were_never_made
   Patch: slepc/ciss_contour.patch */
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

CISS(EPS, eps)
CISS(PEP, pep)
CISS(NEP, nep)
