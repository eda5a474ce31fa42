/* Upstream: MatConvertFrom_MPIAdj(), src/mat/impls/adj/mpi/mpiadj.c
   Releases: 3.18 - 3.26
   Fault: the array of row offsets has one element for each column of the matrix; writes are out of bounds if a rank has
     more rows than the matrix has columns.
   Workaround: the conversion to MATMPIADJ returns an error in this case.
   Test: unchecked::a_graph_has_no_more_rows_than_columns
   Patch: petsc/mat_adj_convert.patch */
static PetscErrorCode (*PetscRsConvertFromMat)(Mat, MatType, MatReuse, Mat *);

static PetscErrorCode PetscRsConvertToAdj(Mat mat, MatType type, MatReuse reuse, Mat *graph)
{
  if (mat->rmap->n > mat->cmap->N) return PetscRsError("MatConvert", __FILE__, PETSC_ERR_SUP, "a graph (mpiadj) has at most as many rows on a rank as columns");
  return PetscRsConvertFromMat(mat, type, reuse, graph);
}
