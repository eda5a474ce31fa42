/* Upstream: MatMultASPIN(), src/snes/impls/nasm/aspin.c
   Releases: 3.18 - 3.26
   Fault: the product uses the Jacobians of the subdomains, which exist only after a step; NULL is dereferenced.
   Workaround: the product returns an error if these Jacobians do not exist.
   Test: unchecked::the_jacobian_of_aspin_needs_a_solve
   Patch: petsc/snes_aspin_mult.patch */
#define PETSC_RS_ASPIN_MULT "petsc-rs.aspin.mult"

static PetscErrorCode PetscRsASPINMult(Mat matrix, Vec x, Vec y)
{
  PetscErrorCode (*mult)(Mat, Vec, Vec) = NULL;
  SNES           snes = NULL, *parts = NULL;
  PetscInt       i, n = 0;
  PetscBool      ready;
  PetscErrorCode ierr = PetscObjectQueryFunction((PetscObject)matrix, PETSC_RS_ASPIN_MULT, &mult);

  if (!ierr) ierr = MatShellGetContext(matrix, &snes);
  if (ierr) return ierr;
  ready = mult && snes && snes->npc && snes->npc->jacobian_pre ? PETSC_TRUE : PETSC_FALSE;
  if (ready) ierr = PetscObjectTypeCompare((PetscObject)snes->npc, SNESNASM, &ready);
  if (!ierr && ready) ierr = SNESNASMGetSubdomains(snes->npc, &n, &parts, NULL, NULL, NULL);
  if (ierr) return ierr;
  if (!parts) ready = PETSC_FALSE;
  for (i = 0; ready && i < n; i++) ready = parts[i] && parts[i]->jacobian && parts[i]->jacobian_pre ? PETSC_TRUE : PETSC_FALSE;
  if (!ready) return PetscRsError("MatMult", __FILE__, PETSC_ERR_ORDER, "the Jacobian of a solver of type aspin exists only after a step of SNESSolve");
  return mult(matrix, x, y);
}

static PetscErrorCode PetscRsASPINGuard(SNES snes)
{
  void (*mult)(void)  = NULL;
  PetscErrorCode ierr = MatShellGetOperation(snes->jacobian, MATOP_MULT, &mult);

  if (!ierr) ierr = PetscObjectComposeFunction((PetscObject)snes->jacobian, PETSC_RS_ASPIN_MULT, mult);
  if (!ierr) ierr = MatShellSetOperation(snes->jacobian, MATOP_MULT, (void (*)(void))PetscRsASPINMult);
  return ierr;
}
