/* Upstream: SNESSetUpMatrices(), SNESDestroy(), src/snes/interface/snes.c
   Releases: 3.18 - 3.26
   Fault: the DM of the linear solver stores KSPComputeOperators_SNES() together with the nonlinear solver, without a
     reference. Another KSP with this DM calls this function with a destroyed solver, or with a solver that has no
     solution.
   Workaround: KSPComputeOperators_SNES() is replaced by a function that looks for the solver in a list and returns an
     error if it is not found.
   Test: unchecked::operators_of_a_nonlinear_solver_need_it
   Patch: petsc/snes_dm_operators.patch */
typedef struct PetscRsOperators {
  SNES                     snes;
  int                      solves;
  struct PetscRsOperators *next;
} PetscRsOperators;

#define PETSC_RS_SNES_OPERATORS "petsc-rs.snes.operators"

static PetscRsOperators *PetscRsSolvers = NULL;
static PetscErrorCode (*PetscRsOperatorsOfSNES)(KSP, Mat, Mat, void *);

static PetscErrorCode PetscRsOperatorsDrop(void *ctx)
{
  PetscRsOperators *own = (PetscRsOperators *)PetscRsKept(ctx), **place = &PetscRsSolvers;

  while (*place && *place != own) place = &(*place)->next;
  if (*place) *place = own->next;
  return PetscFree(own);
}

static PetscRsOperators *PetscRsOperatorsFind(void *snes)
{
  PetscRsOperators *found = PetscRsSolvers;

  while (found && (void *)found->snes != snes) found = found->next;
  return found;
}

static PetscErrorCode PetscRsComputeOperators(KSP ksp, Mat a, Mat p, void *ctx)
{
  const PetscRsOperators *found = PetscRsOperatorsFind(ctx);
  const char             *text  = NULL;
  SNES                    snes  = (SNES)ctx;
  DM                      dm, own;
  DMSNES                  functions, others;
  PetscErrorCode          ierr;

  if (!found || !snes->dm || !snes->vec_sol) return PetscRsError("KSPSetUp", __FILE__, PETSC_ERR_ORDER, "the nonlinear solver that computes the operators on this DM is gone, or has no solution");
  dm   = snes->dm;
  ierr = DMGetDMSNES(dm, &functions);
  if (!ierr) ierr = KSPGetDM(ksp, &own);
  if (!ierr) ierr = DMGetDMSNES(own, &others);
  if (ierr) return ierr;
  if (!others->ops->computejacobian) others = functions;
  if (!others->ops->computejacobian) text = "the nonlinear solver that computes the operators on this DM has no Jacobian: SNESSetJacobian";
  if (others->ops->computejacobian == SNESTSFormJacobian && !found->solves) text = "the operators on this DM are those of an integrator, which does not run";
  if (text) return PetscRsError("KSPSetUp", __FILE__, PETSC_ERR_ORDER, text);
  ierr     = PetscRsOperatorsOfSNES(ksp, a, p, ctx);
  snes->dm = dm; /* which an error does not put back */
  return ierr;
}

static PetscErrorCode PetscRsSNESGuardOperators(SNES snes)
{
  PetscErrorCode (*function)(KSP, Mat, Mat, void *) = NULL;
  PetscRsOperators *own = NULL;
  void             *ctx = NULL;
  DM                dm;
  PetscErrorCode    ierr;

  if (!snes->ksp) return (PetscErrorCode)0;
  ierr = KSPGetDM(snes->ksp, &dm);
  if (!ierr) ierr = DMKSPGetComputeOperators(dm, &function, &ctx);
  if (ierr || !function || ctx != (void *)snes || function == PetscRsComputeOperators) return ierr;
  if (!PetscRsOperatorsFind(snes)) {
    ierr = PetscNew(&own);
    if (ierr) return ierr;
    own->snes      = snes;
    own->next      = PetscRsSolvers;
    PetscRsSolvers = own;
    ierr           = PetscRsKeep((PetscObject)snes, PETSC_RS_SNES_OPERATORS, own, PetscRsOperatorsDrop);
  }
  PetscRsOperatorsOfSNES = function;
  return ierr ? ierr : DMKSPSetComputeOperators(dm, PetscRsComputeOperators, snes);
}
