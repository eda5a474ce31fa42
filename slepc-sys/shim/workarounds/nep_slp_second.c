/* Upstream: NEPSolve_SLP(), src/nep/impls/slp/slp.c, NEPSolve_SLP_Twosided(), src/nep/impls/slp/slp-twosided.c
   Releases: 3.18 - 3.26
   Fault: if the initial approximation has already converged, the second eigenpair of the inner eigensolver is used,
     although the inner eigensolver was not called in this solve. Its vectors belong to an earlier solve and have
     another length, or do not exist after EPSReset(); NULL is dereferenced.
   Workaround: before the solve, the inner eigensolver is marked as without converged pairs.
   Test: attacked::slp_starts_with_an_eigenvector_after_a_reset_of_its_eigensolver
   Patch: slepc/nep_slp_second.patch */
static PetscErrorCode NEPForgetInner(NEP nep)
{
  EPS       eps;
  PetscBool slp;

  CALL(PetscObjectTypeCompare((PetscObject)nep, NEPSLP, &slp));
  if (!slp) return OK;
  CALL(NEPSLPGetEPS(nep, &eps));
  eps->nconv = 0;
  return OK;
}
