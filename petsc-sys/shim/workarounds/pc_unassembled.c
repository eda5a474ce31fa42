/* Upstream: PCSetUp_Deflation(), src/ksp/pc/impls/deflation/deflation.c, and others that call MatProductSymbolic()
   Releases: 3.18 - 3.26
   Fault: the storage of a matrix that is not assembled has gaps, which products of matrices read.
   Workaround: types whose setup reads the matrix return an error unless it is assembled.
   Test: unchecked::preconditioners_do_not_multiply_a_matrix_that_is_not_assembled
   Patch: none yet */
/* The storage of a matrix has gaps before it is assembled, which most types of preconditioners do not look at, nor do
   the products of matrices that they compute. These types do not read the matrix in their set-up, or leave that to
   functions that look. */
static PetscErrorCode PetscRsAssembledCheck(PC pc)
{
  PetscBool      skips = PETSC_FALSE, is_mg = PETSC_FALSE;
  PetscErrorCode ierr;

  if ((!pc->pmat || pc->pmat->assembled) && (!pc->mat || pc->mat->assembled)) return (PetscErrorCode)0;
  ierr = PetscObjectTypeCompareAny((PetscObject)pc, &skips, PCSHELL, PCKSP, PCCOMPOSITE, PCLMVM, PCGALERKIN, PCEISENSTAT, PCJACOBI, PCBJACOBI, "");
  if (!ierr) ierr = PetscObjectTypeCompare((PetscObject)pc, PCMG, &is_mg);
  if (!ierr && is_mg) skips = ((PC_MG *)pc->data)->galerkin >= PC_MG_GALERKIN_NONE ? PETSC_TRUE : PETSC_FALSE;
  if (ierr || skips) return ierr;
  return PetscRsError("PCSetUp", __FILE__, PETSC_ERR_ARG_WRONGSTATE, "the matrix is not assembled");
}
