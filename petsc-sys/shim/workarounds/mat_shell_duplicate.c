/* Upstream: SVDCrossGetProductMat() of SLEPc, src/svd/impls/cross/cross.c, and related functions;
     MatDuplicate_Shell(), src/mat/impls/shell/shell.c
   Releases: 3.18 - 3.26
   Fault: a duplicate of a MATSHELL has the same context and the same destructor (MATOP_DESTROY), which frees the context
     twice.
   Workaround: the duplicate has no destructor, and a reference to the original matrix.
   Test: attacked::a_shift_of_a_cross_product
   Patch: slepc/svd_shell_context.patch */
#define PETSC_RS_SHELL_ORIGINAL "petsc-rs.mat.original"
static PetscErrorCode (*PetscRsMakeSharing)(Mat);
static PetscErrorCode (*PetscRsShellDuplicate)(Mat, MatDuplicateOption, Mat *);

static PetscErrorCode PetscRsShellDuplicateSharing(Mat mat, MatDuplicateOption option, Mat *copy)
{
  void (*destroy)(void)    = NULL;
  PetscObject    original  = NULL;
  PetscErrorCode ierr      = PetscRsShellDuplicate(mat, option, copy);

  if (!ierr) ierr = MatShellGetOperation(*copy, MATOP_DESTROY, &destroy);
  if (!ierr) ierr = PetscObjectQuery((PetscObject)mat, PETSC_RS_SHELL_ORIGINAL, &original);
  if (ierr || (!destroy && !original)) return ierr;
  ierr = PetscObjectCompose((PetscObject)*copy, PETSC_RS_SHELL_ORIGINAL, original ? original : (PetscObject)mat);
  return ierr ? ierr : MatShellSetOperation(*copy, MATOP_DESTROY, NULL);
}

static PetscErrorCode PetscRsCreateSharing(Mat mat)
{
  PetscErrorCode ierr = PetscRsMakeSharing(mat);

  if (ierr) return ierr;
  PetscRsShellDuplicate = mat->ops->duplicate;
  mat->ops->duplicate   = PetscRsShellDuplicateSharing;
  return ierr;
}
