#include "slepc_shim.h"

#if defined(__has_include)
  #if __has_include(<slepc/private/epsimpl.h>)
    #include <slepc/private/epsimpl.h>
    #define PETSC_RS_EPSIMPL
  #endif
#endif

#define OK ((PetscErrorCode)0)
#define CALL(...) \
  do { \
    PetscErrorCode ierr_ = __VA_ARGS__; \
    if (ierr_) return ierr_; \
  } while (0)

void PetscRsSlepcVersion(int *major, int *minor, int *subminor)
{
  *major    = SLEPC_VERSION_MAJOR;
  *minor    = SLEPC_VERSION_MINOR;
  *subminor = SLEPC_VERSION_SUBMINOR;
}

PetscErrorCode PetscRsEPSSetTarget(EPS eps, const PetscScalar *target) { return EPSSetTarget(eps, *target); }
PetscErrorCode PetscRsSTSetShift(ST st, const PetscScalar *shift) { return STSetShift(st, *shift); }
PetscErrorCode PetscRsSTSetDefaultShift(ST st, const PetscScalar *shift) { return STSetDefaultShift(st, *shift); }
PetscErrorCode PetscRsSTCayleySetAntishift(ST st, const PetscScalar *nu) { return STCayleySetAntishift(st, *nu); }

/* A callback's function and context. */
typedef struct {
  void (*function)(void);
  void          *ctx;
  PetscRsDestroy destroy;
} Hook;

static PetscErrorCode HookFree(Hook *hook)
{
  if (!hook) return OK;
  if (hook->destroy) CALL(hook->destroy(&hook->ctx));
  return PetscFree(hook);
}

/* From 3.23 on, destructors get the address of the context. */
#if PETSC_VERSION_GE(3, 23, 0)
static PetscErrorCode HookDestroy(void **hook)
{
  Hook *h = *(Hook **)hook;
  *hook   = NULL;
  return HookFree(h);
}
#else
static PetscErrorCode HookDestroy(void *hook) { return HookFree((Hook *)hook); }
#endif

static PetscErrorCode HookCreate(void (*function)(void), void *ctx, PetscRsDestroy destroy, Hook **hook)
{
  CALL(PetscNew(hook));
  (*hook)->function = function;
  (*hook)->ctx      = ctx;
  (*hook)->destroy  = destroy;
  return OK;
}

/* Lets the hook live as long as the object, or until another is composed under the name. */
static PetscErrorCode HookCompose(PetscObject object, const char *name, Hook *hook)
{
  PetscContainer container;

  CALL(PetscContainerCreate(PETSC_COMM_SELF, &container));
  CALL(PetscContainerSetPointer(container, hook));
#if PETSC_VERSION_GE(3, 23, 0)
  CALL(PetscContainerSetCtxDestroy(container, (PetscCtxDestroyFn *)HookDestroy));
#else
  CALL(PetscContainerSetUserDestroy(container, HookDestroy));
#endif
  CALL(PetscObjectCompose(object, name, (PetscObject)container));
  return PetscContainerDestroy(&container);
}

static PetscErrorCode Convergence(EPS eps, PetscScalar re, PetscScalar im, PetscReal residual, PetscReal *estimate, void *ctx)
{
  Hook *hook = (Hook *)ctx;
  return ((PetscRsEPSConvergence)hook->function)(eps, &re, &im, residual, estimate, hook->ctx);
}

PetscErrorCode PetscRsEPSSetConvergenceTestFunction(EPS eps, PetscRsEPSConvergence f, void *ctx, PetscRsDestroy destroy)
{
  Hook *hook;
  CALL(HookCreate((void (*)(void))f, ctx, destroy, &hook));
  CALL(EPSSetConvergenceTestFunction(eps, Convergence, hook, NULL));
  return HookCompose((PetscObject)eps, "petsc-rs.eps.convergence", hook);
}

static PetscErrorCode Selection(PetscScalar re, PetscScalar im, Vec xr, Vec xi, PetscScalar *rr, PetscScalar *ri, void *ctx)
{
  Hook *hook = (Hook *)ctx;
  return ((PetscRsEPSSelection)hook->function)(&re, &im, xr, xi, rr, ri, hook->ctx);
}

PetscErrorCode PetscRsEPSSetArbitrarySelection(EPS eps, PetscRsEPSSelection f, void *ctx, PetscRsDestroy destroy)
{
  Hook *hook;
  CALL(HookCreate((void (*)(void))f, ctx, destroy, &hook));
  CALL(EPSSetArbitrarySelection(eps, Selection, hook));
  return HookCompose((PetscObject)eps, "petsc-rs.eps.selection", hook);
}

static PetscErrorCode Comparison(PetscScalar ar, PetscScalar ai, PetscScalar br, PetscScalar bi, PetscInt *result, void *ctx)
{
  Hook *hook = (Hook *)ctx;
  return ((PetscRsEPSComparison)hook->function)(&ar, &ai, &br, &bi, result, hook->ctx);
}

PetscErrorCode PetscRsEPSSetEigenvalueComparison(EPS eps, PetscRsEPSComparison f, void *ctx, PetscRsDestroy destroy)
{
  Hook *hook;
  CALL(HookCreate((void (*)(void))f, ctx, destroy, &hook));
  CALL(EPSSetEigenvalueComparison(eps, Comparison, hook));
  return HookCompose((PetscObject)eps, "petsc-rs.eps.comparison", hook);
}

PetscErrorCode PetscRsEPSIsSolved(EPS eps, PetscBool *flag)
{
#if defined(PETSC_RS_EPSIMPL)
  *flag = eps->state >= EPS_STATE_SOLVED ? PETSC_TRUE : PETSC_FALSE;
#else
  EPSConvergedReason reason;
  CALL(EPSGetConvergedReason(eps, &reason));
  *flag = reason ? PETSC_TRUE : PETSC_FALSE;
#endif
  return OK;
}

/* An error in the middle of a solve (of a callback, say) leaves matrices of the dense solver lent out, and destroying it
   would fail from then on. One more reference, which nobody gives back, keeps it from being destroyed: a few small
   dense matrices for each solve that failed. A set-up lends none of them. Not collective. */
#define FAILED "petsc-rs.eps.failed"

PetscErrorCode PetscRsEPSFailed(EPS eps, PetscBool solving)
{
  DS        ds;
  PetscBool failed;

  CALL(PetscRsEPSHasFailed(eps, &failed));
  if (failed) return OK;
#if defined(PETSC_RS_EPSIMPL)
  if (!eps->ds) return OK;
#endif
  CALL(EPSGetDS(eps, &ds));
  if (solving) CALL(PetscObjectReference((PetscObject)ds));
  return PetscObjectCompose((PetscObject)eps, FAILED, (PetscObject)ds);
}

PetscErrorCode PetscRsEPSHasFailed(EPS eps, PetscBool *failed)
{
  PetscObject ds = NULL;
  CALL(PetscObjectQuery((PetscObject)eps, FAILED, &ds));
  *failed = ds ? PETSC_TRUE : PETSC_FALSE;
  return OK;
}

/* A new dense solver for one that has failed. Collective. */
PetscErrorCode PetscRsEPSRenew(EPS eps)
{
  PetscObject old = NULL;
  DS          ds;

  CALL(PetscObjectQuery((PetscObject)eps, FAILED, &old));
  if (!old) return OK;
  CALL(DSDuplicate((DS)old, &ds));
  CALL(EPSSetDS(eps, ds));
  CALL(DSDestroy(&ds));
  return PetscObjectCompose((PetscObject)eps, FAILED, NULL);
}

PetscErrorCode PetscRsSlepcFree(void *memory) { return PetscFree(memory); }
