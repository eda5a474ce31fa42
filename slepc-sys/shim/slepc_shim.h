/* What bindgen cannot reach: scalars passed by value, to functions and to callbacks, and the state of solvers. */
#ifndef SLEPC_RS_SHIM_H
#define SLEPC_RS_SHIM_H

#include <slepc.h>

/* The release whose headers were compiled. */
PETSC_EXTERN void PetscRsSlepcVersion(int *major, int *minor, int *subminor);

/* Scalars by pointer. */
PETSC_EXTERN PetscErrorCode PetscRsEPSSetTarget(EPS, const PetscScalar *);
PETSC_EXTERN PetscErrorCode PetscRsSTSetShift(ST, const PetscScalar *);
PETSC_EXTERN PetscErrorCode PetscRsSTSetDefaultShift(ST, const PetscScalar *);
PETSC_EXTERN PetscErrorCode PetscRsSTCayleySetAntishift(ST, const PetscScalar *);

/* Callbacks that get scalars by pointer. The shim keeps function and context, and frees the context by `destroy`. */
typedef PetscErrorCode (*PetscRsDestroy)(void **);
typedef PetscErrorCode (*PetscRsEPSConvergence)(EPS, const PetscScalar *, const PetscScalar *, PetscReal, PetscReal *, void *);
typedef PetscErrorCode (*PetscRsEPSSelection)(const PetscScalar *, const PetscScalar *, Vec, Vec, PetscScalar *, PetscScalar *, void *);
typedef PetscErrorCode (*PetscRsEPSComparison)(const PetscScalar *, const PetscScalar *, const PetscScalar *, const PetscScalar *, PetscInt *, void *);
PETSC_EXTERN PetscErrorCode PetscRsEPSSetConvergenceTestFunction(EPS, PetscRsEPSConvergence, void *, PetscRsDestroy);
PETSC_EXTERN PetscErrorCode PetscRsEPSSetArbitrarySelection(EPS, PetscRsEPSSelection, void *, PetscRsDestroy);
PETSC_EXTERN PetscErrorCode PetscRsEPSSetEigenvalueComparison(EPS, PetscRsEPSComparison, void *, PetscRsDestroy);

/* Whether the last solve ended and nothing was changed since. Without SLEPc's private headers: as far as the reason
   tells. */
PETSC_EXTERN PetscErrorCode PetscRsEPSIsSolved(EPS, PetscBool *);


/* After a solve that failed in the middle: see slepc_shim.c. */
PETSC_EXTERN PetscErrorCode PetscRsEPSFailed(EPS, PetscBool solving);
PETSC_EXTERN PetscErrorCode PetscRsEPSHasFailed(EPS, PetscBool *);
PETSC_EXTERN PetscErrorCode PetscRsEPSRenew(EPS);

/* Arrays that SLEPc allocates for its caller. */
PETSC_EXTERN PetscErrorCode PetscRsSlepcFree(void *);

#endif
