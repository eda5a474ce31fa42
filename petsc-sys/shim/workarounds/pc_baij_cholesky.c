/* The numeric factorization with blocks calls a function that no symbolic factorization sets, and that with blocks
   of one entry does not check whether rows are permuted. */
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
