/* Upstream: XXT_factor(), XYT_factor(), XXT_free(), XYT_free(), src/ksp/pc/impls/tfs/xxt.c and xyt.c
   Releases: 3.18 - 3.26
   Fault: if a factorization has failed, for example at a zero pivot, PCDestroy() frees uninitialized pointers of the
     factorization.
   Workaround: a failed factorization is not freed.
   Test: unchecked::tfs_is_destroyed_after_a_set_up_that_failed
   Patch: petsc/pc_tfs_failed.patch */
/* The first two fields of PC_TFS, from 3.18 to 3.26, are the factorizations. */
static PetscErrorCode PetscRsTFSForget(PC pc, PetscErrorCode error)
{
  PetscBool      is_tfs = PETSC_FALSE;
  PetscErrorCode ierr;

  if (!error) return error;
  ierr = PetscObjectTypeCompare((PetscObject)pc, PCTFS, &is_tfs);
  if (!ierr && is_tfs && pc->data) ((void **)pc->data)[0] = ((void **)pc->data)[1] = NULL;
  return error;
}
