/* Upstream: DMSetVI(), SNESSolve_VINEWTONRSLS(), src/snes/impls/vi/rs/virs.c
   Releases: 3.18 - 3.26
   Fault: after an error, the DM keeps the functions of the reduced space. If the error occurred in DMSetVI(), the data
     of these functions have no DM, and the destruction of the DM dereferences NULL.
   Workaround: after an error, the missing pointer to the DM is set in the data, and the data are destroyed.
   Test: unchecked::an_inequality_that_failed_leaves_its_dm
   Patch: petsc/snes_vi_dm.patch */
/* DM_SNESVI, from 3.18 to 3.26. */
typedef struct {
  PetscInt n;
  IS       inactive;
  PetscErrorCode (*interpolate)(DM, DM, Mat *, Vec *);
  PetscErrorCode (*coarsen)(DM, MPI_Comm, DM *);
  PetscErrorCode (*global)(DM, Vec *);
  PetscErrorCode (*inject)(DM, DM, Mat *);
  PetscErrorCode (*injects)(DM, PetscBool *);
  DM dm;
} PetscRsReduced;

static PetscErrorCode PetscRsSNESForgetInactive(SNES snes)
{
  PetscContainer  container = NULL;
  PetscRsReduced *reduced;
  PetscErrorCode  ierr;

  if (!snes->dm) return (PetscErrorCode)0;
  ierr = PetscObjectQuery((PetscObject)snes->dm, "VI", (PetscObject *)&container);
  if (ierr || !container) return ierr;
  ierr = PetscContainerGetPointer(container, (void **)&reduced);
  if (ierr) return ierr;
  if (!reduced->dm) reduced->dm = snes->dm;
  return DMDestroyVI(snes->dm);
}
