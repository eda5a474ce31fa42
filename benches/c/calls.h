/* What callbacks cost, by PETSc's own log: `<program> <n> times` prints a line
   `call <event> <count> <seconds in all>` for each event that is asked for. */
#include <petscsys.h>
#include <string.h>

static PetscBool calls_on = PETSC_FALSE;

static inline PetscErrorCode calls_begin(int argc, char **argv)
{
  PetscFunctionBeginUser;
  calls_on = argc > 2 && !strcmp(argv[2], "times") ? PETSC_TRUE : PETSC_FALSE;
  if (calls_on) PetscCall(PetscLogDefaultBegin());
  PetscFunctionReturn(0);
}

/* How often to call what would be called too seldom, or with cold memory only; 0 if nobody asked for times. */
static inline int calls_repeats(void)
{
  return calls_on ? 20 : 0;
}

static inline PetscErrorCode calls_print(const char *event)
{
  PetscLogEvent      id;
  PetscEventPerfInfo info;

  PetscFunctionBeginUser;
  if (!calls_on) PetscFunctionReturn(0);
  PetscCall(PetscLogEventGetId(event, &id));
  PetscCall(PetscLogEventGetPerfInfo(PETSC_DETERMINE, id, &info));
  PetscCall(PetscPrintf(PETSC_COMM_WORLD, "call %s %d %.9e\n", event, info.count, info.time));
  PetscFunctionReturn(0);
}
