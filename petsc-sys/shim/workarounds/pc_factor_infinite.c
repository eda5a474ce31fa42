/* Upstream: MatPivotCheck_nz(), MatPivotCheck_pd(), include/petsc/private/matimpl.h
   Releases: 3.18 - 3.26
   Fault: with MAT_SHIFT_NONZERO or MAT_SHIFT_POSITIVE_DEFINITE, the factorization is repeated with a larger shift until
     each pivot exceeds a multiple of the sum of its row. If a sum is infinite, the repetition does not end.
   Workaround: with these shifts, the set-up of preconditioners that use PETSc's sparse factorizations returns an error
     for infinite entries. MatrixRef::factor makes the same check.
   Test: unchecked::shifts_are_not_compared_with_infinite_entries
   Patch: petsc/pc_factor_infinite.patch */
static PetscErrorCode PetscRsFiniteCheck(PC pc)
{
  PetscRsPCFactor *data;
  Mat              factor;
  MatSolverType    package = NULL;
  PetscBool        sparse  = PETSC_FALSE;
  PetscReal        norm;
  PetscErrorCode   ierr = PetscRsFactor(pc, &data, &factor);

  if (ierr || !data || !pc->pmat->assembled) return ierr;
  if (data->info.shifttype != (PetscReal)MAT_SHIFT_NONZERO && data->info.shifttype != (PetscReal)MAT_SHIFT_POSITIVE_DEFINITE) return ierr;
  ierr = PetscObjectBaseTypeCompareAny((PetscObject)pc->pmat, &sparse, MATSEQAIJ, MATSEQBAIJ, MATSEQSBAIJ, "");
  if (!ierr && sparse) ierr = PCFactorGetMatSolverType(pc, &package);
  if (ierr || !sparse || (package && strcmp(package, MATSOLVERPETSC) != 0)) return ierr;
  ierr = MatNorm(pc->pmat, NORM_INFINITY, &norm);
  return !ierr && PetscIsInfReal(norm) ? PetscRsError("PCSetUp", __FILE__, PETSC_ERR_FP, "a matrix with infinite entries cannot be factored with a shift") : ierr;
}
