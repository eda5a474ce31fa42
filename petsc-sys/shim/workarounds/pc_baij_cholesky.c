/* Upstream: MatCholeskyFactorNumeric_SeqBAIJ_N(), MatICCFactorSymbolic_SeqBAIJ(),
     MatCholeskyFactorSymbolic_SeqBAIJ(), src/mat/impls/baij/seq/baijfact.c
   Releases: 3.18 - 3.26
   Fault: with a block size larger than 1, the factorization of SeqSBAIJ treats the data of a SeqBAIJ matrix as those of
     a SeqSBAIJ matrix, and uses the symbolic factorization of an earlier pattern. With a block size of 1, ICC with a
     permutation does not end.
   Workaround: PCICC and PCCHOLESKY of PETSc return an error for SeqBAIJ, unless the block size is 1 and the ordering is
     natural.
   Test: unchecked::blocks_have_no_symmetric_factor
   Patch: petsc/pc_baij_cholesky.patch */
static PetscErrorCode PetscRsBlocksCheck(PC pc)
{
  PetscBool       is_symmetric, is_icc, blocks = PETSC_FALSE;
  PetscInt        bs       = 0;
  MatSolverType   package  = NULL;
  MatOrderingType ordering = NULL;
  PetscErrorCode  ierr     = PetscObjectTypeCompareAny((PetscObject)pc, &is_symmetric, PCICC, PCCHOLESKY, "");

  if (!ierr && is_symmetric && pc->pmat) ierr = PetscObjectTypeCompare((PetscObject)pc->pmat, MATSEQBAIJ, &blocks);
  if (!ierr && blocks) ierr = PCFactorGetMatSolverType(pc, &package);
  if (ierr || !blocks || (package && strcmp(package, MATSOLVERPETSC) != 0)) return ierr;
  ierr = MatGetBlockSize(pc->pmat, &bs);
  if (!ierr) ierr = PetscObjectTypeCompare((PetscObject)pc, PCICC, &is_icc);
  if (ierr) return ierr;
  ordering = ((PetscRsPCFactor *)pc->data)->ordering;
  if (bs == 1 && (ordering ? !strcmp(ordering, MATORDERINGNATURAL) : is_icc)) return ierr;
  return PetscRsError("PCSetUp", __FILE__, PETSC_ERR_SUP, "PETSc has no symmetric factorization of a matrix of type baij: convert it to sbaij");
}
