/* Upstream: PCSetUp(), src/ksp/pc/interface/precon.c
   Releases: 3.18 - 3.26
   Fault: PCSetUp() stores the state of the matrix before it calls the set-up of the type. If the latter fails, the next
     PCSetUp() does nothing, and PCApply() uses an incomplete preconditioner; NULL is dereferenced.
   Workaround: after a failed set-up, a state that no matrix has is stored.
   Test: unchecked::a_set_up_that_failed_is_tried_again
   Patch: petsc/pc_failed_setup.patch */
static PetscErrorCode PetscRsPCForgetState(PC pc, PetscErrorCode ierr)
{
#if defined(MatStateInvalidate)
  if (ierr) (void)MatStateInvalidate(pc->matstate);
#else
  if (ierr) pc->matstate = pc->matnonzerostate = -1;
#endif
  return ierr;
}
