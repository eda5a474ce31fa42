/* Upstream: PCSetUp_CP(), src/ksp/pc/impls/cp/cp.c; PCSetUp_TFS(), src/ksp/pc/impls/tfs/tfs.c; PCSetUp_ML(),
     src/ksp/pc/impls/ml/ml.c; PCSetUp_Deflation(), src/ksp/pc/impls/deflation/deflation.c, and others that call
     MatProductSymbolic()
   Releases: 3.18 - 3.26
   Fault: the storage of a matrix is read even if it is not assembled and has gaps; uninitialized values are used as
     indices. The diagonal block of such a matrix, which PCBJACOBI factors, is marked as assembled.
   Workaround: types whose setup reads the matrix return an error unless it is assembled.
   Test: unchecked::a_matrix_that_is_not_assembled_is_not_read,
     unchecked::preconditioners_do_not_multiply_a_matrix_that_is_not_assembled,
     unchecked::a_block_of_a_matrix_that_is_not_assembled_is_not_read
   Patch: petsc/pc_unassembled.patch */
/* Whether rows of a matrix that calls itself assembled have gaps: a block of a matrix that got new entries. */
static PetscErrorCode PetscRsHasGaps(Mat a, PetscBool *gaps)
{
  const PetscInt *offsets, *columns;
  PetscInt        n;
  PetscBool       is_aij = PETSC_FALSE, done = PETSC_FALSE;
  MatInfo         info;
  PetscErrorCode  ierr = PetscObjectBaseTypeCompare((PetscObject)a, MATSEQAIJ, &is_aij);

  *gaps = PETSC_FALSE;
  if (ierr || !is_aij || !a->rmap->n) return ierr;
  ierr = MatGetInfo(a, MAT_LOCAL, &info);
  if (!ierr) ierr = MatGetRowIJ(a, 0, PETSC_FALSE, PETSC_FALSE, &n, &offsets, &columns, &done);
  if (ierr || !done) return ierr;
  *gaps = info.nz_used > 0 && (PetscLogDouble)offsets[n] > info.nz_used ? PETSC_TRUE : PETSC_FALSE;
  return MatRestoreRowIJ(a, 0, PETSC_FALSE, PETSC_FALSE, &n, &offsets, &columns, &done);
}

/* These types do not read the matrix in their set-up, or leave that to functions that check it. */
static PetscErrorCode PetscRsAssembledCheck(PC pc)
{
  PetscBool      skips = PETSC_FALSE, is_mg = PETSC_FALSE, gaps = PETSC_FALSE;
  PetscErrorCode ierr = (PetscErrorCode)0;

  if ((!pc->pmat || pc->pmat->assembled) && (!pc->mat || pc->mat->assembled)) {
    if (pc->pmat) ierr = PetscRsHasGaps(pc->pmat, &gaps);
    if (ierr || !gaps) return ierr;
  }
  ierr = PetscObjectTypeCompareAny((PetscObject)pc, &skips, PCSHELL, PCKSP, PCCOMPOSITE, PCLMVM, PCGALERKIN, PCEISENSTAT, PCJACOBI, PCBJACOBI, "");
  if (!ierr) ierr = PetscObjectTypeCompare((PetscObject)pc, PCMG, &is_mg);
  if (!ierr && is_mg) skips = ((PC_MG *)pc->data)->galerkin >= PC_MG_GALERKIN_NONE ? PETSC_TRUE : PETSC_FALSE;
  if (ierr || skips) return ierr;
  return PetscRsError("PCSetUp", __FILE__, PETSC_ERR_ARG_WRONGSTATE, "the matrix is not assembled");
}
