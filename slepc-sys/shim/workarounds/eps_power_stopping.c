/* Restores the stopping test: that of power iteration would otherwise stay set with the next method, and read its
   data. */
static PetscErrorCode (*power_stopping)(EPS, PetscInt, PetscInt, PetscInt, PetscInt, EPSConvergedReason *, void *);

static PetscErrorCode PowerDestroy(EPS eps)
{
  if (eps->stopping == power_stopping) CALL(EPSSetStoppingTest(eps, EPS_STOP_BASIC));
  return power.destroy(eps);
}

static PetscErrorCode PowerCreate(EPS eps)
{
  CALL(power.create(eps));
  power.destroy      = eps->ops->destroy;
  power_stopping     = eps->stopping;
  eps->ops->destroy  = PowerDestroy;
  return OK;
}
