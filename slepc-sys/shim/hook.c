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

/* Since 3.23, destructors receive the address of the context. */
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

/* Keeps the hook alive as long as the object, or until another one is composed under the name. */
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

/* Returns a hook composed under a name. */
static PetscErrorCode HookFind(PetscObject object, const char *name, Hook **hook)
{
  PetscObject container = NULL;

  CALL(PetscObjectQuery(object, name, &container));
  if (!container) SETERRQ(PETSC_COMM_SELF, PETSC_ERR_ARG_WRONGSTATE, "no object is composed as %s", name);
  return PetscContainerGetPointer((PetscContainer)container, (void **)hook);
}
