/* Upstream: TSForwardReset_RK(), src/ts/impls/explicit/rk/rk.c
   Releases: 3.18 - 3.26
   Fault: if TSRKSetType() replaces the scheme after the set-up of forward sensitivities, their removal destroys as many
     matrices as the new scheme has stages; pointers are read out of bounds.
   Workaround: the scheme cannot change while the work space of forward sensitivities exists.
   Test: ts::tangent::a_scheme_with_sensitivities_is_kept
   Patch: petsc/ts_forward_scheme.patch */
#define PETSC_RS_TS_SCHEME "petsc-rs.ts.scheme"

static PetscErrorCode PetscRsTSRKSetType(TS ts, TSRKType type)
{
  PetscErrorCode (*set)(TS, TSRKType) = NULL;
  PetscErrorCode ierr                 = PetscObjectQueryFunction((PetscObject)ts, PETSC_RS_TS_SCHEME, &set);

  if (ierr || !set) return ierr;
  if (ts->forwardsetupcalled) {
    TSRKType  now  = NULL;
    PetscBool same = PETSC_FALSE;

    ierr = TSRKGetType(ts, &now);
    if (!ierr) ierr = PetscStrcmp(now, type, &same);
    if (ierr || same) return ierr;
    return PetscRsError("TSRKSetType", __FILE__, PETSC_ERR_ARG_WRONGSTATE, "the scheme cannot change while forward sensitivities exist");
  }
  return set(ts, type);
}

static PetscErrorCode PetscRsTSKeepScheme(TS ts)
{
  PetscErrorCode (*set)(TS, TSRKType) = NULL;
  PetscErrorCode ierr                 = PetscObjectQueryFunction((PetscObject)ts, "TSRKSetType_C", &set);

  if (ierr || !set || set == PetscRsTSRKSetType) return ierr;
  ierr = PetscObjectComposeFunction((PetscObject)ts, PETSC_RS_TS_SCHEME, set);
  return ierr ? ierr : PetscObjectComposeFunction((PetscObject)ts, "TSRKSetType_C", PetscRsTSRKSetType);
}
