/* Upstream: MFNView(), src/mfn/interface/mfnbasic.c
   Releases: 3.18 - 3.26
   Fault: the view creates a missing function only if the basis is missing too: FNView() dereferences NULL.
   Workaround: the function is created together with the MFN.
   Test: attacked::a_function_of_a_matrix_is_shown_before_there_is_one
   Patch: slepc/mfn_view.patch */
PetscErrorCode PetscRsMFNCreate(MPI_Comm comm, MFN *mfn)
{
  FN fn;
  CALL(MFNCreate(comm, mfn));
  return MFNGetFN(*mfn, &fn);
}
