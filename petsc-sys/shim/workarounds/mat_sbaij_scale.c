/* Upstream: MatDiagonalScale_MPISBAIJ(), src/mat/impls/sbaij/mpi/mpisbaij.c; MatDiagonalScale_SeqSBAIJ(),
     src/mat/impls/sbaij/seq/sbaij2.c
   Releases: 3.18 - 3.26
   Fault: the right scaling vector is used without a check: NULL is dereferenced if only rows are scaled, which
     SNESVINEWTONSSLS and TAOSSILS do. Since 3.25, the scaled matrix is wrong if the left and right vectors differ.
   Workaround: these functions return an error unless both vectors are equal.
   Test: unchecked::symmetric_storage_is_scaled_from_both_sides
   Patch: petsc/mat_sbaij_scale.patch */
static PetscErrorCode PetscRsCheckScaling(Vec l, Vec r)
{
  PetscBool      same = l == r ? PETSC_TRUE : PETSC_FALSE;
  PetscErrorCode ierr = l && r && !same ? VecEqual(l, r, &same) : (PetscErrorCode)0;

  if (ierr || same) return ierr;
  return PetscRsError("MatDiagonalScale", __FILE__, PETSC_ERR_SUP, "rows and columns of a matrix of type sbaij are scaled by the same vector");
}

#define PETSC_RS_SCALE(name) \
  static PetscErrorCode (*PetscRsTheirScale##name)(Mat, Vec, Vec); \
  static PetscErrorCode PetscRsScale##name(Mat a, Vec l, Vec r) \
  { \
    PetscErrorCode ierr = PetscRsCheckScaling(l, r); \
    return ierr ? ierr : PetscRsTheirScale##name(a, l, r); \
  }
PETSC_RS_SCALE(SeqSBAIJ)
PETSC_RS_SCALE(MPISBAIJ)

static PetscErrorCode (*PetscRsMakeMPISBAIJ)(Mat);

static PetscErrorCode PetscRsCreateMPISBAIJ(Mat mat)
{
  PetscErrorCode ierr = PetscRsMakeMPISBAIJ(mat);

  if (ierr) return ierr;
  PetscRsTheirScaleMPISBAIJ = mat->ops->diagonalscale;
  mat->ops->diagonalscale   = PetscRsScaleMPISBAIJ;
  PetscRsDuplicateGuard(mat);
  return ierr;
}
