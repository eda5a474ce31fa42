/* Upstream: PCSetUp_CP(), src/ksp/pc/impls/cp/cp.c; PCSetUp_TFS(), src/ksp/pc/impls/tfs/tfs.c; PCSetUp_ML(),
     src/ksp/pc/impls/ml/ml.c
   Releases: 3.18 - 3.26
   Fault: the storage of a matrix that is not assembled, which has gaps, is read; uninitialized values are used as
     indices.
   Workaround: PCSetUp() returns an error if the matrix is not assembled.
   Test: unchecked::a_matrix_that_is_not_assembled_is_not_read
   Patch: petsc/pc_unassembled.patch */
static PetscErrorCode PetscRsAssembledCheck(PC pc)
{
  PetscBool      reads = PETSC_FALSE;
  PetscErrorCode ierr  = PetscObjectTypeCompareAny((PetscObject)pc, &reads, PCCP, PCTFS, PCML, "");

  if (ierr || !reads || !pc->pmat || pc->pmat->assembled) return ierr;
  return PetscRsError("PCSetUp", __FILE__, PETSC_ERR_ARG_WRONGSTATE, "the matrix is not assembled");
}
