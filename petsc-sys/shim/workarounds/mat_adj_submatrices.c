/* Upstream: MatCreateSubMatrices_MPIAdj_Private(), src/mat/impls/adj/mpi/mpiadj.c
   Releases: 3.18 - 3.26
   Fault: the array of submatrices is not allocated; results are written through an uninitialized pointer.
   Workaround: MATMPIADJ does not support MatCreateSubMatrices().
   Test: unchecked::a_graph_has_no_parts
   Patch: petsc/mat_adj_submatrices.patch */
static PetscErrorCode (*PetscRsMakeAdj)(Mat);

static PetscErrorCode PetscRsCreateAdj(Mat mat)
{
  PetscErrorCode ierr = PetscRsMakeAdj(mat);

  if (ierr) return ierr;
  mat->ops->createsubmatrices = NULL;
  PetscRsConvertFromMat       = mat->ops->convertfrom;
  mat->ops->convertfrom       = PetscRsConvertToAdj;
  return ierr;
}
