/* Upstream: gsi_check_args(), src/ksp/pc/impls/tfs/gs.c, called by PCSetUp_TFS()
   Releases: 3.18 - 3.26
   Fault: the processes are aborted if one of them has no rows.
   Workaround: PCSetUp() returns an error.
   Test: unchecked::tfs_needs_rows_on_each_rank
   Patch: petsc/pc_tfs_empty.patch */
static PetscErrorCode PetscRsTFSCheck(PC pc)
{
  const PetscInt *ranges = NULL;
  PetscMPIInt     size   = 0;
  PetscBool       is_tfs;
  PetscErrorCode  ierr = PetscObjectTypeCompare((PetscObject)pc, PCTFS, &is_tfs);

  if (ierr || !is_tfs || !pc->pmat) return ierr;
  ierr = MatGetOwnershipRanges(pc->pmat, &ranges);
  if (!ierr && MPI_Comm_size(PetscObjectComm((PetscObject)pc->pmat), &size)) ierr = PETSC_ERR_MPI;
  for (PetscMPIInt i = 0; !ierr && i < size; i++) {
    if (ranges[i] == ranges[i + 1]) return PetscRsError("PCSetUp", __FILE__, PETSC_ERR_ARG_SIZ, "tfs requires rows of the matrix on each process");
  }
  return ierr;
}
