/* Upstream: MatCopy_SeqDense(), src/mat/impls/dense/seq/dense.c; MatCopy_MPIDense(), src/mat/impls/dense/mpi/mpidense.c
   Releases: 3.18 - 3.26
   Fault: a field of the second matrix is read before the types of both matrices are compared, or the types are not
     compared. PCMatApply() may copy between dense matrices of different types.
   Workaround: the types are compared first.
   Test: unchecked::a_dense_matrix_is_copied_to_one_of_another_type
   Patch: petsc/mat_dense_copy.patch */
/* This does what MatCopy_Basic() does for matrices of other types. */
static PetscErrorCode PetscRsCopyToOther(Mat a, Mat b, MatStructure structure)
{
  PetscErrorCode ierr = (PetscErrorCode)0;

  if (b->assembled) ierr = MatZeroEntries(b);
  if (!ierr) ierr = MatAYPX(b, 0.0, a, structure);
  if (!ierr) ierr = MatAssemblyBegin(b, MAT_FINAL_ASSEMBLY);
  return ierr ? ierr : MatAssemblyEnd(b, MAT_FINAL_ASSEMBLY);
}

#define PETSC_RS_COPIED(X) X(SeqDense) X(MPIDense)

#define PETSC_RS_COPY(name) \
  static PetscErrorCode (*PetscRsMake##name)(Mat); \
  static PetscErrorCode (*PetscRsTheirCopy##name)(Mat, Mat, MatStructure); \
  static PetscErrorCode PetscRsCopy##name(Mat a, Mat b, MatStructure structure) \
  { \
    return a->ops->copy == b->ops->copy ? PetscRsTheirCopy##name(a, b, structure) : PetscRsCopyToOther(a, b, structure); \
  } \
  static PetscErrorCode PetscRsCreate##name(Mat a) \
  { \
    PetscErrorCode ierr = PetscRsMake##name(a); \
    if (ierr || !a->ops->copy) return ierr; \
    PetscRsTheirCopy##name = a->ops->copy; \
    a->ops->copy           = PetscRsCopy##name; \
    return ierr; \
  }
PETSC_RS_COPIED(PETSC_RS_COPY)
