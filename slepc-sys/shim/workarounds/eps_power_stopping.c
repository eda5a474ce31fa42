/* Upstream: EPSCreate_Power(), EPSStopping_Power(), src/eps/impls/power/power.c
   Releases: 3.18 - 3.26
   Fault: the stopping test of power iteration remains after a change of type: private data of another type is read,
   and NULL is dereferenced.
   Workaround: the destructor of the type sets the basic stopping test.
   Test: attacked::another_method_after_power_iteration
   Patch: slepc/eps_power_stopping.patch */
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
