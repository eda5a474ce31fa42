/* Upstream: MatConvert_MPIAIJ_MPISELL(), src/mat/impls/sell/mpi/mpisell.c
   Releases: 3.18 - 3.19
   Fault: the row and column layouts of the result are set up by functions of MATMPIAIJ, so the result has no ownership
     ranges: each row seems to belong to another rank, and MatAssemblyBegin() dereferences NULL.
   Workaround: the row and column layouts of the result are set up.
   Test: unchecked::rows_of_a_converted_matrix_belong_to_ranks
   Patch: none, mended in 3.20 */
static PetscErrorCode (*PetscRsConvertToSell)(Mat, MatType, MatReuse, Mat *);

static PetscErrorCode PetscRsConvertToSellWithRows(Mat a, MatType type, MatReuse reuse, Mat *b)
{
  PetscErrorCode ierr = PetscRsConvertToSell(a, type, reuse, b);

  if (!ierr) ierr = PetscLayoutSetUp((*b)->rmap);
  return ierr ? ierr : PetscLayoutSetUp((*b)->cmap);
}

#define PETSC_RS_TO_SELL "MatConvert_mpiaij_mpisell_C"

static PetscErrorCode PetscRsConvertGuard(Mat a)
{
  PetscErrorCode (*convert)(Mat, MatType, MatReuse, Mat *) = NULL;
  PetscErrorCode ierr                                      = PetscObjectQueryFunction((PetscObject)a, PETSC_RS_TO_SELL, &convert);

  if (ierr || !convert || convert == PetscRsConvertToSellWithRows) return ierr;
  PetscRsConvertToSell = convert;
  return PetscObjectComposeFunction((PetscObject)a, PETSC_RS_TO_SELL, PetscRsConvertToSellWithRows);
}
