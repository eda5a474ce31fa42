/* What bindgen reads. */
#include <petsc.h>
#include "shim/petsc_shim.h"

/* Exported by the library, but declared in private headers only (of 3.18 at least). */
PETSC_EXTERN PetscErrorCode PetscObjectDelayedDestroy(PetscObject *);
PETSC_EXTERN PetscErrorCode PetscGarbageCleanup(MPI_Comm);
PETSC_EXTERN PetscErrorCode PetscObjectStateGet(PetscObject, PetscObjectState *);
PETSC_EXTERN PetscErrorCode PetscObjectStateSet(PetscObject, PetscObjectState);
