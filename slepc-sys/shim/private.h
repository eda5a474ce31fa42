/* Private headers, which installations of PETSc and SLEPc include. */
#ifndef PETSC_RS_SLEPC_PRIVATE_H
#define PETSC_RS_SLEPC_PRIVATE_H

#include <petsc/private/kspimpl.h>
#include <petsc/private/vecimpl.h>
#include <slepc/private/bvimpl.h>
#include <slepc/private/dsimpl.h>
#include <slepc/private/epsimpl.h>
#include <slepc/private/fnimpl.h>
#include <slepc/private/nepimpl.h>
#include <slepc/private/pepimpl.h>
#include <slepc/private/rgimpl.h>
#include <slepc/private/stimpl.h>
#include <slepc/private/svdimpl.h>
#include <slepc/private/vecimplslepc.h>

/* The options that a function of a type reads. */
#if PETSC_VERSION_GE(3, 23, 0)
typedef PetscOptionItems Items;
#else
typedef PetscOptionItems *Items;
#endif

#define OK ((PetscErrorCode)0)
#define CALL(...) \
  do { \
    PetscErrorCode ierr_ = __VA_ARGS__; \
    if (ierr_) return ierr_; \
  } while (0)

#endif
