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

/* After an error, SNESVINEWTONRSLS leaves a DM of the inactive unknowns. DMSetVI() sets its DM, which DMDestroyVI() reads,
   only after a call that can fail. */
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
