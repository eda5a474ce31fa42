/* Upstream: MatDestroy_SeqDense(), called by TSForwardReset(), src/mat/impls/dense/seq/dense.c
   Releases: 3.18 - 3.26
   Fault: after an error inside a product, MatDestroy() of a dense work matrix frees its entries and fails. The matrix
     remains in use, and its entries are written at NULL.
   Workaround: after such an error, the next set-up creates new work matrices; the old ones are not freed.
   Test: unchecked::sensitivities_recover_from_an_error_in_a_product
   Patch: petsc/mat_dense_destroy.patch */
PetscErrorCode PetscRsTSForwardReset(TS ts)
{
  PetscErrorCode ierr = TSForwardReset(ts);

  if (!ierr) return ierr;
  ts->forward_solve      = PETSC_FALSE;
  ts->forwardsetupcalled = PETSC_FALSE;
  ierr                   = VecDestroy(&ts->vec_sensip_col);
  if (!ierr && ts->quadraturets) ierr = MatDestroy(&ts->quadraturets->mat_sensip);
  return ierr ? ierr : MatDestroy(&ts->mat_sensip);
}
