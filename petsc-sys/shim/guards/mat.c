/* Repairs or refuses types of matrices, packages and colorings that access invalid memory. */
PetscErrorCode PetscRsMatGuard(void)
{
  PetscErrorCode ierr = MatInitializePackage();

  if (!ierr) ierr = MatSolverTypeRegister(MATSOLVERBAS, MATSEQAIJ, MAT_FACTOR_ICC, PetscRsNoBas);
  if (!ierr) ierr = PetscRsSuperluDistGuard();
  if (!ierr) ierr = PetscRsOrderGuard();
  if (!ierr) ierr = MatColoringRegister(MATCOLORINGSL, PetscRsColoringCreateSL);
  if (!ierr) ierr = MatColoringRegister(MATCOLORINGLF, PetscRsColoringCreateLF);
  if (!ierr) ierr = MatColoringRegister(MATCOLORINGID, PetscRsColoringCreateID);
  if (!ierr) ierr = MatRegister(MATSEQSELL, PetscRsSellCreate);
  if (!ierr && PetscRsRelaxable < 0) ierr = PetscObjectComposedDataRegister(&PetscRsRelaxable);
  PETSC_RS_RELAXED(PETSC_RS_REPLACE)
  PETSC_RS_REPLACE(SeqSBAIJ, MATSEQSBAIJ)
  PETSC_RS_REPLACE(SeqBAIJ, MATSEQBAIJ)
  PETSC_RS_REPLACE(Adj, MATMPIADJ)
#if PETSC_VERSION_GE(3, 21, 0)
  PETSC_RS_REPLACE(Composite, MATCOMPOSITE)
#endif
#if PETSC_VERSION_GE(3, 24, 0)
  if (!ierr) ierr = KSPInitializePackage(); /* it registers this type */
  PETSC_RS_REPLACE(DiagBroyden, MATLMVMDIAGBROYDEN)
#endif
#if PETSC_VERSION_LT(3, 20, 0)
  if (!ierr) ierr = PetscRsRowsGuard();
#endif
  return ierr;
}
