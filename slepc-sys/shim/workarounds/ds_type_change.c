/* Upstream: DSSetType(), src/sys/classes/ds/interface/dsbasic.c
   Releases: 3.18 - 3.21
   Fault: after a change of type, the DS keeps the matrices of the previous type if the leading dimension is the same:
     DSSolve() dereferences NULL.
   Workaround: the constructor of each type resets the DS.
   Test: attacked::another_kind_of_problem_after_a_solve
   Patch: none, mended in 3.22 */
#if SLEPC_VERSION_LT(3, 22, 0)
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
