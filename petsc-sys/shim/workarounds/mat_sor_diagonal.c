/* Upstream: MatInvertBlockDiagonal_SeqBAIJ(), src/mat/impls/baij/seq/baij.c; MatSOR_SeqSBAIJ(),
     src/mat/impls/sbaij/seq/relax.h; before 3.25 also MatSOR_SeqAIJ(), MatSOR_SeqSELL()
   Releases: 3.18 - 3.26
   Fault: the diagonal entry of a row is read even if it is not stored; memory is read out of bounds, or NULL is
     dereferenced.
   Workaround: these functions return an error if a diagonal entry or block is missing.
   Test: unchecked::relaxation_needs_entries_on_the_diagonal
   Patch: petsc/mat_sor_diagonal.patch */
static PetscInt PetscRsRelaxable = -1;

/* Finds the first (block) row without an entry on the diagonal. */
static PetscErrorCode PetscRsMissingDiagonal(Mat mat, PetscBool *missing, PetscInt *row)
{
#if PETSC_VERSION_LT(3, 25, 0)
  return MatMissingDiagonal(mat, missing, row);
#else
  const PetscInt *starts, *columns;
  PetscInt        n;
  PetscBool       done;

  PetscCall(MatGetRowIJ(mat, 0, PETSC_FALSE, PETSC_TRUE, &n, &starts, &columns, &done));
  PetscCheck(done, PETSC_COMM_SELF, PETSC_ERR_SUP, "the places of the entries are not available for a matrix of type %s", ((PetscObject)mat)->type_name);
  *missing = PETSC_FALSE;
  for (PetscInt i = 0; i < n && !*missing; i++) {
    PetscInt k = starts[i];

    while (k < starts[i + 1] && columns[k] != i) k++;
    *missing = k == starts[i + 1] ? PETSC_TRUE : PETSC_FALSE;
    *row     = i;
  }
  return MatRestoreRowIJ(mat, 0, PETSC_FALSE, PETSC_TRUE, &n, &starts, &columns, &done);
#endif
}

static PetscErrorCode PetscRsDiagonalCheck(Mat mat)
{
  PetscBool      known = PETSC_FALSE, missing = PETSC_FALSE;
  PetscInt       fits  = 0, row = 0;
  PetscErrorCode ierr = PetscObjectComposedDataGetInt((PetscObject)mat, PetscRsRelaxable, fits, known);

  if (ierr || (known && fits)) return ierr;
  if (mat->rmap->n != mat->cmap->n) return PetscRsError("MatSOR", __FILE__, PETSC_ERR_ARG_SIZ, "the diagonal is needed of a matrix that is square on each rank");
  ierr = PetscRsMissingDiagonal(mat, &missing, &row);
  if (ierr) return ierr;
  PetscCheck(!missing, PETSC_COMM_SELF, PETSC_ERR_ARG_WRONGSTATE, "an entry is needed on the diagonal of each row, and there is none in (block) row %" PetscInt_FMT, row);
  return PetscObjectComposedDataSetInt((PetscObject)mat, PetscRsRelaxable, 1);
}

#if PETSC_VERSION_LT(3, 25, 0)
  #define PETSC_RS_RELAXED(X) X(SeqAIJ, MATSEQAIJ) X(SeqSELL, MATSEQSELL)
#else
  #define PETSC_RS_RELAXED(X)
#endif

#define PETSC_RS_RELAX(name) \
  static PetscErrorCode (*PetscRsSOR##name)(Mat, Vec, PetscReal, MatSORType, PetscReal, PetscInt, PetscInt, Vec); \
  static PetscErrorCode PetscRsRelax##name(Mat mat, Vec b, PetscReal omega, MatSORType sweep, PetscReal shift, PetscInt its, PetscInt local, Vec x) \
  { \
    PetscErrorCode ierr = PetscRsDiagonalCheck(mat); \
    return ierr ? ierr : PetscRsSOR##name(mat, b, omega, sweep, shift, its, local, x); \
  }
#define PETSC_RS_CREATE_RELAXED(name, type) \
  PETSC_RS_RELAX(name) \
  static PetscErrorCode (*PetscRsMake##name)(Mat); \
  static PetscErrorCode PetscRsCreate##name(Mat mat) \
  { \
    PetscErrorCode ierr = PetscRsMake##name(mat); \
    if (ierr) return ierr; \
    PetscRsSOR##name = mat->ops->sor; \
    mat->ops->sor    = PetscRsRelax##name; \
    return ierr; \
  }
PETSC_RS_RELAXED(PETSC_RS_CREATE_RELAXED)

/* MatAssemblyEnd_SeqSBAIJ() sets another function for matrices with fewer than 65,536 columns. */
PETSC_RS_RELAX(SeqSBAIJ)
PETSC_RS_RELAX(SeqSBAIJShort)
static PetscErrorCode (*PetscRsMakeSeqSBAIJ)(Mat);
static PetscErrorCode (*PetscRsEndSeqSBAIJ)(Mat, MatAssemblyType);

static PetscErrorCode PetscRsAssemblyEndSeqSBAIJ(Mat mat, MatAssemblyType type)
{
  PetscErrorCode ierr = PetscRsEndSeqSBAIJ(mat, type);

  if (ierr || mat->ops->sor == PetscRsRelaxSeqSBAIJ || mat->ops->sor == PetscRsRelaxSeqSBAIJShort) return ierr;
  PetscRsSORSeqSBAIJShort = mat->ops->sor;
  mat->ops->sor           = PetscRsRelaxSeqSBAIJShort;
  return ierr;
}

static PetscErrorCode PetscRsCreateSeqSBAIJ(Mat mat)
{
  PetscErrorCode ierr = PetscRsMakeSeqSBAIJ(mat);

  if (ierr) return ierr;
  PetscRsSORSeqSBAIJ        = mat->ops->sor;
  PetscRsEndSeqSBAIJ        = mat->ops->assemblyend;
  PetscRsTheirScaleSeqSBAIJ = mat->ops->diagonalscale;
  mat->ops->sor             = PetscRsRelaxSeqSBAIJ;
  mat->ops->assemblyend     = PetscRsAssemblyEndSeqSBAIJ;
  mat->ops->diagonalscale   = PetscRsScaleSeqSBAIJ;
  PetscRsICCInPlace         = mat->ops->iccfactor;
  mat->ops->iccfactor       = PetscRsICCInPlaceOrNothing;
  return ierr;
}

/* Relaxation of blocks, the function for which comes later, inverts those on the diagonal. */
static PetscErrorCode (*PetscRsMakeSeqBAIJ)(Mat);
static PetscErrorCode (*PetscRsInvertBlocks)(Mat, const PetscScalar **);

static PetscErrorCode PetscRsInvertDiagonalBlocks(Mat mat, const PetscScalar **blocks)
{
  PetscErrorCode ierr = PetscRsDiagonalCheck(mat);

  return ierr ? ierr : PetscRsInvertBlocks(mat, blocks);
}

static PetscErrorCode PetscRsCreateSeqBAIJ(Mat mat)
{
  PetscErrorCode ierr = PetscRsMakeSeqBAIJ(mat);

  if (ierr) return ierr;
  PetscRsInvertBlocks           = mat->ops->invertblockdiagonal;
  mat->ops->invertblockdiagonal = PetscRsInvertDiagonalBlocks;
  PetscRsDuplicateBlocks        = mat->ops->duplicate;
  mat->ops->duplicate           = PetscRsDuplicateSeqBAIJ;
  return ierr;
}
