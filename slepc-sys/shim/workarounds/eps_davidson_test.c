/* Upstream: dvd_testconv_slepc_0(), src/eps/impls/davidson/dvdtestconv.c
   Releases: 3.18 - 3.26
   Fault: in the methods gd and jd, an error that the convergence test returns leads to MPI_Abort().
   Workaround: for these methods, the test returns an error estimate of zero instead of its error; the solve then ends.
     The error of the callback is returned after the solve.
   Test: attacked::a_convergence_test_of_davidson_methods_that_fails
   Patch: slepc/eps_davidson_test.patch */
static PetscErrorCode Davidson(PetscObject solver, PetscErrorCode ierr, PetscReal *estimate)
{
  PetscBool davidson;
  if (!ierr) return OK;
  CALL(PetscObjectTypeCompareAny(solver, &davidson, EPSGD, EPSJD, ""));
  if (!davidson) return ierr;
  *estimate = 0.0;
  return OK;
}
