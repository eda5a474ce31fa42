/* Upstream: SNESSetUp_NASM(), SNESNASMSolveLocal_Private(), src/snes/impls/nasm/nasm.c
   Releases: 3.18 - 3.26
   Fault: after SNESSetDM(), and for a solution of another size, the scatters to the subdomains of the previous DM are
     used; reads and writes are out of bounds.
   Workaround: the set-up stores the identity of the DM. Another DM is an error, and so is a solution with another
     layout.
   Test: unchecked::subdomains_of_a_nonlinear_schwarz_method_are_those_of_its_dm
   Patch: petsc/snes_nasm_dm.patch */
#define PETSC_RS_SNES_SUBDOMAINS "petsc-rs.snes.subdomains"

static PetscErrorCode PetscRsSNESNoteGrid(SNES snes)
{
  PetscBool      is_nasm = PETSC_FALSE;
  PetscObjectId *id      = NULL;
  DM             dm;
  PetscErrorCode ierr = PetscObjectTypeCompare((PetscObject)snes, SNESNASM, &is_nasm);

  if (ierr || !is_nasm) return ierr;
  ierr = SNESGetDM(snes, &dm);
  if (!ierr) ierr = PetscNew(&id);
  if (!ierr) ierr = PetscObjectGetId((PetscObject)dm, id);
  return ierr ? ierr : PetscRsKeep((PetscObject)snes, PETSC_RS_SNES_SUBDOMAINS, id, PetscRsKeptFree);
}

static PetscErrorCode PetscRsSNESCheckGrid(SNES snes)
{
  PetscBool      is_nasm = PETSC_FALSE, is_shell = PETSC_FALSE;
  PetscContainer container = NULL;
  PetscObjectId *before    = NULL, now = 0;
  DM             dm;
  PetscErrorCode ierr = PetscObjectTypeCompare((PetscObject)snes, SNESNASM, &is_nasm);

  if (ierr || !is_nasm) return ierr;
  ierr = PetscObjectQuery((PetscObject)snes, PETSC_RS_SNES_SUBDOMAINS, (PetscObject *)&container);
  if (!ierr && container) ierr = PetscContainerGetPointer(container, (void **)&before);
  if (!ierr) ierr = SNESGetDM(snes, &dm);
  if (!ierr) ierr = PetscObjectGetId((PetscObject)dm, &now);
  if (!ierr && before && *before != now) return PetscRsError("SNESSolve", __FILE__, PETSC_ERR_ARG_WRONGSTATE, "the solver was set up with another DM: reset it first");
  if (!ierr) ierr = PetscObjectTypeCompare((PetscObject)dm, DMSHELL, &is_shell);
  return ierr || is_shell ? ierr : PetscRsSNESCheckDM(snes, dm);
}
