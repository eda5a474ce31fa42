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
