/* PETSc's private headers, which an installation of PETSc includes: types and functions that are needed to check what PETSc
   does not check, and to get around faults of it. */
#ifndef PETSC_RS_PRIVATE_H
#define PETSC_RS_PRIVATE_H

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-parameter"
#include <petsc/private/vecimpl.h>
#include <petsc/private/isimpl.h>
#include <petsc/private/matimpl.h>
#include <petsc/private/dmimpl.h>
#include <petsc/private/dmdaimpl.h>
#include <petsc/private/pcimpl.h>
#include <petsc/private/pcmgimpl.h>
#include <petsc/private/kspimpl.h>
#include <petsc/private/snesimpl.h>
#include <petsc/private/tsimpl.h>
#include <petsc/private/taoimpl.h>
#include <petsc/private/taolinesearchimpl.h>
#pragma GCC diagnostic pop

/* The options that a function of a type reads. */
#if PETSC_VERSION_GE(3, 23, 0)
  #define PETSC_RS_ITEMS PetscOptionItems
#else
  #define PETSC_RS_ITEMS PetscOptionItems *
#endif

#endif
