/* Upstream: TSAdjointSetUp(), src/ts/interface/sensitivity/tssen.c; TSAdjointSetUp_RK(), src/ts/impls/explicit/rk/rk.c
   Releases: 3.18 - 3.26
   Fault: the set-up checks that there is a matrix for gradients with respect to parameters, but not that it is the
     matrix that the method fills. Only TSSetUp() makes the implicit and the explicit parameter derivatives share one
     matrix; NULL is dereferenced.
   Workaround: before each adjoint integration, both derivatives get the same matrix; a missing matrix is an error.
   Test: unchecked::the_way_back_needs_derivatives
   Patch: petsc/ts_jacobian_p.patch */
/* Whether the matrix exists that the adjoint step of the method fills for gradients with respect to parameters. */
PetscErrorCode PetscRsTSHasJacobianP(TS ts, PetscBool *flag)
{
  PetscBool      is_rk = PETSC_FALSE;
  PetscErrorCode ierr  = PetscObjectTypeCompare((PetscObject)ts, TSRK, &is_rk);

  if (!ierr && !ts->Jacp && ts->Jacprhs) {
    ierr     = PetscObjectReference((PetscObject)ts->Jacprhs);
    ts->Jacp = ts->Jacprhs;
  }
  *flag = (is_rk ? ts->Jacprhs : ts->Jacp) ? PETSC_TRUE : PETSC_FALSE;
  return ierr;
}
