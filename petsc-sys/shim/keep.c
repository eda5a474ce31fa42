/* Puts a constructor of ours around the one of a type. */
static PetscErrorCode PetscRsReplaceType(MatType type, PetscErrorCode (*ours)(Mat), PetscErrorCode (**theirs)(Mat))
{
  PetscErrorCode (*create)(Mat) = NULL;
  PetscErrorCode ierr           = PetscFunctionListFind(MatList, type, &create);

  if (ierr || !create || create == ours) return ierr; /* PETSc was built without the package, or the guard is there */
  *theirs = create;
  return MatRegister(type, ours);
}

#define PETSC_RS_REPLACE(name, type) \
    if (!ierr) ierr = PetscRsReplaceType(type, PetscRsCreate##name, &PetscRsMake##name);

typedef PetscErrorCode (*PetscRsFactorMake)(Mat, MatFactorType, Mat *);

/* Puts a constructor of ours around that of PETSc's symmetric factors of a type of matrices. */
static PetscErrorCode PetscRsReplaceFactor(MatType type, PetscRsFactorMake ours, PetscRsFactorMake *theirs)
{
  PetscRsFactorMake make = NULL;
  PetscErrorCode    ierr = MatSolverTypeGet(MATSOLVERPETSC, type, MAT_FACTOR_CHOLESKY, NULL, NULL, &make);

  if (ierr || !make || make == ours) return ierr;
  *theirs = make;
  ierr    = MatSolverTypeRegister(MATSOLVERPETSC, type, MAT_FACTOR_CHOLESKY, ours);
  return ierr ? ierr : MatSolverTypeRegister(MATSOLVERPETSC, type, MAT_FACTOR_ICC, ours);
}

/* Some types have memory for one row, which each later request overwrites. Whether petsc-rs lends this row is composed
   with the matrix. */
#define PETSC_RS_ROW "petsc-rs.mat.row"

static PetscErrorCode PetscRsRowIsLent(void)
{
  return (PetscErrorCode)0;
}

PetscErrorCode PetscRsMatLendRow(Mat mat, PetscBool lent)
{
  return PetscObjectComposeFunction((PetscObject)mat, PETSC_RS_ROW, lent ? PetscRsRowIsLent : NULL);
}

/* Called by these types before they read a row. */
static PetscErrorCode PetscRsRowCheck(Mat mat)
{
  PetscErrorCode (*lent)(void) = NULL;
  PetscErrorCode ierr          = PetscObjectQueryFunction((PetscObject)mat, PETSC_RS_ROW, &lent);

  if (ierr || !lent) return ierr;
  return PetscRsError("MatGetRow", __FILE__, PETSC_ERR_ARG_WRONGSTATE, "a matrix of this type lends one row at a time: restore the other row first");
}

/* Attaches memory to an object; a function frees it with the object. */
static PetscErrorCode PetscRsKeep(PetscObject object, const char name[], void *memory, PetscErrorCode (*drop)(void *))
{
  PetscContainer container;
  PetscErrorCode ierr = PetscContainerCreate(PETSC_COMM_SELF, &container); /* its end never communicates */

  if (ierr) return ierr;
  ierr = PetscContainerSetPointer(container, memory);
  if (ierr) return ierr;
#if PETSC_VERSION_GE(3, 23, 0)
  ierr = PetscContainerSetCtxDestroy(container, (PetscCtxDestroyFn *)drop);
#else
  ierr = PetscContainerSetUserDestroy(container, drop);
#endif
  if (ierr) return ierr;
  ierr = PetscObjectCompose(object, name, (PetscObject)container);
  if (ierr) return ierr;
  return PetscContainerDestroy(&container);
}

/* Argument of such a function: the memory, and since 3.23 a pointer to it. */
static void *PetscRsKept(void *ctx)
{
#if PETSC_VERSION_GE(3, 23, 0)
  return *(void **)ctx;
#else
  return ctx;
#endif
}

static PetscErrorCode PetscRsKeptFree(void *ctx)
{
  void *memory = PetscRsKept(ctx);

  return PetscFree(memory);
}
