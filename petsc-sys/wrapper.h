/* What bindgen reads. */
#include <petsc.h>
#include "shim/petsc_shim.h"

/* Exported by the library since 3.18, but in no installed header of that release. */
PETSC_EXTERN PetscErrorCode PetscObjectDelayedDestroy(PetscObject *);
PETSC_EXTERN PetscErrorCode PetscGarbageCleanup(MPI_Comm);
