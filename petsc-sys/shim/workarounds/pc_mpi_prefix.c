/* Upstream: PCCreate_MPI(), src/ksp/pc/impls/mpi/pcmpi.c
   Releases: 3.20 - 3.26
   Fault: it searches a name in the options prefix without checking that there is one; NULL is dereferenced.
   Workaround: the type is refused without a prefix, in 3.19 too.
   Test: unchecked::preconditioners_are_viewed_before_their_set_up
   Patch: petsc/pc_mpi_prefix.patch */
static PetscErrorCode PetscRsPCCheckPrefix(PC pc)
{
#if PETSC_VERSION_GE(3, 19, 0)
  PetscBool      is_mpi = PETSC_FALSE;
  PetscErrorCode ierr   = PetscObjectTypeCompare((PetscObject)pc, PCMPI, &is_mpi);

  if (ierr || !is_mpi || ((PetscObject)pc)->prefix) return ierr;
  return PetscRsError("PCSetType", __FILE__, PETSC_ERR_SUP, "the type mpi is reserved for PETSc's internal use");
#else
  (void)pc;
  return (PetscErrorCode)0;
#endif
}
