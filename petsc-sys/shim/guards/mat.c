/* Makes colorings look whether the matrix is assembled. */
static PetscErrorCode PetscRsColoringGuard(void)
{
  const char   **names = NULL;
  int            i, n = 0;
  PetscErrorCode ierr = (PetscErrorCode)0;

  if (PetscRsColoringTypes) return ierr;
  ierr = PetscFunctionListDuplicate(MatColoringList, &PetscRsColoringTypes);
  if (!ierr) ierr = PetscRegisterFinalize(PetscRsColoringForgetTypes);
  if (!ierr) ierr = PetscFunctionListGet(PetscRsColoringTypes, &names, &n);
  for (i = 0; !ierr && i < n; i++) ierr = MatColoringRegister(names[i], PetscRsColoringCreate);
  PetscRsFree((void *)names);
  return ierr;
}

/* The types with finite differences by colors. */
#define PETSC_RS_WATCHED(X) X(SeqAIJ, MATSEQAIJ) X(MPIAIJ, MATMPIAIJ) X(SeqBAIJ, MATSEQBAIJ) X(MPIBAIJ, MATMPIBAIJ) X(SeqSELL, MATSEQSELL) X(MPISELL, MATMPISELL)

#define PETSC_RS_CREATE_WATCHED(name, type) \
  static PetscErrorCode (*PetscRsMakeWatched##name)(Mat); \
  static PetscErrorCode PetscRsCreateWatched##name(Mat a) \
  { \
    PetscErrorCode ierr = PetscRsMakeWatched##name(a); \
    if (ierr) return ierr; \
    PetscRsFDGuard(a); \
    PetscRsZeroRowsGuard(a); \
    PetscRsDuplicateGuard(a); \
    PetscRsPermuteGuard(a); \
    return PetscRsConvertGuard(a); \
  }
PETSC_RS_WATCHED(PETSC_RS_CREATE_WATCHED)

/* Created from a MATSEQAIJ, with its own duplicate. */
static PetscErrorCode (*PetscRsMakeSeqAIJPERM)(Mat);
static PetscErrorCode PetscRsCreateSeqAIJPERM(Mat a)
{
  PetscErrorCode ierr = PetscRsMakeSeqAIJPERM(a);

  if (!ierr) PetscRsDuplicateGuard(a);
  return ierr;
}

#define PETSC_RS_REPLACE_WATCHED(name, type) PETSC_RS_REPLACE(Watched##name, type)

/* Repairs or refuses types of matrices, packages and colorings that access invalid memory. */
PetscErrorCode PetscRsMatGuard(void)
{
  PetscErrorCode ierr = MatInitializePackage();

  if (ierr || PetscRsColoringTypes) return ierr; /* the guard is there */
  ierr = MatSolverTypeRegister(MATSOLVERBAS, MATSEQAIJ, MAT_FACTOR_ICC, PetscRsNoBas);
  if (!ierr) ierr = PetscRsReplaceFactor(MATSEQAIJ, PetscRsCholeskyFactor, &PetscRsCholeskyMake);
  if (!ierr) ierr = PetscRsSuperluDistGuard();
  if (!ierr) ierr = PetscRsReplaceFactor(MATSEQSBAIJ, PetscRsFactorOrNothing, &PetscRsFactorSBAIJ);
  if (!ierr) ierr = PetscRsOrderGuard();
  if (!ierr) ierr = MatColoringRegister(MATCOLORINGSL, PetscRsColoringCreateSL);
  if (!ierr) ierr = MatColoringRegister(MATCOLORINGLF, PetscRsColoringCreateLF);
  if (!ierr) ierr = MatColoringRegister(MATCOLORINGID, PetscRsColoringCreateID);
  if (!ierr) ierr = PetscRsColoringGuard();
  if (!ierr) ierr = PetscRsReplaceCoarsen(MATCOARSENMIS, PetscRsCreateMIS, &PetscRsMakeMIS);
  if (!ierr) ierr = PetscRsReplaceCoarsen(MATCOARSENMISK, PetscRsCreateMISK, &PetscRsMakeMISK);
  if (!ierr) ierr = MatRegister(MATSEQSELL, PetscRsSellCreate);
  if (!ierr && PetscRsRelaxable < 0) ierr = PetscObjectComposedDataRegister(&PetscRsRelaxable);
  PETSC_RS_RELAXED(PETSC_RS_REPLACE)
  PETSC_RS_REPLACE(SeqSBAIJ, MATSEQSBAIJ)
  PETSC_RS_REPLACE(MPISBAIJ, MATMPISBAIJ)
  PETSC_RS_REPLACE(SeqBAIJ, MATSEQBAIJ)
  PETSC_RS_REPLACE(SeqDense, MATSEQDENSE)
  PETSC_RS_REPLACE(MPIDense, MATMPIDENSE)
  PETSC_RS_REPLACE(Adj, MATMPIADJ)
  PETSC_RS_REPLACE(Hypre, MATHYPRE)
  PETSC_RS_REPLACE(Sharing, MATSHELL)
#if PETSC_VERSION_GE(3, 21, 0)
  PETSC_RS_REPLACE(Composite, MATCOMPOSITE)
#endif
#if PETSC_VERSION_GE(3, 24, 0)
  if (!ierr) ierr = KSPInitializePackage(); /* it registers this type */
  PETSC_RS_REPLACE(DiagBroyden, MATLMVMDIAGBROYDEN)
#endif
  PETSC_RS_WATCHED(PETSC_RS_REPLACE_WATCHED)
  PETSC_RS_REPLACE(SeqAIJPERM, MATSEQAIJPERM)
#if PETSC_VERSION_LT(3, 20, 0)
  if (!ierr) ierr = PetscRsRowsGuard();
#endif
  return ierr;
}
