/* Upstream: SVDSetUp_LAPACK(), SVDSetUp_Randomized(), src/svd/impls/lapack/svdlapack.c,
   src/svd/impls/randomized/rsvd.c
   Releases: 3.18 - 3.26
   Fault: the DS keeps the compact storage that lanczos or trlanczos has selected, but lapack and randomized do not fill
     the compact matrix: NULL is dereferenced. Before 3.22, the solve returns an error.
   Workaround: the setup of lapack and randomized selects the full storage.
   Test: attacked::full_storage_after_lanczos
   Patch: slepc/svd_full_storage.patch */
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
