/* Upstream: SNESSetUp_NGMRES(), SNESNGMRESSelect_Private(), src/snes/impls/ngmres/snesngmres.c
   Releases: 3.18 - 3.20
   Fault: the set-up creates the line search that the selection type needs. If SNESNGMRESSetSelectType() or
     SNESSetFromOptions() changes the selection type afterwards, the line search is NULL and is dereferenced.
   Workaround: after such a change, the set-up of the method is repeated.
   Test: unchecked::the_selection_of_ngmres_changes_after_setup
   Patch: none, mended in 3.21 */
#define PETSC_RS_SNES_SETUP "petsc-rs.snes.setup"

/* First fields of SNES_NGMRES. */
typedef struct {
  PetscInt               size, restarts;
  PetscViewer            monitor;
  PetscInt               period;
  SNESNGMRESRestartType  restart;
  SNESNGMRESSelectType   select;
  Vec                   *histories[2];
  PetscReal             *norms[2];
  PetscScalar           *problem[3];
  SNESLineSearch         search;
} PetscRsNGMRES;

static PetscErrorCode PetscRsSNESCheckSelection(SNES snes)
{
#if PETSC_VERSION_LT(3, 21, 0)
  PetscErrorCode (*setup)(SNES) = NULL;
  const PetscRsNGMRES *ngmres   = (PetscRsNGMRES *)snes->data;
  PetscBool            is_ngmres;
  PetscErrorCode       ierr = PetscObjectTypeCompareAny((PetscObject)snes, &is_ngmres, SNESNGMRES, SNESANDERSON, "");

  if (ierr || !is_ngmres || ngmres->select != SNES_NGMRES_SELECT_LINESEARCH || ngmres->search) return ierr;
  ierr = PetscObjectQueryFunction((PetscObject)snes, PETSC_RS_SNES_SETUP, &setup);
  return ierr || !setup ? ierr : setup(snes);
#else
  (void)snes;
  return (PetscErrorCode)0;
#endif
}
