/* Upstream: PCCreate_MPI(), PCSetUp_MPI(), src/ksp/pc/impls/mpi/pcmpi.c
   Releases: 3.18 - 3.26
   Fault: since 3.20, the options prefix is searched for a name without a check that there is a prefix; NULL is
     dereferenced. If the linear solver server does not run, PCSetUp_MPI() returns an error on all processes except the
     first one, which waits for the others.
   Workaround: the type is refused if there is no prefix (since 3.19), and if PETSC_COMM_WORLD has several processes,
     which means that the server does not run.
   Test: unchecked::preconditioners_are_viewed_before_their_set_up, unchecked::the_solver_server_has_to_run
   Patch: petsc/pc_mpi_prefix.patch */
static PetscErrorCode PetscRsPCCheckPrefix(PC pc)
{
  PetscMPIInt    size   = 1;
  PetscBool      is_mpi = PETSC_FALSE;
  PetscErrorCode ierr   = PetscObjectTypeCompare((PetscObject)pc, PCMPI, &is_mpi);

  if (ierr || !is_mpi) return ierr;
  if (MPI_Comm_size(PETSC_COMM_WORLD, &size) || size > 1) return PetscRsError("PCSetType", __FILE__, PETSC_ERR_SUP, "the type mpi needs the linear solver server: start the program with -mpi_linear_solver_server");
#if PETSC_VERSION_GE(3, 19, 0)
  if (!((PetscObject)pc)->prefix) return PetscRsError("PCSetType", __FILE__, PETSC_ERR_SUP, "the type mpi is reserved for PETSc's internal use");
#endif
  return (PetscErrorCode)0;
}
