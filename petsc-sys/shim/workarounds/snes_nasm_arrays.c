/* Upstream: SNESSetUp_NASM(), SNESReset_NASM(), SNESView_NASM(), src/snes/impls/nasm/nasm.c;
     DMCreateDomainDecompositionScatters_DA(), src/dm/impls/da/dadd.c
   Releases: 3.18 - 3.26
   Fault: if the set-up of a subdomain fails, the solvers and scatters of the following subdomains are not initialized, and
     SNESReset() and SNESView() use them. After SNESReset(), SNESView() with ASCII_INFO_DETAIL dereferences NULL.
   Workaround: the memory that the set-up allocates is initialized to zero, and a failed set-up is followed by a reset.
     After a reset, a view omits the subdomains.
   Test: unchecked::subdomains_of_a_nonlinear_schwarz_method_are_set_up_again
   Patch: petsc/snes_nasm_arrays.patch */
static PetscErrorCode PetscRsSNESSetUpZero(SNES snes, PetscErrorCode (*setup)(SNES))
{
  PetscErrorCode ierr;

  PetscRsZerosBegin();
  ierr = setup(snes);
  PetscRsZerosEnd();
  if (ierr && snes->ops->reset) (void)snes->ops->reset(snes);
  return ierr;
}

static PetscErrorCode PetscRsSNESViewNASM(SNES snes, PetscViewer viewer)
{
  PetscErrorCode (*view)(SNES, PetscViewer) = NULL;
  PetscErrorCode ierr                       = PetscObjectQueryFunction((PetscObject)snes, PETSC_RS_SNES_VIEW, &view);
  PetscInt       n                          = 0;
  SNES          *parts                      = NULL;
  PetscMPIInt    gone, any;

  if (!ierr) ierr = SNESNASMGetSubdomains(snes, &n, &parts, NULL, NULL, NULL);
  if (ierr) return ierr;
  gone = n > 0 && !parts ? 1 : 0;
  if (MPI_Allreduce(&gone, &any, 1, MPI_INT, MPI_MAX, PetscObjectComm((PetscObject)snes))) return PETSC_ERR_MPI;
  return any ? ierr : view(snes, viewer);
}
