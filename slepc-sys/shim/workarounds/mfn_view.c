/* A view asks for a function, which it makes only where there is no basis yet. */
PetscErrorCode PetscRsMFNCreate(MPI_Comm comm, MFN *mfn)
{
  FN fn;
  CALL(MFNCreate(comm, mfn));
  return MFNGetFN(*mfn, &fn);
}
