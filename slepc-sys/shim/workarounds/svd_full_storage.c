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
