/* Upstream: TSReset(), src/ts/interface/ts.c
   Releases: 3.18 - 3.26
   Fault: the reset destroys the matrices and keeps the functions that fill them; these functions are called with NULL.
   Workaround: a reset keeps the matrices.
   Test: ts::state::reset_keeps_what_was_set
   Patch: none, TSReset() is documented to remove all matrices */
/* TSReset() that keeps the matrices. */
PetscErrorCode PetscRsTSReset(TS ts)
{
  SNES           snes;
  Mat            mats[6] = {NULL, NULL, NULL, NULL, NULL, NULL};
  PetscErrorCode ierr;

  ierr = TSGetSNES(ts, &snes);
  if (ierr) return ierr;
  ierr = SNESGetJacobian(snes, &mats[0], &mats[1], NULL, NULL);
  if (ierr) return ierr;
  mats[2] = ts->Arhs;
  mats[3] = ts->Brhs;
  mats[4] = ts->Jacprhs;
  mats[5] = ts->Jacp;
  for (int i = 0; i < 6; i++) {
    if (mats[i]) ierr = PetscObjectReference((PetscObject)mats[i]);
    if (ierr) return ierr;
  }
  ierr = PetscRsTSResetMethod(ts);
  if (ierr) return ierr;
  if (mats[0] || mats[1]) ierr = SNESSetJacobian(snes, mats[0], mats[1], NULL, NULL);
  if (ierr) return ierr;
  ts->Arhs = mats[2];
  ts->Brhs = mats[3];
  ts->Jacprhs = mats[4];
  ts->Jacp    = mats[5];
  ierr = MatDestroy(&mats[0]);
  if (ierr) return ierr;
  return MatDestroy(&mats[1]);
}
