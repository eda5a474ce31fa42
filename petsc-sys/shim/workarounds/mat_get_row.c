/* Upstream: MatGetRow(), src/mat/interface/matrix.c
   Releases: 3.18 - 3.19
   Fault: the row function of the matrix type is called without a check that it exists; NULL is called.
   Workaround: types without a row function get one that returns an error; MatConvert() and MatHasOperation() treat
     these types as before. Matrices that C creates, such as parts and duplicates, get this function too.
   Test: unchecked::a_solver_reads_no_rows_where_the_type_has_none,
     unchecked::a_type_without_rows_has_none_while_it_is_converted, unchecked::blocks_that_are_added_have_rows,
     unchecked::parts_without_rows_are_refused_by_redistribute
   Patch: none, mended in 3.19.1 */
#if PETSC_VERSION_LT(3, 20, 0)
static PetscErrorCode PetscRsNoRow(Mat mat, PetscInt row, PetscInt *n, PetscInt **columns, PetscScalar **values)
{
  (void)row;
  (void)n;
  (void)columns;
  (void)values;
  SETERRQ(PETSC_COMM_SELF, PETSC_ERR_SUP, "a matrix of type %s has no rows (MatGetRow)", ((PetscObject)mat)->type_name);
}

  #define PETSC_RS_CONVERT "petsc-rs.mat.convert"

static PetscErrorCode PetscRsConvertWithoutRows(Mat, MatType, MatReuse, Mat *);

static PetscErrorCode PetscRsRefuseRows(Mat mat)
{
  PetscErrorCode ierr = (PetscErrorCode)0;

  if (mat->ops->getrow) return ierr;
  mat->ops->getrow = PetscRsNoRow;
  if (mat->ops->convert == PetscRsConvertWithoutRows) return ierr;
  ierr              = PetscObjectComposeFunction((PetscObject)mat, PETSC_RS_CONVERT, mat->ops->convert);
  mat->ops->convert = PetscRsConvertWithoutRows;
  return ierr;
}

  #define PETSC_RS_VECS "petsc-rs.mat.vecs"

/* Where a type has no function for rows, MatConvert() multiplies. It creates vectors first, and products may call closures,
   which must not find NULL. */
static PetscErrorCode PetscRsVecsOfConversion(Mat mat, Vec *right, Vec *left)
{
  PetscErrorCode (*vecs)(Mat, Vec *, Vec *) = NULL;
  PetscErrorCode ierr                       = PetscObjectQueryFunction((PetscObject)mat, PETSC_RS_VECS, &vecs);

  if (ierr) return ierr;
  mat->ops->getvecs = vecs;
  ierr              = PetscRsRefuseRows(mat);
  return ierr ? ierr : MatCreateVecs(mat, right, left);
}

static PetscErrorCode PetscRsConvertWithoutRows(Mat mat, MatType type, MatReuse reuse, Mat *out)
{
  PetscErrorCode (*convert)(Mat, MatType, MatReuse, Mat *) = NULL;
  PetscErrorCode (*vecs)(Mat, Vec *, Vec *)                = mat->ops->getvecs;
  PetscErrorCode ierr = PetscObjectQueryFunction((PetscObject)mat, PETSC_RS_CONVERT, &convert), end;

  if (!ierr) ierr = PetscObjectComposeFunction((PetscObject)mat, PETSC_RS_VECS, vecs);
  if (ierr) return ierr;
  mat->ops->convert = convert;
  if (mat->ops->getrow == PetscRsNoRow) {
    mat->ops->getrow  = NULL;
    mat->ops->getvecs = PetscRsVecsOfConversion;
  }
  ierr = MatConvert(mat, type, reuse, out);
  if (mat->ops->getvecs == PetscRsVecsOfConversion) mat->ops->getvecs = vecs;
  end = PetscRsRefuseRows(mat);
  return ierr ? ierr : end;
}

  #define PETSC_RS_WITHOUT_ROWS(X) \
    X(BlockMat, MATBLOCKMAT) X(Composite, MATCOMPOSITE) X(Dummy, MATDUMMY) X(Elemental, MATELEMENTAL) X(FFTW, MATFFTW) X(IS, MATIS) X(LMVMBadBroyden, MATLMVMBADBROYDEN) X(LMVMBFGS, MATLMVMBFGS) \
    X(LMVMBroyden, MATLMVMBROYDEN) X(LMVMDFP, MATLMVMDFP) X(LMVMDiagBroyden, MATLMVMDIAGBROYDEN) X(LMVMSR1, MATLMVMSR1) X(LMVMSymBadBroyden, MATLMVMSYMBADBROYDEN) X(LMVMSymBroyden, MATLMVMSYMBROYDEN) \
    X(MAIJ, MATMAIJ) X(MFFD, MATMFFD) X(MPIMAIJ, MATMPIMAIJ) X(MPISELL, MATMPISELL) X(Nest, MATNEST) X(Preallocator, MATPREALLOCATOR) X(ScaLAPACK, MATSCALAPACK) X(Scatter, MATSCATTER) \
    X(SchurComplement, MATSCHURCOMPLEMENT) X(SeqMAIJ, MATSEQMAIJ) X(Shell, MATSHELL)

  #define PETSC_RS_CREATE(name, type) \
    static PetscErrorCode (*PetscRsMake##name)(Mat); \
    static PetscErrorCode PetscRsCreate##name(Mat mat) \
    { \
      PetscErrorCode ierr = PetscRsMake##name(mat); \
      return ierr ? ierr : PetscRsRefuseRows(mat); \
    }
PETSC_RS_WITHOUT_ROWS(PETSC_RS_CREATE)

static PetscErrorCode PetscRsRowsGuard(void)
{
  PetscErrorCode ierr = KSPInitializePackage(); /* it registers types of matrices */

  PETSC_RS_WITHOUT_ROWS(PETSC_RS_REPLACE)
  return ierr;
}
#endif

#if PETSC_VERSION_LT(3, 20, 0)
  #define PETSC_RS_DUPLICATE_VIEW "petsc-rs.mat.duplicate"

static PetscErrorCode PetscRsRefuseRowsOfParts(Mat, void *);

static PetscErrorCode PetscRsDuplicateWithoutRows(Mat mat, MatDuplicateOption option, Mat *copy)
{
  PetscErrorCode (*duplicate)(Mat, MatDuplicateOption, Mat *) = NULL;
  PetscErrorCode ierr                                         = PetscObjectQueryFunction((PetscObject)mat, PETSC_RS_DUPLICATE_VIEW, &duplicate);

  if (!ierr) ierr = duplicate(mat, option, copy);
  return ierr ? ierr : PetscRsRefuseRowsOfParts(*copy, NULL);
}

/* A matrix of a type that is not registered, as the views are, which C duplicates before it adds to it. */
static PetscErrorCode PetscRsRefuseRowsOfDuplicates(Mat mat)
{
  PetscErrorCode (*create)(Mat) = NULL;
  PetscErrorCode ierr           = PetscFunctionListFind(MatList, ((PetscObject)mat)->type_name, &create);

  if (ierr || create || mat->ops->getrow != PetscRsNoRow || !mat->ops->duplicate || mat->ops->duplicate == PetscRsDuplicateWithoutRows) return ierr;
  ierr                = PetscObjectComposeFunction((PetscObject)mat, PETSC_RS_DUPLICATE_VIEW, mat->ops->duplicate);
  mat->ops->duplicate = PetscRsDuplicateWithoutRows;
  return ierr;
}

static PetscErrorCode PetscRsRefuseRowsOfParts(Mat mat, void *context)
{
  PetscErrorCode ierr = (PetscErrorCode)0;

  if (!((PetscObject)mat)->type_name) return ierr;
  ierr = PetscRsRefuseRows(mat);
  if (!ierr) ierr = PetscRsRefuseRowsOfDuplicates(mat);
  return ierr ? ierr : PetscRsMatParts(mat, PetscRsRefuseRowsOfParts, context);
}
#endif

/* Views and the like, which no registered function makes, refuse rows as well, and so do those that C makes as parts of
   another matrix. */
PetscErrorCode PetscRsMatRefuseRows(Mat mat)
{
#if PETSC_VERSION_LT(3, 20, 0)
  return PetscRsRefuseRowsOfParts(mat, NULL);
#else
  (void)mat;
  return (PetscErrorCode)0;
#endif
}

/* So do those of a preconditioner, which may be parts that a solver makes. */
static PetscErrorCode PetscRsPCRefuseRows(PC pc)
{
#if PETSC_VERSION_LT(3, 20, 0)
  PetscErrorCode ierr = (PetscErrorCode)0;

  if (pc->mat) ierr = PetscRsRefuseRows(pc->mat);
  return ierr || !pc->pmat ? ierr : PetscRsRefuseRows(pc->pmat);
#else
  (void)pc;
  return (PetscErrorCode)0;
#endif
}

/* MatHasOperation(), for which a function that refuses is none. */
PetscErrorCode PetscRsMatHasOperation(Mat mat, MatOperation operation, PetscBool *has)
{
#if PETSC_VERSION_LT(3, 20, 0)
  if (operation == MATOP_GET_ROW && mat->ops->getrow == PetscRsNoRow) {
    *has = PETSC_FALSE;
    return (PetscErrorCode)0;
  }
#endif
  return MatHasOperation(mat, operation, has);
}
