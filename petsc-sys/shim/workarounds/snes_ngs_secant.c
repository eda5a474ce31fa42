/* Upstream: SNESComputeNGSDefaultSecant(), src/snes/impls/gs/gssecant.c
   Releases: 3.18 - 3.26
   Fault: the function SNESComputeNGSDefaultSecant() remains on the DM. It treats the data of any solver as those of
     SNESNGS, calls the function of the solver, which may be NULL, and changes entries with a coloring of another size;
     writes are out of bounds.
   Workaround: it is replaced by a function that checks the type, the function and the size, and renews the coloring.
   Test: unchecked::sweeps_of_another_type_of_solver
   Patch: petsc/snes_ngs_secant.patch */
PETSC_EXTERN PetscErrorCode SNESComputeNGSDefaultSecant(SNES, Vec, Vec, void *);

/* What the colors of SNESNGS were made for. */
typedef struct {
  PetscInt      n;
  PetscObjectId dm, jacobian;
} PetscRsColored;

#define PETSC_RS_SNES_COLORED "petsc-rs.snes.colored"

/* Colors stay when the DM, the matrix or the number of unknowns changes. */
static PetscErrorCode PetscRsSNESRenewColors(SNES snes, DM dm)
{
  PetscContainer  container = NULL;
  PetscRsColored *before = NULL, now = {0, 0, 0};
  PetscErrorCode  ierr = VecGetLocalSize(snes->vec_sol, &now.n);

  if (!ierr) ierr = PetscObjectGetId((PetscObject)dm, &now.dm);
  if (!ierr && snes->jacobian) ierr = PetscObjectGetId((PetscObject)snes->jacobian, &now.jacobian);
  if (!ierr) ierr = PetscObjectQuery((PetscObject)snes, PETSC_RS_SNES_COLORED, (PetscObject *)&container);
  if (!ierr && container) ierr = PetscContainerGetPointer(container, (void **)&before);
  if (ierr || (before && before->n == now.n && before->dm == now.dm && before->jacobian == now.jacobian)) return ierr;
  if (snes->ops->reset) ierr = snes->ops->reset(snes);
  if (!ierr) ierr = PetscNew(&before);
  if (ierr) return ierr;
  *before = now;
  return PetscRsKeep((PetscObject)snes, PETSC_RS_SNES_COLORED, before, PetscRsKeptFree);
}

static PetscErrorCode PetscRsSNESSecant(SNES snes, Vec x, Vec b, void *ctx)
{
  PetscBool      is_ngs, has_colors = PETSC_FALSE;
  PetscInt       n, m;
  DM             dm;
  DMSNES         functions;
  PetscErrorCode ierr = PetscObjectTypeCompare((PetscObject)snes, SNESNGS, &is_ngs);

  if (!ierr) ierr = SNESGetDM(snes, &dm);
  if (!ierr) ierr = DMGetDMSNES(dm, &functions);
  if (ierr) return ierr;
  if (!is_ngs) return PetscRsError("SNESComputeNGS", __FILE__, PETSC_ERR_ARG_WRONG, "the sweeps on the DM are those of a solver of type ngs");
  if (!functions->ops->computefunction) return PetscRsError("SNESComputeNGS", __FILE__, PETSC_ERR_ORDER, "the solver has no function: SNESSetFunction");
  if (!snes->vec_sol) return PetscRsError("SNESComputeNGS", __FILE__, PETSC_ERR_ORDER, "the solver has no solution yet");
  ierr = VecGetLocalSize(snes->vec_sol, &n);
  if (!ierr) ierr = VecGetLocalSize(x, &m);
  if (ierr) return ierr;
  if (m != n) return PetscRsError("SNESComputeNGS", __FILE__, PETSC_ERR_ARG_SIZ, "the vector does not fit the solution");
  ierr = PetscRsSNESCheckSizes(snes);
  if (!ierr) ierr = DMHasColoring(dm, &has_colors);
  if (!ierr && has_colors) ierr = PetscRsSNESCheckDM(snes, dm);
  if (!ierr) ierr = PetscRsSNESRenewColors(snes, dm);
  return ierr ? ierr : SNESComputeNGSDefaultSecant(snes, x, b, ctx);
}

static PetscErrorCode PetscRsSNESGuardSecant(SNES snes)
{
  DMSNES         functions;
  PetscErrorCode ierr = PetscRsSNESFunctions(snes, &functions);

  if (ierr || functions->ops->computegs != SNESComputeNGSDefaultSecant) return ierr;
  return SNESSetNGS(snes, PetscRsSNESSecant, functions->gsctx);
}
