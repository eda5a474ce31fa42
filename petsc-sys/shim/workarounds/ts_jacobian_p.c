/* Whether the matrix exists that the adjoint step of the method fills for gradients with respect to parameters.
   TSSetUp() lets both kinds of derivatives share one, which may be set later. */
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
