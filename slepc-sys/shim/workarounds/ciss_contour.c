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

CISS(EPS, eps)
CISS(PEP, pep)
CISS(NEP, nep)
