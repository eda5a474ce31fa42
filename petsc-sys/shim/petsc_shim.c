#define _GNU_SOURCE /* open_memstream */
#include "petsc_shim.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void PetscRsAbiGet(PetscRsAbi *abi)
{
  memset(abi, 0, sizeof(*abi));
  abi->version_major      = PETSC_VERSION_MAJOR;
  abi->version_minor      = PETSC_VERSION_MINOR;
  abi->version_subminor   = PETSC_VERSION_SUBMINOR;
  abi->size_int           = sizeof(PetscInt);
  abi->size_scalar        = sizeof(PetscScalar);
  abi->size_real          = sizeof(PetscReal);
  abi->size_bool          = sizeof(PetscBool);
  abi->size_error_code    = sizeof(PetscErrorCode);
  abi->size_enum          = sizeof(InsertMode);
  abi->size_comm          = sizeof(MPI_Comm);
  abi->norm_infinity      = (int)NORM_INFINITY;
  abi->insert_values      = (int)INSERT_VALUES;
  abi->add_values         = (int)ADD_VALUES;
  abi->final_assembly     = (int)MAT_FINAL_ASSEMBLY;
  abi->ksp_converged_rtol = (int)KSP_CONVERGED_RTOL;
  abi->ksp_diverged_its   = (int)KSP_DIVERGED_ITS;
}

MPI_Comm PetscRsCommSelf(void)
{
  return PETSC_COMM_SELF;
}

MPI_Comm PetscRsCommWorld(void)
{
  return PETSC_COMM_WORLD;
}

/* First line of the version string of the MPI library, which is available before MPI is initialized. */
int PetscRsMpiLibrary(char *text, int capacity)
{
  char full[MPI_MAX_LIBRARY_VERSION_STRING];
  int  length = 0;

  if (MPI_Get_library_version(full, &length) != MPI_SUCCESS || capacity < 1) return -1;
  if (length > capacity - 1) length = capacity - 1;
  memcpy(text, full, (size_t)length);
  text[length] = 0;
  return length;
}

PetscErrorCode PetscRsError(const char *function, const char *file, int code, const char *text)
{
  return PetscError(PETSC_COMM_SELF, 0, function, file, (PetscErrorCode)code, PETSC_ERROR_INITIAL, "%s", text);
}

PetscErrorCode PetscRsMalloc(size_t bytes, void **memory)
{
  return PetscMalloc(bytes, memory);
}

PetscErrorCode PetscRsFree(void *memory)
{
  return PetscFree(memory);
}

PetscErrorCode PetscRsLogEventBegin(PetscLogEvent event, PetscObject object)
{
  return PetscLogEventBegin(event, object, 0, 0, 0);
}

PetscErrorCode PetscRsLogEventEnd(PetscLogEvent event, PetscObject object)
{
  return PetscLogEventEnd(event, object, 0, 0, 0);
}

PetscErrorCode PetscRsLogFlops(PetscLogDouble flops)
{
  return PetscLogFlops(flops);
}

PetscErrorCode PetscRsLogEventSync(PetscLogEvent event, MPI_Comm comm)
{
  return PetscLogEventSync(event, comm);
}

#if PETSC_VERSION_GE(3, 20, 0)
PetscErrorCode PetscRsLogEventCount(int *count)
{
  PetscLogState state;
  PetscInt      n = 0;

  PetscCall(PetscLogGetState(&state));
  if (state) PetscCall(PetscLogStateGetNumEvents(state, &n));
  *count = (int)n;
  return PETSC_SUCCESS;
}

PetscErrorCode PetscRsLogEventName(int event, const char **name)
{
  PetscLogState     state;
  PetscLogEventInfo info;

  PetscCall(PetscLogGetState(&state));
  PetscCall(PetscLogStateEventGetInfo(state, event, &info));
  *name = info.name;
  return PETSC_SUCCESS;
}

PetscErrorCode PetscRsLogStageCount(int *count)
{
  PetscLogState state;
  PetscInt      n = 0;

  PetscCall(PetscLogGetState(&state));
  if (state) PetscCall(PetscLogStateGetNumStages(state, &n));
  *count = (int)n;
  return PETSC_SUCCESS;
}

PetscErrorCode PetscRsLogStageName(int stage, const char **name)
{
  PetscLogState     state;
  PetscLogStageInfo info;

  PetscCall(PetscLogGetState(&state));
  PetscCall(PetscLogStateStageGetInfo(state, stage, &info));
  *name = info.name;
  return PETSC_SUCCESS;
}

PetscErrorCode PetscRsLogStagePerfInfo(int stage, PetscEventPerfInfo *info)
{
  return PetscLogStageGetPerfInfo(stage, info);
}
#else
PetscErrorCode PetscRsLogEventCount(int *count)
{
  PetscStageLog log;

  PetscCall(PetscLogGetStageLog(&log));
  *count = log ? log->eventLog->numEvents : 0;
  return 0;
}

PetscErrorCode PetscRsLogEventName(int event, const char **name)
{
  PetscStageLog log;

  PetscCall(PetscLogGetStageLog(&log));
  *name = log->eventLog->eventInfo[event].name;
  return 0;
}

PetscErrorCode PetscRsLogStageCount(int *count)
{
  PetscStageLog log;

  PetscCall(PetscLogGetStageLog(&log));
  *count = log ? log->numStages : 0;
  return 0;
}

PetscErrorCode PetscRsLogStageName(int stage, const char **name)
{
  PetscStageLog log;

  PetscCall(PetscLogGetStageLog(&log));
  *name = log->stageInfo[stage].name;
  return 0;
}

PetscErrorCode PetscRsLogStagePerfInfo(int stage, PetscEventPerfInfo *info)
{
  PetscStageLog log;

  PetscCall(PetscLogGetStageLog(&log));
  *info = log->stageInfo[stage].perfInfo;
  return 0;
}
#endif

PetscErrorCode PetscRsTime(PetscLogDouble *seconds)
{
  return PetscTime(seconds);
}

void PetscRsSetCommWorld(MPI_Comm comm)
{
  PETSC_COMM_WORLD = comm;
}

PetscErrorCode PetscRsCitationsRegister(const char *text)
{
  return PetscCitationsRegister(text, NULL);
}

struct PetscRsMemory_s {
  char  *text;
  size_t length;
  FILE  *stream;
};

PetscRsMemory *PetscRsMemoryOpen(void)
{
  PetscRsMemory *memory = (PetscRsMemory *)calloc(1, sizeof(*memory));

  if (!memory) return NULL;
  memory->stream = open_memstream(&memory->text, &memory->length);
  if (!memory->stream) {
    free(memory);
    return NULL;
  }
  return memory;
}

/* Returns the output so far; valid until more is printed. */
const char *PetscRsMemoryText(PetscRsMemory *memory, size_t *length)
{
  fflush(memory->stream);
  *length = memory->length;
  return memory->text;
}

void PetscRsMemoryClose(PetscRsMemory *memory)
{
  fclose(memory->stream);
  free(memory->text);
  free(memory);
}

PetscErrorCode PetscRsViewerMemory(MPI_Comm comm, PetscRsMemory *memory, PetscViewer *viewer)
{
  return PetscViewerASCIIOpenWithFILE(comm, memory->stream, viewer);
}

PetscErrorCode PetscRsVecSet(Vec x, const PetscScalar *a) { return VecSet(x, *a); }
PetscErrorCode PetscRsVecScale(Vec x, const PetscScalar *a) { return VecScale(x, *a); }
PetscErrorCode PetscRsVecShift(Vec x, const PetscScalar *a) { return VecShift(x, *a); }
PetscErrorCode PetscRsVecPow(Vec x, const PetscScalar *a) { return VecPow(x, *a); }
PetscErrorCode PetscRsVecAXPY(Vec y, const PetscScalar *a, Vec x) { return VecAXPY(y, *a, x); }
PetscErrorCode PetscRsVecAYPX(Vec y, const PetscScalar *a, Vec x) { return VecAYPX(y, *a, x); }
PetscErrorCode PetscRsVecAXPBY(Vec y, const PetscScalar *a, const PetscScalar *b, Vec x) { return VecAXPBY(y, *a, *b, x); }
PetscErrorCode PetscRsVecAXPBYPCZ(Vec z, const PetscScalar *a, const PetscScalar *b, const PetscScalar *c, Vec x, Vec y) { return VecAXPBYPCZ(z, *a, *b, *c, x, y); }
PetscErrorCode PetscRsVecWAXPY(Vec w, const PetscScalar *a, Vec x, Vec y) { return VecWAXPY(w, *a, x, y); }
PetscErrorCode PetscRsVecStrideScale(Vec x, PetscInt start, const PetscScalar *a) { return VecStrideScale(x, start, *a); }
PetscErrorCode PetscRsVecStrideSet(Vec x, PetscInt start, const PetscScalar *a) { return VecStrideSet(x, start, *a); }
PetscErrorCode PetscRsVecISAXPY(Vec y, IS is, const PetscScalar *a, Vec x) { return VecISAXPY(y, is, *a, x); }
PetscErrorCode PetscRsVecISSet(Vec x, IS is, const PetscScalar *a) { return VecISSet(x, is, *a); }
PetscErrorCode PetscRsMatAXPY(Mat y, const PetscScalar *a, Mat x, MatStructure s)
{
  const PetscErrorCode ierr = MatAXPY(y, *a, x, s);

  return ierr ? ierr : PetscRsMatFindInodes(y);
}

PetscErrorCode PetscRsMatAYPX(Mat y, const PetscScalar *a, Mat x, MatStructure s)
{
  const PetscErrorCode ierr = MatAYPX(y, *a, x, s);

  return ierr ? ierr : PetscRsMatFindInodes(y);
}

PetscErrorCode PetscRsMatScale(Mat m, const PetscScalar *a) { return MatScale(m, *a); }
PetscErrorCode PetscRsMatShift(Mat m, const PetscScalar *a) { return MatShift(m, *a); }
PetscErrorCode PetscRsMatZeroRows(Mat m, PetscInt n, const PetscInt *rows, const PetscScalar *diag, Vec x, Vec b) { return MatZeroRows(m, n, rows, *diag, x, b); }
PetscErrorCode PetscRsMatZeroRowsIS(Mat m, IS rows, const PetscScalar *diag, Vec x, Vec b) { return MatZeroRowsIS(m, rows, *diag, x, b); }
PetscErrorCode PetscRsMatZeroRowsLocal(Mat m, PetscInt n, const PetscInt *rows, const PetscScalar *diag, Vec x, Vec b) { return MatZeroRowsLocal(m, n, rows, *diag, x, b); }
PetscErrorCode PetscRsMatZeroRowsStencil(Mat m, PetscInt n, const MatStencil *rows, const PetscScalar *diag, Vec x, Vec b) { return MatZeroRowsStencil(m, n, rows, *diag, x, b); }
PetscErrorCode PetscRsMatZeroRowsColumns(Mat m, PetscInt n, const PetscInt *rows, const PetscScalar *diag, Vec x, Vec b) { return MatZeroRowsColumns(m, n, rows, *diag, x, b); }
PetscErrorCode PetscRsMatZeroRowsColumnsIS(Mat m, IS rows, const PetscScalar *diag, Vec x, Vec b) { return MatZeroRowsColumnsIS(m, rows, *diag, x, b); }
PetscErrorCode PetscRsMatZeroRowsColumnsLocal(Mat m, PetscInt n, const PetscInt *rows, const PetscScalar *diag, Vec x, Vec b) { return MatZeroRowsColumnsLocal(m, n, rows, *diag, x, b); }
PetscErrorCode PetscRsMatZeroRowsColumnsStencil(Mat m, PetscInt n, const MatStencil *rows, const PetscScalar *diag, Vec x, Vec b) { return MatZeroRowsColumnsStencil(m, n, rows, *diag, x, b); }
PetscErrorCode PetscRsMatCreateConstantDiagonal(MPI_Comm comm, PetscInt m, PetscInt n, PetscInt M, PetscInt N, const PetscScalar *diag, Mat *out) { return MatCreateConstantDiagonal(comm, m, n, M, N, *diag, out); }
PetscErrorCode PetscRsPetscRandomSetInterval(PetscRandom r, const PetscScalar *low, const PetscScalar *high) { return PetscRandomSetInterval(r, *low, *high); }
PetscErrorCode PetscRsPCFieldSplitSetSchurScale(PC pc, const PetscScalar *scale) { return PCFieldSplitSetSchurScale(pc, *scale); }
PetscErrorCode PetscRsPCCompositeSpecialSetAlpha(PC pc, const PetscScalar *alpha) { return PCCompositeSpecialSetAlpha(pc, *alpha); }

#if defined(__has_include)
  #if __has_include(<petsc/private/vecimpl.h>)
    #include <petsc/private/vecimpl.h>
    #define PETSC_RS_VECIMPL
  #endif
#endif

/* Adds a reference. Returns 0 if the object is being destroyed, in which case none is added. */
int PetscRsReference(PetscObject object)
{
#if defined(PETSC_RS_VECIMPL)
  if (object->refct < 1) return 0;
  object->refct++;
  return 1;
#else
  PetscInt count = 0;

  return !PetscObjectGetReference(object, &count) && count > 0 && !PetscObjectReference(object);
#endif
}

/* Removes a reference. Returns 0 if it is the last one, which stays. DMs refer to each other, so DMDestroy()
   counts differently. */
int PetscRsRelease(PetscObject object)
{
#if defined(PETSC_RS_VECIMPL)
  if (object->refct <= 1) return 0;
  if (object->classid == DM_CLASSID) return !PetscObjectDereference(object);
  object->refct--;
  return 1;
#else
  PetscInt count = 0;

  return !PetscObjectGetReference(object, &count) && count > 1 && !PetscObjectDereference(object);
#endif
}

/* Returns the first letter of the type name, 0 if no type is set. */
int PetscRsTypeLetter(PetscObject object)
{
#if defined(PETSC_RS_VECIMPL)
  return object->type_name ? object->type_name[0] : 0;
#else
  const char *name = NULL;

  return !PetscObjectGetType(object, &name) && name ? name[0] : 0;
#endif
}

/* Whether both vectors have the implementation of one type that is not nested: the one that frees their data. 0
   means that the type names must be compared. Each of PETSc's types with separate data frees them with a separate
   function; "shared" and "standard" create vectors of the types "seq" and "mpi". */
int PetscRsVecAlike(Vec x, Vec y)
{
#if defined(PETSC_RS_VECIMPL)
  return x->ops->destroy && x->ops->destroy == y->ops->destroy && x->hdr.type_name && x->hdr.type_name[0] != 'n';
#else
  (void)x;
  (void)y;
  return 0;
#endif
}

#if defined(PETSC_RS_VECIMPL) && !PetscDefined(USE_DEBUG)
  /* Before 3.22, optimized PETSc has no locks. */
  #if PETSC_VERSION_GE(3, 22, 0)
    #define PETSC_RS_LOCKED(x) ((x)->lock)
  #else
    #define PETSC_RS_LOCKED(x) 0
  #endif
#endif

/* Returns the array that VecGetArray() and similar functions get from a vector whose type has no functions for
   that (nested vectors and those of GPUs have), with its number of entries, and adds a reference. 0 means that
   nothing was done: call those functions. */
int PetscRsVecLend(Vec x, int write, PetscInt *n, PetscScalar **data)
{
#if defined(PETSC_RS_LOCKED)
  if (!x->petscnative || x->ops->getarray || x->ops->getarrayread || x->ops->getarraywrite || x->hdr.refct < 1) return 0;
  if (write && PETSC_RS_LOCKED(x)) return 0;
  *n    = x->map->n;
  *data = *(PetscScalar **)x->data;
  if (!*data && *n) return 0;
  x->hdr.refct++;
  return 1;
#else
  (void)x;
  (void)write;
  (void)n;
  (void)data;
  return 0;
#endif
}

/* Does for such a vector what VecRestoreArray() and similar functions do, and removes a reference. 0 means that
   nothing was done. */
int PetscRsVecTakeBack(Vec x, int write)
{
#if defined(PETSC_RS_LOCKED)
  if (!x->petscnative || x->ops->restorearray || x->ops->restorearraywrite || x->hdr.refct <= 1) return 0;
  if (write) x->hdr.state++;
  x->hdr.refct--;
  return 1;
#else
  (void)x;
  (void)write;
  return 0;
#endif
}

#if defined(__has_include)
  #if __has_include(<petsc/private/kspimpl.h>)
    #include <petsc/private/kspimpl.h>
    #define PETSC_RS_KSPIMPL
  #endif
#endif

/* Whether the method has allocated its work space. Without PETSc's private headers, always true. */
PetscErrorCode PetscRsKSPIsSetUp(KSP ksp, PetscBool *flag)
{
#if defined(PETSC_RS_KSPIMPL)
  *flag = ksp->setupstage == KSP_SETUP_NEW ? PETSC_FALSE : PETSC_TRUE;
#else
  (void)ksp;
  *flag = PETSC_TRUE;
#endif
  return (PetscErrorCode)0;
}

#if defined(__has_include)
  #if __has_include(<petsc/private/tsimpl.h>)
    #include <petsc/private/tsimpl.h>
    #define PETSC_RS_TSIMPL
  #endif
#endif

#if defined(__has_include)
  #if __has_include(<petsc/private/snesimpl.h>)
    #include <petsc/private/snesimpl.h>
    #define PETSC_RS_SNESIMPL
  #endif
#endif

#if defined(__has_include)
  #if __has_include(<petsc/private/taoimpl.h>)
    #include <petsc/private/taoimpl.h>
    #define PETSC_RS_TAOIMPL
  #endif
#endif

/* Restores the limits and tolerances of TaoCreate that were not set explicitly. Before 3.26, the defaults of a
   type stay with the next type unless that type sets its own. Without PETSc's private headers, this has no effect. */
PetscErrorCode PetscRsTaoForgetDefaults(Tao tao)
{
#if defined(PETSC_RS_TAOIMPL) && PETSC_VERSION_GE(3, 22, 0)
  PetscObjectParameterSetDefault(tao, max_it, 10000);
  PetscObjectParameterSetDefault(tao, max_funcs, PETSC_UNLIMITED);
  PetscObjectParameterSetDefault(tao, gatol, PetscDefined(USE_REAL_SINGLE) ? 1e-5 : 1e-8);
  PetscObjectParameterSetDefault(tao, grtol, PetscDefined(USE_REAL_SINGLE) ? 1e-5 : 1e-8);
  PetscObjectParameterSetDefault(tao, crtol, PetscDefined(USE_REAL_SINGLE) ? 1e-5 : 1e-8);
  PetscObjectParameterSetDefault(tao, catol, PetscDefined(USE_REAL_SINGLE) ? 1e-5 : 1e-8);
  PetscObjectParameterSetDefault(tao, gttol, 0.0);
  PetscObjectParameterSetDefault(tao, steptol, 0.0);
  PetscObjectParameterSetDefault(tao, fmin, PETSC_NINFINITY);
  PetscObjectParameterSetDefault(tao, trust0, PETSC_INFINITY);
#elif defined(PETSC_RS_TAOIMPL)
  const PetscReal tol = PetscDefined(USE_REAL_SINGLE) ? 1e-5 : 1e-8;

  if (!tao->max_it_changed) tao->max_it = 10000;
  if (!tao->max_funcs_changed) tao->max_funcs = -1;
  if (!tao->gatol_changed) tao->gatol = tol;
  if (!tao->grtol_changed) tao->grtol = tol;
  if (!tao->crtol_changed) tao->crtol = tol;
  if (!tao->catol_changed) tao->catol = tol;
  if (!tao->gttol_changed) tao->gttol = 0.0;
  if (!tao->steptol_changed) tao->steptol = 0.0;
  if (!tao->fmin_changed) tao->fmin = PETSC_NINFINITY;
  if (!tao->trust0_changed) tao->trust0 = PETSC_INFINITY;
#else
  (void)tao;
#endif
  return (PetscErrorCode)0;
}

/* Returns the Hessian, the Jacobians of equality and inequality constraints, and that of a complementarity
   problem. Without PETSc's private headers, none. */
PetscErrorCode PetscRsTaoGetMatrices(Tao tao, Mat matrices[])
{
#if defined(PETSC_RS_TAOIMPL)
  matrices[0] = tao->hessian;
  matrices[1] = tao->jacobian_equality;
  matrices[2] = tao->jacobian_inequality;
  matrices[3] = tao->jacobian;
#else
  (void)tao;
  matrices[0] = matrices[1] = matrices[2] = matrices[3] = NULL;
#endif
  return (PetscErrorCode)0;
}

#if defined(PETSC_RS_TAOIMPL)
static PetscErrorCode (*PetscRsTaoCreatePounders)(Tao);
static PetscErrorCode (*PetscRsTaoViewPounders)(Tao, PetscViewer);

/* The inner optimizer is created at set-up. */
static PetscErrorCode PetscRsTaoView(Tao tao, PetscViewer viewer)
{
  return tao->setupcalled ? PetscRsTaoViewPounders(tao, viewer) : (PetscErrorCode)0;
}

static PetscErrorCode PetscRsTaoCreate(Tao tao)
{
  const PetscErrorCode ierr = PetscRsTaoCreatePounders(tao);

  if (ierr || !tao->ops->view) return ierr;
  PetscRsTaoViewPounders = tao->ops->view;
  tao->ops->view         = PetscRsTaoView;
  return ierr;
}
#endif

/* Allows a view of an optimizer of type pounders before its set-up. Without PETSc's private headers, this has no
   effect. */
PetscErrorCode PetscRsTaoGuard(void)
{
#if defined(PETSC_RS_TAOIMPL)
  PetscErrorCode (*create)(Tao) = NULL;
  PetscErrorCode ierr           = TaoInitializePackage();

  if (!ierr) ierr = PetscFunctionListFind(TaoList, TAOPOUNDERS, &create);
  if (ierr || !create || create == PetscRsTaoCreate) return ierr;
  PetscRsTaoCreatePounders = create;
  return TaoRegister(TAOPOUNDERS, PetscRsTaoCreate);
#else
  return (PetscErrorCode)0;
#endif
}

/* Whether the solver has a DM, which a query for its functions would create. Without PETSc's private headers,
   always true. */
PetscErrorCode PetscRsSNESHasDM(SNES snes, PetscBool *flag)
{
#if defined(PETSC_RS_SNESIMPL)
  *flag = snes->dm ? PETSC_TRUE : PETSC_FALSE;
#else
  (void)snes;
  *flag = PETSC_TRUE;
#endif
  return (PetscErrorCode)0;
}

#if defined(__has_include)
  #if __has_include(<petsc/private/isimpl.h>) && __has_include(<petsc/private/dmimpl.h>) && __has_include(<petsc/private/dmdaimpl.h>)
    #include <petsc/private/isimpl.h>
    #include <petsc/private/dmimpl.h>
    #include <petsc/private/dmdaimpl.h>
    #define PETSC_RS_DMIMPL
  #endif
#endif

/* Creates index sets of the colors, in a list that the caller frees. ISColoringGetIS creates new ones only if the
   coloring stores none; stored ones are passed to each MatFDColoring, which destroys them. */
PetscErrorCode PetscRsISColoringMakeIS(ISColoring colors, PetscInt *n, IS *list[])
{
  PetscErrorCode ierr;
#if defined(PETSC_RS_DMIMPL)
  IS *kept = colors->is;

  colors->is = NULL;
#endif
  ierr = ISColoringGetIS(colors, PETSC_OWN_POINTER, n, list);
#if defined(PETSC_RS_DMIMPL)
  colors->is = kept;
#endif
  return ierr;
}

#if defined(PETSC_RS_DMIMPL)
/* DMCoarsen_Stag, the same for all DMStag. */
static PetscErrorCode (*PetscRsCoarsenOfStag)(DM, MPI_Comm, DM *) = NULL;

static PetscErrorCode PetscRsStagCoarsen(DM dm, MPI_Comm comm, DM *coarse)
{
  DM             kept = dm->coordinates[0].dm;
  PetscErrorCode ierr;

  dm->coordinates[0].dm = NULL;
  ierr                  = PetscRsCoarsenOfStag(dm, comm, coarse);
  dm->coordinates[0].dm = kept;
  return ierr;
}
#endif

/* Coarsens a DMStag without its coordinates, as refinement does: DMCoarsen_Stag uses the global coordinates, which
   do not exist, as local ones. Without PETSc's private headers, this has no effect. */
PetscErrorCode PetscRsDMStagGuard(DM dm)
{
#if defined(PETSC_RS_DMIMPL)
  if (dm->ops->coarsen != PetscRsStagCoarsen) {
    PetscRsCoarsenOfStag = dm->ops->coarsen;
    dm->ops->coarsen     = PetscRsStagCoarsen;
  }
#else
  (void)dm;
#endif
  return (PetscErrorCode)0;
}

#if defined(PETSC_RS_DMIMPL)
PETSC_EXTERN PetscErrorCode DMCreate_DA(DM);

/* The functions of a structured grid. */
static struct _DMOps PetscRsDMDAOps;

/* Whether PETSc's coloring of a DMDA has neighbors of the same color at a periodic boundary. */
static PetscErrorCode PetscRsDMDAColorsMeet(DM dm, PetscBool *meet)
{
  PetscInt        d, dim, width, colors, sizes[3];
  DMBoundaryType  ends[3];
  DMDAStencilType stencil;
  PetscErrorCode  ierr = DMDAGetInfo(dm, &dim, &sizes[0], &sizes[1], &sizes[2], NULL, NULL, NULL, NULL, &width, &ends[0], &ends[1], &ends[2], &stencil);

  if (ierr) return ierr;
  colors = dim == 2 && stencil == DMDA_STENCIL_STAR && width == 1 ? 5 : 2 * width + 1;
  *meet  = PETSC_FALSE;
  for (d = 0; d < dim; d++) {
    if (ends[d] == DM_BOUNDARY_PERIODIC && sizes[d] % colors) *meet = PETSC_TRUE;
  }
  return (PetscErrorCode)0;
}

static PetscErrorCode PetscRsDMDAGetColoring(DM dm, ISColoringType kind, ISColoring *colors)
{
  Mat            a  = NULL;
  MatColoring    mc = NULL;
  PetscBool      meet;
  MatType        type;
  PetscErrorCode ierr = PetscRsDMDAColorsMeet(dm, &meet), last;

  if (!ierr) ierr = DMGetMatType(dm, &type);
  if (ierr) return ierr;
  if (!meet || kind != IS_COLORING_GLOBAL) return PetscRsDMDAOps.getcoloring(dm, kind, colors);
  /* Other matrices have blocks, or no coloring. */
  if (strcmp(type, MATAIJ) && strcmp(type, MATSEQAIJ) && strcmp(type, MATMPIAIJ)) {
    return PetscError(PetscObjectComm((PetscObject)dm), __LINE__, "PetscRsDMDAGetColoring", "petsc-rs", PETSC_ERR_SUP, PETSC_ERROR_INITIAL, "%s", "a coloring for a periodic DMDA of this size requires matrices of type aij");
  }
  ierr = DMCreateMatrix(dm, &a);
  if (!ierr) ierr = MatColoringCreate(a, &mc);
  if (!ierr) ierr = MatColoringSetType(mc, MATCOLORINGGREEDY);
  if (!ierr) ierr = MatColoringApply(mc, colors);
  if (mc) {
    last = MatColoringDestroy(&mc);
    if (!ierr) ierr = last;
  }
  last = MatDestroy(&a);
  return ierr ? ierr : last;
}

/* A copy of the places that the unknowns of a point fill: the number after those of the rows is that of all. */
static PetscErrorCode PetscRsDMDACopyFill(PetscInt n, const PetscInt *from, PetscInt **to)
{
  PetscErrorCode ierr;

  if (!from) return (PetscErrorCode)0;
  ierr = PetscMalloc1(from[n], to);
  return ierr ? ierr : PetscArraycpy(*to, from, from[n]);
}

/* DMCoarsen_DA and DMRefine_DA copy more of them than there are. */
static PetscErrorCode PetscRsDMDADerive(DM dm, MPI_Comm comm, DM *other, PetscErrorCode (*derive)(DM, MPI_Comm, DM *))
{
  DM_DA         *da = (DM_DA *)dm->data, *made;
  PetscInt      *diagonal = da->dfill, *others = da->ofill;
  PetscErrorCode ierr;

  da->dfill = NULL;
  da->ofill = NULL;
  ierr      = derive(dm, comm, other);
  da->dfill = diagonal;
  da->ofill = others;
  if (ierr || !*other) return ierr;
  made = (DM_DA *)(*other)->data;
  ierr = PetscRsDMDACopyFill(da->w, diagonal, &made->dfill);
  return ierr ? ierr : PetscRsDMDACopyFill(da->w, others, &made->ofill);
}

static PetscErrorCode PetscRsDMDACoarsen(DM dm, MPI_Comm comm, DM *coarse)
{
  return PetscRsDMDADerive(dm, comm, coarse, PetscRsDMDAOps.coarsen);
}

static PetscErrorCode PetscRsDMDARefine(DM dm, MPI_Comm comm, DM *fine)
{
  return PetscRsDMDADerive(dm, comm, fine, PetscRsDMDAOps.refine);
}

static PetscErrorCode PetscRsDMDACreate(DM dm)
{
  PetscErrorCode ierr = DMCreate_DA(dm);

  if (ierr) return ierr;
  PetscRsDMDAOps       = *dm->ops;
  dm->ops->getcoloring = PetscRsDMDAGetColoring;
  dm->ops->coarsen     = PetscRsDMDACoarsen;
  dm->ops->refine      = PetscRsDMDARefine;
  return (PetscErrorCode)0;
}
#endif

/* From here on, structured grids whose own colors would meet themselves at a periodic boundary take those of their
   matrix: MatFDColoring overruns its arrays where columns of one color share a row. And those that are refined or coarsened
   copy what an unknown is coupled to within its bounds. Without PETSc's private headers: they do not. */
PetscErrorCode PetscRsDMDAGuard(void)
{
#if defined(PETSC_RS_DMIMPL)
  PetscErrorCode ierr = DMInitializePackage();

  return ierr ? ierr : DMRegister(DMDA, PetscRsDMDACreate);
#else
  return (PetscErrorCode)0;
#endif
}

/* Whether the method has allocated its work space. Without PETSc's private headers, always true. */
PetscErrorCode PetscRsTSIsSetUp(TS ts, PetscBool *flag)
{
#if defined(PETSC_RS_TSIMPL)
  *flag = ts->setupcalled ? PETSC_TRUE : PETSC_FALSE;
#else
  (void)ts;
  *flag = PETSC_TRUE;
#endif
  return (PetscErrorCode)0;
}

/* The residual and Jacobian of implicit stages lie on a DM with a pointer to the integrator that came first, which may be
   gone. Points them to this one. */
static PetscErrorCode PetscRsTSClaim(TS ts, DM dm)
{
  PetscErrorCode (*function)(SNES, Vec, Vec, void *)      = NULL;
  PetscErrorCode (*jacobian)(SNES, Vec, Mat, Mat, void *) = NULL;
  void          *ctx  = NULL;
  PetscErrorCode ierr = DMSNESGetFunction(dm, &function, &ctx);

  if (ierr) return ierr;
  if (function == SNESTSFormFunction && ctx != (void *)ts) {
    ierr = DMSNESSetFunction(dm, SNESTSFormFunction, ts);
    if (ierr) return ierr;
  }
  ierr = DMSNESGetJacobian(dm, &jacobian, &ctx);
  if (ierr) return ierr;
  if (jacobian == SNESTSFormJacobian && ctx != (void *)ts) ierr = DMSNESSetJacobian(dm, SNESTSFormJacobian, ts);
  return ierr;
}

/* The DMs of an integrator and of its nonlinear solver. Other objects leave the list as it is. Without PETSc's private
   headers: the first DM only, as asking for the other may make it. */
static PetscErrorCode PetscRsDMsOfTS(PetscObject object, PetscObject list[2])
{
  PetscClassId   id;
  PetscErrorCode ierr = PetscObjectGetClassId(object, &id);

  if (ierr || id != TS_CLASSID) return ierr;
#if defined(PETSC_RS_TSIMPL) && defined(PETSC_RS_SNESIMPL)
  list[0] = (PetscObject)((TS)object)->dm;
  list[1] = ((TS)object)->snes ? (PetscObject)((TS)object)->snes->dm : NULL;
  return (PetscErrorCode)0;
#else
  return TSGetDM((TS)object, (DM *)&list[0]);
#endif
}

/* Claims the DM of the integrator, and that of its nonlinear solver, which may be another one. */
PetscErrorCode PetscRsTSClaimDM(TS ts)
{
  SNES           snes;
  DM             dm, inner;
  PetscErrorCode ierr = TSGetDM(ts, &dm);

  if (!ierr) ierr = PetscRsTSClaim(ts, dm);
  if (!ierr) ierr = TSGetSNES(ts, &snes);
  if (!ierr) ierr = SNESGetDM(snes, &inner);
  return ierr || inner == dm ? ierr : PetscRsTSClaim(ts, inner);
}

/* Whether the first object is an integrator that has the DM, or a DM of the integrator, that is the second one. A DM
   holds the functions of one problem, and those of implicit stages with a pointer to their integrator. */
PetscErrorCode PetscRsTSSharesDM(PetscObject object, PetscObject other, PetscBool *flag)
{
  PetscObject    own[2] = {NULL, NULL}, others[2] = {other, NULL};
  PetscErrorCode ierr   = PetscRsDMsOfTS(object, own);

  if (!ierr) ierr = PetscRsDMsOfTS(other, others);
  *flag = PETSC_FALSE;
  for (int i = 0; i < 4; i++) {
    if (own[i / 2] && own[i / 2] == others[i % 2]) *flag = PETSC_TRUE;
  }
  return ierr;
}

/* The tests of -ts_rhs_jacobian_test_mult call the Jacobian of the right-hand side even if there is none. Without
   PETSc's private headers, they are always allowed. */
PetscErrorCode PetscRsTSCheckTests(TS ts)
{
#if defined(PETSC_RS_TSIMPL)
  TSRHSJacobian  function = NULL;
  PetscErrorCode ierr;

  if (!ts->testjacobian && !ts->testjacobiantranspose) return (PetscErrorCode)0;
  ierr = TSGetRHSJacobian(ts, NULL, NULL, &function, NULL);
  if (ierr || function) return ierr;
  return PetscRsError("TSSolve", __FILE__, PETSC_ERR_ORDER, "-ts_rhs_jacobian_test_mult requires a Jacobian of the right-hand side: call TSSetRHSJacobian");
#else
  (void)ts;
  return (PetscErrorCode)0;
#endif
}

/* Whether the functions that a solver would call are those of implicit stages: their context is the first
   integrator on the DM, which may have been destroyed. */
PetscErrorCode PetscRsSNESIsOfIntegrator(SNES snes, PetscBool *flag)
{
  DM             dm;
  PetscErrorCode ierr;
  PetscErrorCode (*function)(SNES, Vec, Vec, void *)      = NULL;
  PetscErrorCode (*jacobian)(SNES, Vec, Mat, Mat, void *) = NULL;

  ierr = SNESGetDM(snes, &dm);
  if (ierr) return ierr;
  ierr = DMSNESGetFunction(dm, &function, NULL);
  if (ierr) return ierr;
  ierr = DMSNESGetJacobian(dm, &jacobian, NULL);
  if (ierr) return ierr;
  *flag = (function == SNESTSFormFunction || jacobian == SNESTSFormJacobian) ? PETSC_TRUE : PETSC_FALSE;
  return ierr;
}

/* The reset of TSIRK frees the scheme, whose memory only its constructor allocates, and the set-up uses it without
   a check. */
static PetscErrorCode PetscRsTSResetMethod(TS ts)
{
  PetscBool      is_irk = PETSC_FALSE;
  PetscInt       stages = 0;
  PetscErrorCode ierr   = PetscObjectTypeCompare((PetscObject)ts, TSIRK, &is_irk);

  if (!ierr && is_irk) ierr = TSIRKGetNumStages(ts, &stages);
  if (!ierr) ierr = TSReset(ts);
  if (ierr || !is_irk) return ierr;
  ierr = TSSetType(ts, TSBEULER);
  if (!ierr) ierr = TSSetType(ts, TSIRK);
  if (!ierr) ierr = TSIRKSetNumStages(ts, stages);
  return ierr ? ierr : TSIRKSetType(ts, TSIRKGAUSS);
}

/* Whether the matrix exists that the adjoint step of the method fills for gradients with respect to parameters.
   TSSetUp() lets both kinds of derivatives share one, which may be set later. Without PETSc's private headers,
   always true. */
PetscErrorCode PetscRsTSHasJacobianP(TS ts, PetscBool *flag)
{
#if defined(PETSC_RS_TSIMPL)
  PetscBool      is_rk = PETSC_FALSE;
  PetscErrorCode ierr  = PetscObjectTypeCompare((PetscObject)ts, TSRK, &is_rk);

  if (!ierr && !ts->Jacp && ts->Jacprhs) {
    ierr     = PetscObjectReference((PetscObject)ts->Jacprhs);
    ts->Jacp = ts->Jacprhs;
  }
  *flag = (is_rk ? ts->Jacprhs : ts->Jacp) ? PETSC_TRUE : PETSC_FALSE;
  return ierr;
#else
  (void)ts;
  *flag = PETSC_TRUE;
  return (PetscErrorCode)0;
#endif
}

/* TSReset() that keeps the matrices: functions that stay set would be called with NULL. */
PetscErrorCode PetscRsTSReset(TS ts)
{
  SNES           snes;
  Mat            mats[6] = {NULL, NULL, NULL, NULL, NULL, NULL};
  PetscErrorCode ierr;

  ierr = TSGetSNES(ts, &snes);
  if (ierr) return ierr;
  ierr = SNESGetJacobian(snes, &mats[0], &mats[1], NULL, NULL);
  if (ierr) return ierr;
#if defined(PETSC_RS_TSIMPL)
  mats[2] = ts->Arhs;
  mats[3] = ts->Brhs;
  mats[4] = ts->Jacprhs;
  mats[5] = ts->Jacp;
#endif
  for (int i = 0; i < 6; i++) {
    if (mats[i]) ierr = PetscObjectReference((PetscObject)mats[i]);
    if (ierr) return ierr;
  }
  ierr = PetscRsTSResetMethod(ts);
  if (ierr) return ierr;
  if (mats[0] || mats[1]) ierr = SNESSetJacobian(snes, mats[0], mats[1], NULL, NULL);
  if (ierr) return ierr;
#if defined(PETSC_RS_TSIMPL)
  ts->Arhs = mats[2];
  ts->Brhs = mats[3];
  ts->Jacprhs = mats[4];
  ts->Jacp    = mats[5];
#else
  mats[2] = mats[3] = NULL;
#endif
  ierr = MatDestroy(&mats[0]);
  if (ierr) return ierr;
  return MatDestroy(&mats[1]);
}

/* Removes the times at which solutions are stored. Setting other times relies on vectors that may not exist (3.18
   stores them only after the first set-up), or does not allocate memory (since 3.23, for another number). */
PetscErrorCode PetscRsTSForgetTimeSpan(TS ts)
{
#if defined(PETSC_RS_TSIMPL)
  PetscErrorCode ierr;

  #if PETSC_VERSION_GE(3, 23, 0)
  if (!ts->eval_times) return (PetscErrorCode)0;
  ierr = VecDestroyVecs(ts->eval_times->num_time_points, &ts->eval_times->sol_vecs);
  if (ierr) return ierr;
  ierr = PetscFree(ts->eval_times->time_points);
  if (ierr) return ierr;
  ierr = PetscFree(ts->eval_times->sol_times);
  if (ierr) return ierr;
  ierr = PetscFree(ts->eval_times);
  #else
  if (!ts->tspan) return (PetscErrorCode)0;
  ierr = VecDestroyVecs(ts->tspan->num_span_times, &ts->tspan->vecs_sol);
  if (ierr) return ierr;
  ierr = PetscFree(ts->tspan->span_times);
  if (ierr) return ierr;
  ierr = PetscFree(ts->tspan);
  #endif
  return ierr;
#else
  PetscInt         n;
  const PetscReal *times;
  PetscErrorCode   ierr = TSGetTimeSpan(ts, &n, &times);

  if (ierr || !times) return ierr;
  return PetscError(PETSC_COMM_SELF, __LINE__, "TSSetTimeSpan", __FILE__, PETSC_ERR_SUP, PETSC_ERROR_INITIAL, "setting the time span again requires PETSc's private headers");
#endif
}

/* Before 3.23, TSSetUp() creates the vectors, and only if the times are already set. */
PetscErrorCode PetscRsTSPrepareTimeSpan(TS ts)
{
#if defined(PETSC_RS_TSIMPL) && PETSC_VERSION_LT(3, 23, 0)
  if (ts->tspan && !ts->tspan->vecs_sol && ts->setupcalled && ts->vec_sol) return VecDuplicateVecs(ts->vec_sol, ts->tspan->num_span_times, &ts->tspan->vecs_sol);
#endif
  (void)ts;
  return (PetscErrorCode)0;
}

/* TSRollBack(), which since 3.21 copies the state before the step, which a reset destroys. */
PetscErrorCode PetscRsTSRollBack(TS ts)
{
#if defined(PETSC_RS_TSIMPL) && PETSC_VERSION_GE(3, 21, 0)
  PetscCheck(ts->vec_sol0, PetscObjectComm((PetscObject)ts), PETSC_ERR_ARG_WRONGSTATE, "there is no step to revert since the last reset: call step or solve first");
#endif
  return TSRollBack(ts);
}

/* Returns the solutions stored so far and their times. Since 3.21, the first vector of VecDuplicateVecs() can own the
   memory of all, so the others get a reference to it. */
PetscErrorCode PetscRsTSGetTimeSpanSolutions(TS ts, PetscInt *n, const PetscReal *times[], Vec *solutions[])
{
#if PETSC_VERSION_GE(3, 23, 0)
  PetscErrorCode ierr = TSGetEvaluationSolutions(ts, n, times, solutions);

  for (PetscInt i = 1; !ierr && *solutions && i < *n; i++) ierr = PetscObjectCompose((PetscObject)(*solutions)[i], "petsc-rs.vec.memory", (PetscObject)(*solutions)[0]);
  return ierr;
#else
  PetscErrorCode ierr = TSGetTimeSpan(ts, NULL, times);

  if (ierr) return ierr;
  if (*times) return TSGetTimeSpanSolutions(ts, n, solutions);
  *n         = 0;
  *solutions = NULL;
  return ierr;
#endif
}

/* Whether the solver has a DM that creates its operators. Without PETSc's private headers, always true. */
PetscErrorCode PetscRsKSPHasDM(KSP ksp, PetscBool *flag)
{
#if defined(PETSC_RS_KSPIMPL)
  *flag = ksp->dm && ksp->dmActive ? PETSC_TRUE : PETSC_FALSE;
#else
  (void)ksp;
  *flag = PETSC_TRUE;
#endif
  return (PetscErrorCode)0;
}

PetscErrorCode PetscRsKSPSetDMActive(KSP ksp, PetscBool active)
{
#if PETSC_VERSION_GE(3, 25, 0)
  return KSPSetDMActive(ksp, KSP_DMACTIVE_ALL, active);
#else
  return KSPSetDMActive(ksp, active);
#endif
}

PetscErrorCode PetscRsKSPSetResidualHistory(KSP ksp, PetscInt n, PetscBool reset)
{
  return KSPSetResidualHistory(ksp, NULL, n, reset);
}

PetscErrorCode PetscRsKSPSetConvergenceTestDefault(KSP ksp)
{
  void          *ctx = NULL;
  PetscErrorCode ierr = KSPConvergedDefaultCreate(&ctx);

  if (ierr) return ierr;
  return KSPSetConvergenceTest(ksp, KSPConvergedDefault, ctx, KSPConvergedDefaultDestroy);
}

/* Since 3.26 these belong to every method that orthogonalizes. */
PetscErrorCode PetscRsKSPGMRESSetModifiedGramSchmidt(KSP ksp, PetscBool modified)
{
#if PETSC_VERSION_GE(3, 26, 0)
  return KSPOrthogonalizationSet(ksp, modified ? KSPOrthogonalizationModifiedGramSchmidt : KSPOrthogonalizationClassicalGramSchmidt);
#else
  return KSPGMRESSetOrthogonalization(ksp, modified ? KSPGMRESModifiedGramSchmidtOrthogonalization : KSPGMRESClassicalGramSchmidtOrthogonalization);
#endif
}

PetscErrorCode PetscRsKSPGMRESSetCGSRefinementType(KSP ksp, int type)
{
#if PETSC_VERSION_GE(3, 26, 0)
  return KSPOrthogonalizationSetCGSRefinementType(ksp, (KSPOrthogonalizationCGSRefinementType)type);
#else
  return KSPGMRESSetCGSRefinementType(ksp, (KSPGMRESCGSRefinementType)type);
#endif
}

/* The function with the signature that solvers expect. */
PetscErrorCode PetscRsMatFDColoringSetFunction(MatFDColoring differences, PetscErrorCode (*function)(SNES, Vec, Vec, void *), void *ctx)
{
#if PETSC_VERSION_GE(3, 24, 0)
  return MatFDColoringSetFunction(differences, (MatFDColoringFn *)(void (*)(void))function, ctx);
#else
  return MatFDColoringSetFunction(differences, (PetscErrorCode(*)(void))(void (*)(void))function, ctx);
#endif
}

/* Finite differences that the solver does not count as evaluations of its function. */
static PetscErrorCode PetscRsFunctionOfGrid(SNES snes, Vec x, Vec f, void *unused)
{
  void *ctx = NULL;
  PetscErrorCode (*function)(SNES, Vec, Vec, void *) = NULL;
  PetscErrorCode ierr;

  (void)unused;
  ierr = SNESGetFunction(snes, NULL, &function, (void *)&ctx);
  if (ierr) return ierr;
  return function(snes, x, f, ctx);
}

/* MatFDColoringCreate() divides by a fraction of the number of entries, which is zero for few entries; not for
   blocks. */
static PetscErrorCode PetscRsFDColoringCheck(Mat a)
{
  const double   scalar = sizeof(PetscScalar), integer = sizeof(PetscInt);
  PetscBool      plain = PETSC_FALSE;
  MatInfo        info;
  PetscInt       rows, columns;
  PetscErrorCode ierr = PetscObjectTypeCompareAny((PetscObject)a, &plain, MATSEQAIJ, MATMPIAIJ, MATSEQSELL, MATMPISELL, "");

  if (ierr || !plain) return ierr;
  ierr = MatGetLocalSize(a, &rows, &columns);
  if (!ierr) ierr = MatGetInfo(a, MAT_LOCAL, &info);
  if (ierr || rows <= 0) return ierr;
  if (0.5 * (info.nz_used * (scalar + integer) + 3 * rows * integer) >= rows * scalar) return ierr;
  return PetscRsError("MatFDColoringCreate", __FILE__, PETSC_ERR_SUP, "PETSc does not support finite differences for a matrix with so few entries");
}

/* The columns of the blocks that this rank has entries in, sorted. */
static PetscErrorCode PetscRsColumnsOf(Mat a, PetscInt bs, PetscInt *n, PetscInt **columns)
{
  PetscInt        first, end, row, width, k, total = 0;
  const PetscInt *places;
  PetscErrorCode  ierr = MatGetOwnershipRange(a, &first, &end);

  for (row = first; !ierr && row < end; row += bs) {
    ierr = MatGetRow(a, row, &width, NULL, NULL);
    total += width;
    if (!ierr) ierr = MatRestoreRow(a, row, &width, NULL, NULL);
  }
  if (!ierr) ierr = PetscMalloc1(total, columns);
  *n = 0;
  for (row = first; !ierr && row < end; row += bs) {
    ierr = MatGetRow(a, row, &width, &places, NULL);
    for (k = 0; !ierr && k < width; k++) (*columns)[(*n)++] = places[k] / bs;
    if (!ierr) ierr = MatRestoreRow(a, row, &width, &places, NULL);
  }
  return ierr ? ierr : PetscSortRemoveDupsInt(n, *columns);
}

/* The colors of these columns, as the ranks have them that own the columns. */
static PetscErrorCode PetscRsColorsOf(Mat a, ISColoring colors, PetscInt n, const PetscInt columns[], PetscScalar theirs[])
{
  const ISColoringValue *own;
  PetscScalar           *values;
  PetscInt               here, count, k;
  Vec                    x = NULL, y = NULL;
  IS                     set = NULL;
  VecScatter             scatter = NULL;
  PetscErrorCode         ierr    = ISColoringGetColors(colors, &here, &count, &own);

  if (!ierr) ierr = VecCreateMPI(PetscObjectComm((PetscObject)a), here, PETSC_DETERMINE, &x);
  if (!ierr) ierr = VecGetArray(x, &values);
  for (k = 0; !ierr && k < here; k++) values[k] = own[k];
  if (!ierr) ierr = VecRestoreArray(x, &values);
  if (!ierr) ierr = VecCreateSeqWithArray(PETSC_COMM_SELF, 1, n, theirs, &y);
  if (!ierr) ierr = ISCreateGeneral(PETSC_COMM_SELF, n, columns, PETSC_COPY_VALUES, &set);
  if (!ierr) ierr = VecScatterCreate(x, set, y, NULL, &scatter);
  if (!ierr) ierr = VecScatterBegin(scatter, x, y, INSERT_VALUES, SCATTER_FORWARD);
  if (!ierr) ierr = VecScatterEnd(scatter, x, y, INSERT_VALUES, SCATTER_FORWARD);
  if (!ierr) ierr = VecScatterDestroy(&scatter);
  if (!ierr) ierr = ISDestroy(&set);
  if (!ierr) ierr = VecDestroy(&y);
  return ierr ? ierr : VecDestroy(&x);
}

/* Whether two columns of one color have entries in one row of this rank. */
static PetscErrorCode PetscRsColorsMeet(Mat a, PetscInt bs, PetscInt n, const PetscInt columns[], const PetscScalar colors[], PetscInt count, int *meet)
{
  PetscInt        first, end, row, width, k, at, color, *last = NULL;
  const PetscInt *places;
  PetscErrorCode  ierr = PetscCalloc1(count, &last);

  if (!ierr) ierr = MatGetOwnershipRange(a, &first, &end);
  for (row = first; !ierr && row < end; row += bs) {
    ierr = MatGetRow(a, row, &width, &places, NULL);
    for (k = 0; !ierr && k < width; k++) {
      if (k && places[k] / bs == places[k - 1] / bs) continue;
      ierr  = PetscFindInt(places[k] / bs, n, columns, &at);
      color = (PetscInt)PetscRealPart(colors[at]);
      if (last[color] == row + 1) *meet = 1;
      last[color] = row + 1;
    }
    if (!ierr) ierr = MatRestoreRow(a, row, &width, &places, NULL);
  }
  return ierr ? ierr : PetscFree(last);
}

/* MatFDColoringSetUp() overruns its arrays where columns of one color share a row. The greedy coloring and that of
   Jones and Plassmann let them if the pattern is not symmetric, and those of a grid are for its own matrix. Collective. */
static PetscErrorCode PetscRsColoringCheck(Mat a, ISColoring colors)
{
  PetscInt       n = 0, bs = 1, count = 0, here = 0, own, *columns = NULL;
  PetscScalar   *theirs = NULL;
  PetscBool      rows = PETSC_FALSE, assembled = PETSC_FALSE, blocks = PETSC_FALSE;
  int            mine[2] = {0, 0}, any[2];
  ISColoringType type;
  PetscErrorCode ierr = ISColoringGetType(colors, &type);

  if (ierr || type != IS_COLORING_GLOBAL) return ierr;
  ierr = MatHasOperation(a, MATOP_GET_ROW, &rows);
  if (!ierr) ierr = MatAssembled(a, &assembled);
  if (!ierr) ierr = PetscObjectTypeCompareAny((PetscObject)a, &blocks, MATSEQBAIJ, MATMPIBAIJ, "");
  if (ierr || !rows || !assembled) return ierr;
  if (blocks) ierr = MatGetBlockSize(a, &bs);
  if (!ierr) ierr = MatGetLocalSize(a, NULL, &own);
  if (!ierr) ierr = ISColoringGetColors(colors, &here, &count, NULL);
  if (ierr) return ierr;
  mine[0] = here * bs != own;
  if (MPI_Allreduce(mine, any, 1, MPI_INT, MPI_MAX, PetscObjectComm((PetscObject)a))) return PetscRsError("MatFDColoringCreate", __FILE__, PETSC_ERR_LIB, "MPI_Allreduce failed");
  if (any[0]) return PetscRsError("MatFDColoringCreate", __FILE__, PETSC_ERR_ARG_SIZ, "the coloring has another number of columns than the matrix");
  ierr = PetscRsColumnsOf(a, bs, &n, &columns);
  if (!ierr) ierr = PetscMalloc1(n, &theirs);
  if (!ierr) ierr = PetscRsColorsOf(a, colors, n, columns, theirs);
  if (!ierr) ierr = PetscRsColorsMeet(a, bs, n, columns, theirs, count, &mine[1]);
  if (!ierr) ierr = PetscFree(columns);
  if (!ierr) ierr = PetscFree(theirs);
  if (ierr) return ierr;
  if (MPI_Allreduce(mine, any, 2, MPI_INT, MPI_MAX, PetscObjectComm((PetscObject)a))) return PetscRsError("MatFDColoringCreate", __FILE__, PETSC_ERR_LIB, "MPI_Allreduce failed");
  if (!any[1]) return ierr;
  return PetscRsError("MatFDColoringCreate", __FILE__, PETSC_ERR_SUP, "two columns of one color have entries in one row: the coloring is for another pattern, or wants a symmetric one");
}

/* The Jacobian from finite differences with the coloring of the DM, the default for a function of a DM without a
   Jacobian. */
PetscErrorCode PetscRsSNESJacobianOfGrid(SNES snes, Vec x, Mat a, Mat p, void *unused)
{
  DM             dm;
  ISColoring     colors;
  const char    *prefix;
  MatFDColoring  differences = NULL;
  PetscErrorCode ierr        = SNESGetDM(snes, &dm);

  (void)unused;
  if (ierr) return ierr;
  ierr = PetscObjectQuery((PetscObject)p, "petsc-rs.snes.differences", (PetscObject *)&differences);
  if (ierr) return ierr;
  if (!differences) {
    ierr = DMCreateColoring(dm, IS_COLORING_GLOBAL, &colors);
    if (ierr) return ierr;
    ierr = PetscRsFDColoringCheck(p);
    if (!ierr) ierr = PetscRsColoringCheck(p, colors);
    if (!ierr) ierr = MatFDColoringCreate(p, colors, &differences);
    if (ierr) return ierr;
    ierr = PetscRsMatFDColoringSetFunction(differences, PetscRsFunctionOfGrid, NULL);
    if (ierr) return ierr;
    ierr = PetscObjectGetOptionsPrefix((PetscObject)dm, &prefix);
    if (ierr) return ierr;
    ierr = PetscObjectSetOptionsPrefix((PetscObject)differences, prefix);
    if (ierr) return ierr;
    ierr = MatFDColoringSetFromOptions(differences);
    if (ierr) return ierr;
    ierr = MatFDColoringSetUp(p, colors, differences);
    if (ierr) return ierr;
    ierr = ISColoringDestroy(&colors);
    if (ierr) return ierr;
    ierr = PetscObjectCompose((PetscObject)p, "petsc-rs.snes.differences", (PetscObject)differences);
    if (ierr) return ierr;
    ierr = PetscObjectDereference((PetscObject)differences);
    if (ierr) return ierr;
  }
  ierr = MatFDColoringApply(p, differences, x, snes);
  if (ierr || a == p) return ierr;
  ierr = MatAssemblyBegin(a, MAT_FINAL_ASSEMBLY);
  if (ierr) return ierr;
  return MatAssemblyEnd(a, MAT_FINAL_ASSEMBLY);
}

static PetscErrorCode PetscRsFunctionOfSolver(SNES snes, Vec x, Vec f, void *unused)
{
  (void)unused;
  return SNESComputeFunction(snes, x, f);
}

/* Creates and composes with the matrix the same objects as SNESComputeJacobianDefaultColor(), for a user-defined
   coloring. */
PetscErrorCode PetscRsSNESColorsOfMatrix(Mat p, ISColoring colors)
{
  MatFDColoring  differences;
  PetscErrorCode ierr = PetscRsFDColoringCheck(p);

  if (!ierr) ierr = PetscRsColoringCheck(p, colors);
  if (!ierr) ierr = MatFDColoringCreate(p, colors, &differences);
  if (ierr) return ierr;
  ierr = PetscRsMatFDColoringSetFunction(differences, PetscRsFunctionOfSolver, NULL);
  if (ierr) return ierr;
  ierr = MatFDColoringSetFromOptions(differences);
  if (ierr) return ierr;
  ierr = MatFDColoringSetUp(p, colors, differences);
  if (ierr) return ierr;
  ierr = PetscObjectCompose((PetscObject)p, "SNESMatFDColoring", (PetscObject)differences);
  if (ierr) return ierr;
  return MatFDColoringDestroy(&differences);
}

PetscErrorCode PetscRsContainerGetPointer(PetscObject container, void **pointer)
{
  return PetscContainerGetPointer((PetscContainer)container, pointer);
}

PetscErrorCode PetscRsPCCompositeAddType(PC pc, const char *type)
{
  return PCCompositeAddPCType(pc, (PCType)type);
}

/* A shell DM, which creates matrices and vectors like the one composed with it. */
static PetscErrorCode PetscRsTemplateMatrix(DM dm, Mat *out)
{
  PetscObject    like = NULL;
  PetscErrorCode ierr = PetscObjectQuery((PetscObject)dm, "petsc-rs.template", &like);

  if (ierr) return ierr;
  return MatDuplicate((Mat)like, MAT_DO_NOT_COPY_VALUES, out);
}

static PetscErrorCode PetscRsTemplateVector(DM dm, Vec *out)
{
  PetscObject    like = NULL;
  PetscErrorCode ierr = PetscObjectQuery((PetscObject)dm, "petsc-rs.template", &like);

  if (ierr) return ierr;
  return MatCreateVecs((Mat)like, out, NULL);
}

PetscErrorCode PetscRsKSPSetTemplate(KSP ksp, Mat like)
{
  DM             dm = NULL;
  PetscErrorCode ierr;

  ierr = DMShellCreate(PetscObjectComm((PetscObject)ksp), &dm);
  if (!ierr) ierr = PetscObjectCompose((PetscObject)dm, "petsc-rs.template", (PetscObject)like);
  if (!ierr) ierr = DMShellSetCreateMatrix(dm, PetscRsTemplateMatrix);
  if (!ierr) ierr = DMShellSetCreateGlobalVector(dm, PetscRsTemplateVector);
  if (!ierr) ierr = KSPSetDM(ksp, dm);
  if (ierr) return ierr;
  return DMDestroy(&dm);
}

/* The headers declare the functions of TAO in every build, but the library contains them for real scalars only.
   Callers hold an optimizer, which petsc-rs creates for real scalars only, so these functions are never called. */
#if defined(PETSC_USE_COMPLEX)
  #pragma GCC diagnostic push
  #pragma GCC diagnostic ignored "-Wunused-parameter"
static PetscErrorCode NeedsReal(const char *name)
{
  return PetscError(PETSC_COMM_SELF, __LINE__, name, __FILE__, PETSC_ERR_SUP, PETSC_ERROR_INITIAL, "TAO requires real scalars");
}
  #define NEEDS_REAL(name, ...) \
    PetscErrorCode name(__VA_ARGS__) { return NeedsReal(#name); }
NEEDS_REAL(TaoBRGNGetSubsolver, Tao a, Tao *b)
NEEDS_REAL(TaoBRGNSetRegularizerObjectiveAndGradientRoutine, Tao a, PetscErrorCode (*b)(Tao, Vec, PetscReal *, Vec, void *), void *c)
NEEDS_REAL(TaoBRGNSetRegularizerHessianRoutine, Tao a, Mat b, PetscErrorCode (*c)(Tao, Vec, Mat, void *), void *d)
NEEDS_REAL(TaoBRGNSetRegularizerWeight, Tao a, PetscReal b)
NEEDS_REAL(TaoBRGNSetL1SmoothEpsilon, Tao a, PetscReal b)
NEEDS_REAL(TaoBRGNSetDictionaryMatrix, Tao a, Mat b)
  #if PETSC_VERSION_GE(3, 24, 0)
NEEDS_REAL(TaoBRGNSetRegularizationType, Tao a, TaoBRGNRegularizationType b)
  #endif
NEEDS_REAL(TaoBRGNGetDampingVector, Tao a, Vec *b)
NEEDS_REAL(TaoADMMGetMisfitSubsolver, Tao a, Tao *b)
NEEDS_REAL(TaoADMMGetRegularizationSubsolver, Tao a, Tao *b)
NEEDS_REAL(TaoADMMGetDualVector, Tao a, Vec *b)
NEEDS_REAL(TaoADMMGetSpectralPenalty, Tao a, PetscReal *b)
NEEDS_REAL(TaoADMMSetSpectralPenalty, Tao a, PetscReal b)
NEEDS_REAL(TaoADMMSetMinimumSpectralPenalty, Tao a, PetscReal b)
NEEDS_REAL(TaoADMMSetRegularizerCoefficient, Tao a, PetscReal b)
NEEDS_REAL(TaoGetADMMParentTao, Tao a, Tao *b)
NEEDS_REAL(TaoADMMSetConstraintVectorRHS, Tao a, Vec b)
NEEDS_REAL(TaoADMMSetMisfitConstraintJacobian, Tao a, Mat b, Mat c, PetscErrorCode (*d)(Tao, Vec, Mat, Mat, void *), void *e)
NEEDS_REAL(TaoADMMSetRegularizerConstraintJacobian, Tao a, Mat b, Mat c, PetscErrorCode (*d)(Tao, Vec, Mat, Mat, void *), void *e)
NEEDS_REAL(TaoADMMSetMisfitHessianRoutine, Tao a, Mat b, Mat c, PetscErrorCode (*d)(Tao, Vec, Mat, Mat, void *), void *e)
NEEDS_REAL(TaoADMMSetRegularizerHessianRoutine, Tao a, Mat b, Mat c, PetscErrorCode (*d)(Tao, Vec, Mat, Mat, void *), void *e)
NEEDS_REAL(TaoADMMSetMisfitObjectiveAndGradientRoutine, Tao a, PetscErrorCode (*b)(Tao, Vec, PetscReal *, Vec, void *), void *c)
NEEDS_REAL(TaoADMMSetRegularizerObjectiveAndGradientRoutine, Tao a, PetscErrorCode (*b)(Tao, Vec, PetscReal *, Vec, void *), void *c)
NEEDS_REAL(TaoADMMSetMisfitHessianChangeStatus, Tao a, PetscBool b)
NEEDS_REAL(TaoADMMSetRegHessianChangeStatus, Tao a, PetscBool b)
NEEDS_REAL(TaoADMMSetRegularizerType, Tao a, TaoADMMRegularizerType b)
NEEDS_REAL(TaoADMMGetRegularizerType, Tao a, TaoADMMRegularizerType *b)
NEEDS_REAL(TaoADMMSetUpdateType, Tao a, TaoADMMUpdateType b)
NEEDS_REAL(TaoADMMGetUpdateType, Tao a, TaoADMMUpdateType *b)
NEEDS_REAL(TaoALMMGetType, Tao a, TaoALMMType *b)
NEEDS_REAL(TaoALMMSetType, Tao a, TaoALMMType b)
NEEDS_REAL(TaoALMMGetSubsolver, Tao a, Tao *b)
NEEDS_REAL(TaoALMMGetMultipliers, Tao a, Vec *b)
NEEDS_REAL(TaoGetLMVMMatrix, Tao a, Mat *b)
NEEDS_REAL(TaoLMVMSetH0, Tao a, Mat b)
NEEDS_REAL(TaoLMVMRecycle, Tao a, PetscBool b)
NEEDS_REAL(TaoSetLMVMMatrix, Tao a, Mat b)
  #pragma GCC diagnostic pop
#endif

#if defined(__has_include)
  #if __has_include(<petsc/private/matimpl.h>)
    #pragma GCC diagnostic push
    #pragma GCC diagnostic ignored "-Wunused-parameter"
    #include <petsc/private/matimpl.h>
    #pragma GCC diagnostic pop
    #define PETSC_RS_MATIMPL
  #endif
#endif

#if defined(PETSC_RS_MATIMPL)
/* Puts a constructor of ours around the one of a type. */
static PetscErrorCode PetscRsReplaceType(MatType type, PetscErrorCode (*ours)(Mat), PetscErrorCode (**theirs)(Mat))
{
  PetscErrorCode (*create)(Mat) = NULL;
  PetscErrorCode ierr           = PetscFunctionListFind(MatList, type, &create);

  if (ierr || !create || create == ours) return ierr; /* PETSc was built without the package, or the guard is there */
  *theirs = create;
  return MatRegister(type, ours);
}

  #define PETSC_RS_REPLACE(name, type) \
    if (!ierr) ierr = PetscRsReplaceType(type, PetscRsCreate##name, &PetscRsMake##name);
#endif

#if defined(PETSC_RS_MATIMPL) && PETSC_VERSION_LT(3, 20, 0)
/* Before 3.20, MatGetRow() does not look whether the type has rows. So types without rows get a function that refuses. */
static PetscErrorCode PetscRsNoRow(Mat mat, PetscInt row, PetscInt *n, PetscInt **columns, PetscScalar **values)
{
  (void)row;
  (void)n;
  (void)columns;
  (void)values;
  SETERRQ(PETSC_COMM_SELF, PETSC_ERR_SUP, "a matrix of type %s has no rows (MatGetRow)", ((PetscObject)mat)->type_name);
}

  #define PETSC_RS_CONVERT "petsc-rs.mat.convert"

static PetscErrorCode PetscRsConvertWithoutRows(Mat, MatType, MatReuse, Mat *);

static PetscErrorCode PetscRsRefuseRows(Mat mat)
{
  PetscErrorCode ierr = (PetscErrorCode)0;

  if (mat->ops->getrow) return ierr;
  mat->ops->getrow = PetscRsNoRow;
  if (mat->ops->convert == PetscRsConvertWithoutRows) return ierr;
  ierr              = PetscObjectComposeFunction((PetscObject)mat, PETSC_RS_CONVERT, mat->ops->convert);
  mat->ops->convert = PetscRsConvertWithoutRows;
  return ierr;
}

/* Where a type has no function for rows, MatConvert() multiplies. */
static PetscErrorCode PetscRsConvertWithoutRows(Mat mat, MatType type, MatReuse reuse, Mat *out)
{
  PetscErrorCode (*convert)(Mat, MatType, MatReuse, Mat *) = NULL;
  PetscErrorCode ierr = PetscObjectQueryFunction((PetscObject)mat, PETSC_RS_CONVERT, &convert), end;

  if (ierr) return ierr;
  mat->ops->convert = convert;
  if (mat->ops->getrow == PetscRsNoRow) mat->ops->getrow = NULL;
  ierr = MatConvert(mat, type, reuse, out);
  end  = PetscRsRefuseRows(mat);
  return ierr ? ierr : end;
}

  #define PETSC_RS_WITHOUT_ROWS(X) \
    X(BlockMat, MATBLOCKMAT) X(Composite, MATCOMPOSITE) X(Dummy, MATDUMMY) X(Elemental, MATELEMENTAL) X(FFTW, MATFFTW) X(IS, MATIS) X(LMVMBadBroyden, MATLMVMBADBROYDEN) X(LMVMBFGS, MATLMVMBFGS) \
    X(LMVMBroyden, MATLMVMBROYDEN) X(LMVMDFP, MATLMVMDFP) X(LMVMDiagBroyden, MATLMVMDIAGBROYDEN) X(LMVMSR1, MATLMVMSR1) X(LMVMSymBadBroyden, MATLMVMSYMBADBROYDEN) X(LMVMSymBroyden, MATLMVMSYMBROYDEN) \
    X(MAIJ, MATMAIJ) X(MFFD, MATMFFD) X(MPIMAIJ, MATMPIMAIJ) X(MPISELL, MATMPISELL) X(Nest, MATNEST) X(Preallocator, MATPREALLOCATOR) X(ScaLAPACK, MATSCALAPACK) X(Scatter, MATSCATTER) \
    X(SchurComplement, MATSCHURCOMPLEMENT) X(SeqMAIJ, MATSEQMAIJ) X(Shell, MATSHELL)

  #define PETSC_RS_CREATE(name, type) \
    static PetscErrorCode (*PetscRsMake##name)(Mat); \
    static PetscErrorCode PetscRsCreate##name(Mat mat) \
    { \
      PetscErrorCode ierr = PetscRsMake##name(mat); \
      return ierr ? ierr : PetscRsRefuseRows(mat); \
    }
PETSC_RS_WITHOUT_ROWS(PETSC_RS_CREATE)

static PetscErrorCode PetscRsRowsGuard(void)
{
  PetscErrorCode ierr = KSPInitializePackage(); /* it registers types of matrices */

  PETSC_RS_WITHOUT_ROWS(PETSC_RS_REPLACE)
  return ierr;
}
#endif

/* Views and the like, which no registered function makes, refuse rows as well. Without PETSc's private headers: do not. */
PetscErrorCode PetscRsMatRefuseRows(Mat mat)
{
#if defined(PETSC_RS_MATIMPL) && PETSC_VERSION_LT(3, 20, 0)
  return ((PetscObject)mat)->type_name ? PetscRsRefuseRows(mat) : (PetscErrorCode)0;
#else
  (void)mat;
  return (PetscErrorCode)0;
#endif
}

/* MatHasOperation(), for which a function that refuses is none. */
PetscErrorCode PetscRsMatHasOperation(Mat mat, MatOperation operation, PetscBool *has)
{
#if defined(PETSC_RS_MATIMPL) && PETSC_VERSION_LT(3, 20, 0)
  if (operation == MATOP_GET_ROW && mat->ops->getrow == PetscRsNoRow) {
    *has = PETSC_FALSE;
    return (PetscErrorCode)0;
  }
#endif
  return MatHasOperation(mat, operation, has);
}

#if defined(PETSC_RS_MATIMPL)
/* The operator of -snes_mf has pointers to its solver and the solver's residual without references, and can
   outlive them. So each operator has a link to its solver, which is cut when either is destroyed, and a reference
   to the residual; its functions check the link first. */

  #if PETSC_VERSION_GE(3, 23, 0)
    #define PETSC_RS_ITEMS PetscOptionItems
  #else
    #define PETSC_RS_ITEMS PetscOptionItems *
  #endif
  #define PETSC_RS_LINK "petsc-rs.snes.mf"
  #define PETSC_RS_BASE "petsc-rs.snes.mf.base"

PETSC_EXTERN PetscErrorCode MatCreate_MFFD(Mat);

typedef struct PetscRsLink_ {
  SNES                 snes; /* NULL when it is gone */
  struct PetscRsLink_ *next, **back;
  PetscErrorCode (*mult)(Mat, Vec, Vec);
  PetscErrorCode (*assemblyend)(Mat, MatAssemblyType);
} PetscRsLink;

static PetscErrorCode (*PetscRsMFFDSetFromOptions)(Mat, PETSC_RS_ITEMS) = NULL;

/* Attaches memory to an object; a function frees it with the object. */
static PetscErrorCode PetscRsKeep(PetscObject object, const char name[], void *memory, PetscErrorCode (*drop)(void *))
{
  PetscContainer container;
  PetscErrorCode ierr = PetscContainerCreate(PETSC_COMM_SELF, &container); /* its end never communicates */

  if (ierr) return ierr;
  ierr = PetscContainerSetPointer(container, memory);
  if (ierr) return ierr;
  #if PETSC_VERSION_GE(3, 23, 0)
  ierr = PetscContainerSetCtxDestroy(container, (PetscCtxDestroyFn *)drop);
  #else
  ierr = PetscContainerSetUserDestroy(container, drop);
  #endif
  if (ierr) return ierr;
  ierr = PetscObjectCompose(object, name, (PetscObject)container);
  if (ierr) return ierr;
  return PetscContainerDestroy(&container);
}

/* Argument of such a function: the memory, and since 3.23 a pointer to it. */
static void *PetscRsKept(void *ctx)
{
  #if PETSC_VERSION_GE(3, 23, 0)
  return *(void **)ctx;
  #else
  return ctx;
  #endif
}

static PetscErrorCode PetscRsKeptFree(void *ctx)
{
  void *memory = PetscRsKept(ctx);

  return PetscFree(memory);
}

static PetscErrorCode PetscRsLinkDrop(void *ctx)
{
  PetscRsLink *link = (PetscRsLink *)PetscRsKept(ctx);

  if (link->back) *link->back = link->next;
  if (link->next) link->next->back = link->back;
  return PetscFree(link);
}

/* The list of a solver's operators, which ends with the solver. */
static PetscErrorCode PetscRsLinksDrop(void *ctx)
{
  PetscRsLink **head = (PetscRsLink **)PetscRsKept(ctx);

  for (PetscRsLink *link = *head, *next; link; link = next) {
    next       = link->next;
    link->snes = NULL;
    link->next = NULL;
    link->back = NULL;
  }
  return PetscFree(head);
}

static PetscErrorCode PetscRsLinkOf(Mat mat, PetscRsLink **link)
{
  PetscObject    container = NULL;
  PetscErrorCode ierr      = PetscObjectQuery((PetscObject)mat, PETSC_RS_LINK, &container);

  *link = NULL;
  if (ierr || !container) return ierr;
  return PetscContainerGetPointer((PetscContainer)container, (void **)link);
}

static PetscErrorCode PetscRsMFFDMult(Mat mat, Vec x, Vec y)
{
  PetscRsLink   *link;
  PetscErrorCode ierr = PetscRsLinkOf(mat, &link);

  if (ierr) return ierr;
  PetscCheck(link && link->snes, PETSC_COMM_SELF, PETSC_ERR_ARG_WRONGSTATE, "the nonlinear solver whose function this matrix-free operator calls was destroyed");
  return (*link->mult)(mat, x, y);
}

static PetscErrorCode PetscRsMFFDAssemblyEnd(Mat mat, MatAssemblyType type)
{
  PetscRsLink   *link;
  Vec            x, f;
  PetscErrorCode ierr = PetscRsLinkOf(mat, &link);

  if (ierr) return ierr;
  PetscCheck(link && link->snes, PETSC_COMM_SELF, PETSC_ERR_ARG_WRONGSTATE, "the nonlinear solver whose function this matrix-free operator calls was destroyed");
  ierr = SNESGetSolution(link->snes, &x);
  if (ierr) return ierr;
  PetscCheck(x, PETSC_COMM_SELF, PETSC_ERR_ARG_WRONGSTATE, "the nonlinear solver of this matrix-free operator has no solution at which to differentiate");
  ierr = (*link->assemblyend)(mat, type);
  if (ierr) return ierr;
  ierr = SNESGetFunction(link->snes, &f, NULL, NULL);
  if (ierr) return ierr;
  return PetscObjectCompose((PetscObject)mat, PETSC_RS_BASE, (PetscObject)f);
}

/* C copies the functions of these operators, but shares or drops their data. */
static PetscErrorCode PetscRsMFFDDuplicate(Mat mat, MatDuplicateOption option, Mat *out)
{
  (void)option;
  (void)out;
  SETERRQ(PetscObjectComm((PetscObject)mat), PETSC_ERR_SUP, "the matrix-free operator of a nonlinear solver cannot be copied");
}

static PetscErrorCode PetscRsMFFDCopy(Mat mat, Mat out, MatStructure structure)
{
  (void)out;
  (void)structure;
  SETERRQ(PetscObjectComm((PetscObject)mat), PETSC_ERR_SUP, "the matrix-free operator of a nonlinear solver cannot be copied");
}

static PetscErrorCode PetscRsMFFDGuard(Mat mat)
{
  PetscRsLink   *link, **head = NULL;
  PetscObject    list         = NULL;
  SNES           snes;
  void (*ours)(void)          = NULL;
  PetscErrorCode ierr         = PetscRsLinkOf(mat, &link);

  if (ierr || link) return ierr;
  ierr = PetscObjectQueryFunction((PetscObject)mat, "MatSNESMFSetReuseBase_C", &ours);
  if (ierr || !ours) return ierr;
  ierr = MatSNESMFGetSNES(mat, &snes);
  if (ierr) return ierr;
  ierr = PetscObjectQuery((PetscObject)snes, PETSC_RS_LINK, &list);
  if (ierr) return ierr;
  if (list) {
    ierr = PetscContainerGetPointer((PetscContainer)list, (void **)&head);
  } else {
    ierr = PetscNew(&head);
    if (ierr) return ierr;
    ierr = PetscRsKeep((PetscObject)snes, PETSC_RS_LINK, head, PetscRsLinksDrop);
  }
  if (ierr) return ierr;
  ierr = PetscNew(&link);
  if (ierr) return ierr;
  link->snes = snes;
  link->next = *head;
  link->back = head;
  if (link->next) link->next->back = &link->next;
  *head                  = link;
  link->mult             = mat->ops->mult;
  link->assemblyend      = mat->ops->assemblyend;
  mat->ops->mult         = PetscRsMFFDMult;
  mat->ops->assemblyend  = PetscRsMFFDAssemblyEnd;
  mat->ops->duplicate    = PetscRsMFFDDuplicate;
  mat->ops->copy         = PetscRsMFFDCopy;
  return PetscRsKeep((PetscObject)mat, PETSC_RS_LINK, link, PetscRsLinkDrop);
}

/* PETSc reads the options of such an operator when it is complete. */
static PetscErrorCode PetscRsMFFDOptions(Mat mat, PETSC_RS_ITEMS items)
{
  PetscErrorCode ierr = (*PetscRsMFFDSetFromOptions)(mat, items);

  if (ierr) return ierr;
  return PetscRsMFFDGuard(mat);
}

static PetscErrorCode PetscRsMFFDCreate(Mat mat)
{
  PetscErrorCode ierr = MatCreate_MFFD(mat);

  if (!ierr) ierr = PetscRsMatRefuseRows(mat);
  if (ierr) return ierr;
  PetscRsMFFDSetFromOptions = mat->ops->setfromoptions;
  mat->ops->setfromoptions  = PetscRsMFFDOptions;
  return ierr;
}
#endif

/* Lets the matrix-free operators of nonlinear solvers outlive the solvers. Without PETSc's private headers, this
   has no effect. */
PetscErrorCode PetscRsSNESGuardMatrixFree(void)
{
#if defined(PETSC_RS_MATIMPL)
  return MatRegister(MATMFFD, PetscRsMFFDCreate);
#else
  return (PetscErrorCode)0;
#endif
}

#if defined(PETSC_RS_MATIMPL)
/* The package bas does not detect a failed factorization, and follows uninitialized pointers. */
static PetscErrorCode PetscRsNoBas(Mat mat, MatFactorType type, Mat *factor)
{
  (void)mat;
  (void)type;
  *factor = NULL;
  return PetscRsError("MatGetFactor", __FILE__, PETSC_ERR_SUP, "the package bas does not detect that a factorization failed");
}

static PetscErrorCode (*PetscRsSuperluDist)(Mat, MatFactorType, Mat *);

/* SuperLU_DIST reads before its arrays where there are no rows. */
static PetscErrorCode PetscRsSuperluDistWithRows(Mat mat, MatFactorType type, Mat *factor)
{
  *factor = NULL;
  if (!mat->rmap->N) return PetscRsError("MatGetFactor", __FILE__, PETSC_ERR_SUP, "SuperLU_DIST factors no matrix without rows");
  return PetscRsSuperluDist(mat, type, factor);
}

static PetscErrorCode PetscRsSuperluDistGuard(void)
{
  PetscErrorCode (*make)(Mat, MatFactorType, Mat *) = NULL;
  PetscErrorCode ierr = MatSolverTypeGet(MATSOLVERSUPERLU_DIST, MATSEQAIJ, MAT_FACTOR_LU, NULL, NULL, &make);

  if (ierr || !make || make == PetscRsSuperluDistWithRows) return ierr;
  PetscRsSuperluDist = make;
  ierr               = MatSolverTypeRegister(MATSOLVERSUPERLU_DIST, MATSEQAIJ, MAT_FACTOR_LU, PetscRsSuperluDistWithRows);
  return ierr ? ierr : MatSolverTypeRegister(MATSOLVERSUPERLU_DIST, MATMPIAIJ, MAT_FACTOR_LU, PetscRsSuperluDistWithRows);
}

static PetscErrorCode (*PetscRsColorByIncidence)(MatColoring, ISColoring *);

/* MINPACKido() searches an array up to the sum of the squares of the row lengths divided by the number of columns.
   It starts at 0, and if the sum exceeds the range of an index, it writes before its array. */
static PetscErrorCode PetscRsColorCheck(Mat mat)
{
  PetscInt       first, end, bs = 1, rows = 0, columns = 0, n;
  PetscReal      mine = 0, sum = 0;
  PetscBool      blocks;
  PetscErrorCode ierr = PetscObjectTypeCompareAny((PetscObject)mat, &blocks, MATSEQBAIJ, MATMPIBAIJ, "");

  if (!ierr && blocks) ierr = MatGetBlockSize(mat, &bs);
  if (!ierr) ierr = MatGetOwnershipRange(mat, &first, &end);
  for (; !ierr && first < end; first += bs) {
    ierr = MatGetRow(mat, first, &n, NULL, NULL);
    mine += (PetscReal)(n / bs) * (PetscReal)(n / bs);
    if (!ierr) ierr = MatRestoreRow(mat, first, &n, NULL, NULL);
  }
  if (!ierr) ierr = MatGetSize(mat, &rows, &columns);
  if (!ierr && rows != columns) ierr = PetscRsError("MatColoringApply", __FILE__, PETSC_ERR_SUP, "the coloring id requires a square matrix");
  if (ierr) return ierr;
  if (MPI_Allreduce(&mine, &sum, 1, MPIU_REAL, MPIU_SUM, PetscObjectComm((PetscObject)mat))) return PetscRsError("MatColoringApply", __FILE__, PETSC_ERR_LIB, "MPI_Allreduce failed");
  if (sum >= (PetscReal)(columns / bs) && sum < (PetscReal)PETSC_MAX_INT) return ierr;
  return PetscRsError("MatColoringApply", __FILE__, PETSC_ERR_SUP, "the coloring id requires about one entry in each column, and fewer than 2^31 pairs of entries in a row");
}

/* MatGetColumnIJ_SeqAIJ_Inode() reads the first entry of each group of equal rows, even if the rows are empty. */
static PetscErrorCode PetscRsColorRows(Mat mat)
{
  PetscInt       first, end, n = 1;
  int            mine = 0, any = 0;
  PetscBool      plain;
  PetscErrorCode ierr = PetscObjectTypeCompareAny((PetscObject)mat, &plain, MATSEQAIJ, MATMPIAIJ, "");

  if (ierr || !plain) return ierr;
  ierr = MatGetOwnershipRange(mat, &first, &end);
  for (; !ierr && !mine && first < end; first++) {
    ierr = MatGetRow(mat, first, &n, NULL, NULL);
    mine = !n;
    if (!ierr) ierr = MatRestoreRow(mat, first, &n, NULL, NULL);
  }
  if (MPI_Allreduce(&mine, &any, 1, MPI_INT, MPI_MAX, PetscObjectComm((PetscObject)mat))) return PetscRsError("MatColoringApply", __FILE__, PETSC_ERR_LIB, "MPI_Allreduce failed");
  if (ierr || !any) return ierr;
  return PetscRsError("MatColoringApply", __FILE__, PETSC_ERR_SUP, "the colorings sl, lf and id do not support a matrix of type aij with empty rows");
}

static PetscErrorCode (*PetscRsColorSmallestLast)(MatColoring, ISColoring *);
static PetscErrorCode (*PetscRsColorLargestFirst)(MatColoring, ISColoring *);

static PetscErrorCode PetscRsColorSL(MatColoring mc, ISColoring *coloring)
{
  PetscErrorCode ierr = PetscRsColorRows(mc->mat);

  return ierr ? ierr : PetscRsColorSmallestLast(mc, coloring);
}

static PetscErrorCode PetscRsColorLF(MatColoring mc, ISColoring *coloring)
{
  PetscErrorCode ierr = PetscRsColorRows(mc->mat);

  return ierr ? ierr : PetscRsColorLargestFirst(mc, coloring);
}

static PetscErrorCode PetscRsColorID(MatColoring mc, ISColoring *coloring)
{
  PetscBool      rows = PETSC_FALSE;
  PetscErrorCode ierr = PetscRsMatHasOperation(mc->mat, MATOP_GET_ROW, &rows);

  if (!ierr && rows) ierr = PetscRsColorCheck(mc->mat);
  if (!ierr) ierr = PetscRsColorRows(mc->mat);
  return ierr ? ierr : PetscRsColorByIncidence(mc, coloring);
}

PETSC_EXTERN PetscErrorCode MatColoringCreate_SL(MatColoring);
PETSC_EXTERN PetscErrorCode MatColoringCreate_LF(MatColoring);
PETSC_EXTERN PetscErrorCode MatColoringCreate_ID(MatColoring);

static PetscErrorCode PetscRsColoringCreateSL(MatColoring mc)
{
  PetscErrorCode ierr = MatColoringCreate_SL(mc);

  PetscRsColorSmallestLast = mc->ops->apply;
  mc->ops->apply           = PetscRsColorSL;
  return ierr;
}

static PetscErrorCode PetscRsColoringCreateLF(MatColoring mc)
{
  PetscErrorCode ierr = MatColoringCreate_LF(mc);

  PetscRsColorLargestFirst = mc->ops->apply;
  mc->ops->apply           = PetscRsColorLF;
  return ierr;
}

static PetscErrorCode PetscRsColoringCreateID(MatColoring mc)
{
  PetscErrorCode ierr = MatColoringCreate_ID(mc);

  PetscRsColorByIncidence = mc->ops->apply;
  mc->ops->apply          = PetscRsColorID;
  return ierr;
}

/* The ordering wbm reads patterns that it did not get, and values beyond those of a matrix; its library ends the process
   where it is built without MC64, as it is now. */
static PetscErrorCode PetscRsOrderWBM(Mat mat, MatOrderingType type, IS *rows, IS *columns)
{
  (void)mat;
  (void)type;
  (void)rows;
  (void)columns;
  return PetscRsError("MatGetOrdering", __FILE__, PETSC_ERR_SUP, "the ordering wbm needs MC64, which is not there");
}

static PetscErrorCode (*PetscRsOrderByDissection)(Mat, MatOrderingType, IS *, IS *);

/* The ordering nd converts a matrix that has no pattern, and does not look whether the other one has a pattern. */
static PetscErrorCode PetscRsOrderND(Mat mat, MatOrderingType type, IS *rows, IS *columns)
{
  Mat            copy = NULL;
  PetscErrorCode ierr, end;

  if (mat->ops->getrowij) return PetscRsOrderByDissection(mat, type, rows, columns);
  ierr = MatConvert(mat, MATSEQAIJ, MAT_INITIAL_MATRIX, &copy);
  if (ierr) return ierr;
  if (copy->ops->getrowij) ierr = PetscRsOrderByDissection(copy, type, rows, columns);
  else ierr = PetscRsError("MatGetOrdering", __FILE__, PETSC_ERR_SUP, "the matrix has no pattern, and cannot be converted to a type that has one");
  end = MatDestroy(&copy);
  return ierr ? ierr : end;
}

/* Puts ours in the place of orderings. */
static PetscErrorCode PetscRsOrderGuard(void)
{
  PetscErrorCode (*order)(Mat, MatOrderingType, IS *, IS *) = NULL;
  PetscErrorCode ierr = PetscFunctionListFind(MatOrderingList, MATORDERINGND, &order);

  if (!ierr && order && order != PetscRsOrderND) {
    PetscRsOrderByDissection = order;
    ierr                     = MatOrderingRegister(MATORDERINGND, PetscRsOrderND);
  }
  return ierr ? ierr : MatOrderingRegister(MATORDERINGWBM, PetscRsOrderWBM);
}

static struct _MatOps PetscRsSellOps;

/* Slices are padded with entries in the first column, which the off-diagonal part of a distributed matrix may not
   have. */
static PetscErrorCode PetscRsSellMultAdd(Mat mat, Vec x, Vec y, Vec z)
{
  return mat->cmap->n ? PetscRsSellOps.multadd(mat, x, y, z) : VecCopy(y, z);
}

static PetscErrorCode PetscRsSellMult(Mat mat, Vec x, Vec y)
{
  return mat->cmap->n ? PetscRsSellOps.mult(mat, x, y) : VecZeroEntries(y);
}

static PetscErrorCode PetscRsSellMultTransposeAdd(Mat mat, Vec x, Vec y, Vec z)
{
  return mat->cmap->n ? PetscRsSellOps.multtransposeadd(mat, x, y, z) : VecCopy(y, z);
}

static PetscErrorCode PetscRsSellMultTranspose(Mat mat, Vec x, Vec y)
{
  return mat->cmap->n ? PetscRsSellOps.multtranspose(mat, x, y) : VecZeroEntries(y);
}

  #if PETSC_VERSION_LT(3, 20, 0)
static PetscErrorCode (*PetscRsSellPreallocate)(Mat, PetscInt, const PetscInt[]);

/* A matrix whose rows do not fill slices of 8 is corrupted when an entry needs more storage. */
static PetscErrorCode PetscRsSellSetValues(Mat mat, PetscInt m, const PetscInt rows[], PetscInt n, const PetscInt columns[], const PetscScalar values[], InsertMode mode)
{
  PetscErrorCode ierr = (PetscErrorCode)0;

  if (mat->rmap->n % 8) ierr = MatSetOption(mat, MAT_NEW_NONZERO_ALLOCATION_ERR, PETSC_TRUE);
  return ierr ? ierr : PetscRsSellOps.setvalues(mat, m, rows, n, columns, values, mode);
}

/* MatDuplicate() does not copy the number of slices. */
static PetscErrorCode PetscRsSellDuplicate(Mat mat, MatDuplicateOption option, Mat *copy)
{
  Mat            rows = NULL;
  PetscErrorCode ierr = MatConvert(mat, MATSEQAIJ, MAT_INITIAL_MATRIX, &rows), end;

  if (!ierr) ierr = MatConvert(rows, MATSEQSELL, MAT_INITIAL_MATRIX, copy);
  if (!ierr && option != MAT_COPY_VALUES) ierr = MatZeroEntries(*copy);
  end = MatDestroy(&rows);
  return ierr ? ierr : end;
}

/* The row lengths are read even if there are no rows. */
static PetscErrorCode PetscRsSellSetPreallocation(Mat mat, PetscInt most, const PetscInt lengths[])
{
  PetscErrorCode ierr = PetscLayoutSetUp(mat->rmap);

  if (ierr) return ierr;
  return PetscRsSellPreallocate(mat, most, mat->rmap->n ? lengths : NULL);
}

static PetscErrorCode PetscRsSellMend(Mat mat)
{
  PetscErrorCode ierr = PetscObjectQueryFunction((PetscObject)mat, "MatSeqSELLSetPreallocation_C", &PetscRsSellPreallocate);

  mat->ops->setvalues = PetscRsSellSetValues;
  mat->ops->duplicate = PetscRsSellDuplicate;
  if (ierr) return ierr;
  return PetscObjectComposeFunction((PetscObject)mat, "MatSeqSELLSetPreallocation_C", PetscRsSellSetPreallocation);
}
  #endif

PETSC_EXTERN PetscErrorCode MatCreate_SeqSELL(Mat);

static PetscErrorCode PetscRsSellCreate(Mat mat)
{
  PetscErrorCode ierr = MatCreate_SeqSELL(mat);

  if (ierr) return ierr;
  PetscRsSellOps             = *mat->ops;
  mat->ops->mult             = PetscRsSellMult;
  mat->ops->multadd          = PetscRsSellMultAdd;
  mat->ops->multtranspose    = PetscRsSellMultTranspose;
  mat->ops->multtransposeadd = PetscRsSellMultTransposeAdd;
  #if PETSC_VERSION_LT(3, 20, 0)
  ierr = PetscRsSellMend(mat);
  #endif
  return ierr;
}

static PetscInt PetscRsRelaxable = -1;

/* Finds the first (block) row without an entry on the diagonal. */
static PetscErrorCode PetscRsMissingDiagonal(Mat mat, PetscBool *missing, PetscInt *row)
{
  #if PETSC_VERSION_LT(3, 25, 0)
  return MatMissingDiagonal(mat, missing, row);
  #else
  const PetscInt *starts, *columns;
  PetscInt        n;
  PetscBool       done;

  PetscCall(MatGetRowIJ(mat, 0, PETSC_FALSE, PETSC_TRUE, &n, &starts, &columns, &done));
  PetscCheck(done, PETSC_COMM_SELF, PETSC_ERR_SUP, "the places of the entries are not available for a matrix of type %s", ((PetscObject)mat)->type_name);
  *missing = PETSC_FALSE;
  for (PetscInt i = 0; i < n && !*missing; i++) {
    PetscInt k = starts[i];

    while (k < starts[i + 1] && columns[k] != i) k++;
    *missing = k == starts[i + 1] ? PETSC_TRUE : PETSC_FALSE;
    *row     = i;
  }
  return MatRestoreRowIJ(mat, 0, PETSC_FALSE, PETSC_TRUE, &n, &starts, &columns, &done);
  #endif
}

/* Relaxation reads the entries on the diagonal, also where they are not stored: before 3.25 for all these types, since
   then for blocks. */
static PetscErrorCode PetscRsDiagonalCheck(Mat mat)
{
  PetscBool      known = PETSC_FALSE, missing = PETSC_FALSE;
  PetscInt       fits  = 0, row = 0;
  PetscErrorCode ierr = PetscObjectComposedDataGetInt((PetscObject)mat, PetscRsRelaxable, fits, known);

  if (ierr || (known && fits)) return ierr;
  if (mat->rmap->n != mat->cmap->n) return PetscRsError("MatSOR", __FILE__, PETSC_ERR_ARG_SIZ, "the diagonal is needed of a matrix that is square on each rank");
  ierr = PetscRsMissingDiagonal(mat, &missing, &row);
  if (ierr) return ierr;
  PetscCheck(!missing, PETSC_COMM_SELF, PETSC_ERR_ARG_WRONGSTATE, "an entry is needed on the diagonal of each row, and there is none in (block) row %" PetscInt_FMT, row);
  return PetscObjectComposedDataSetInt((PetscObject)mat, PetscRsRelaxable, 1);
}

  #if PETSC_VERSION_LT(3, 25, 0)
  #define PETSC_RS_RELAXED(X) X(SeqAIJ, MATSEQAIJ) X(SeqSBAIJ, MATSEQSBAIJ) X(SeqSELL, MATSEQSELL)

  #define PETSC_RS_CREATE_RELAXED(name, type) \
    static PetscErrorCode (*PetscRsMake##name)(Mat); \
    static PetscErrorCode (*PetscRsSOR##name)(Mat, Vec, PetscReal, MatSORType, PetscReal, PetscInt, PetscInt, Vec); \
    static PetscErrorCode PetscRsRelax##name(Mat mat, Vec b, PetscReal omega, MatSORType sweep, PetscReal shift, PetscInt its, PetscInt local, Vec x) \
    { \
      PetscErrorCode ierr = PetscRsDiagonalCheck(mat); \
      return ierr ? ierr : PetscRsSOR##name(mat, b, omega, sweep, shift, its, local, x); \
    } \
    static PetscErrorCode PetscRsCreate##name(Mat mat) \
    { \
      PetscErrorCode ierr = PetscRsMake##name(mat); \
      if (ierr) return ierr; \
      PetscRsSOR##name = mat->ops->sor; \
      mat->ops->sor    = PetscRsRelax##name; \
      return ierr; \
    }
PETSC_RS_RELAXED(PETSC_RS_CREATE_RELAXED)
  #endif

/* Relaxation of blocks, the function for which comes later, inverts those on the diagonal. */
static PetscErrorCode (*PetscRsMakeSeqBAIJ)(Mat);
static PetscErrorCode (*PetscRsInvertBlocks)(Mat, const PetscScalar **);

static PetscErrorCode PetscRsInvertDiagonalBlocks(Mat mat, const PetscScalar **blocks)
{
  PetscErrorCode ierr = PetscRsDiagonalCheck(mat);

  return ierr ? ierr : PetscRsInvertBlocks(mat, blocks);
}

static PetscErrorCode PetscRsCreateSeqBAIJ(Mat mat)
{
  PetscErrorCode ierr = PetscRsMakeSeqBAIJ(mat);

  if (ierr) return ierr;
  PetscRsInvertBlocks           = mat->ops->invertblockdiagonal;
  mat->ops->invertblockdiagonal = PetscRsInvertDiagonalBlocks;
  return ierr;
}

  #if PETSC_VERSION_GE(3, 21, 0)
static PetscErrorCode (*PetscRsMakeComposite)(Mat);

/* Since 3.21, MatDuplicate() and MatCopy() are those of MATSHELL: both matrices would destroy the same parts. */
static PetscErrorCode PetscRsCreateComposite(Mat mat)
{
  PetscErrorCode ierr = PetscRsMakeComposite(mat);

  if (ierr) return ierr;
  mat->ops->duplicate = NULL;
  mat->ops->copy      = NULL;
  return ierr;
}
  #endif

  #if PETSC_VERSION_GE(3, 24, 0)
static PetscErrorCode (*PetscRsMakeDiagBroyden)(Mat);

/* Since 3.24, the base of the type calls a function for transposed products, which this type does not have. */
static PetscErrorCode PetscRsCreateDiagBroyden(Mat mat)
{
  PetscErrorCode ierr = PetscRsMakeDiagBroyden(mat);

  if (ierr) return ierr;
  mat->ops->multtranspose          = NULL;
  mat->ops->multhermitiantranspose = NULL;
  return ierr;
}
  #endif

static PetscErrorCode (*PetscRsMakeAdj)(Mat);

/* MatCreateSubMatrices() writes its results to places that it has not made. */
static PetscErrorCode PetscRsCreateAdj(Mat mat)
{
  PetscErrorCode ierr = PetscRsMakeAdj(mat);

  if (!ierr) mat->ops->createsubmatrices = NULL;
  return ierr;
}
#endif

/* Repairs or refuses types of matrices, packages and colorings that access invalid memory. Without PETSc's private
   headers, this has no effect. */
PetscErrorCode PetscRsMatGuard(void)
{
#if defined(PETSC_RS_MATIMPL)
  PetscErrorCode ierr = MatInitializePackage();

  if (!ierr) ierr = MatSolverTypeRegister(MATSOLVERBAS, MATSEQAIJ, MAT_FACTOR_ICC, PetscRsNoBas);
  if (!ierr) ierr = PetscRsSuperluDistGuard();
  if (!ierr) ierr = PetscRsOrderGuard();
  if (!ierr) ierr = MatColoringRegister(MATCOLORINGSL, PetscRsColoringCreateSL);
  if (!ierr) ierr = MatColoringRegister(MATCOLORINGLF, PetscRsColoringCreateLF);
  if (!ierr) ierr = MatColoringRegister(MATCOLORINGID, PetscRsColoringCreateID);
  if (!ierr) ierr = MatRegister(MATSEQSELL, PetscRsSellCreate);
  if (!ierr && PetscRsRelaxable < 0) ierr = PetscObjectComposedDataRegister(&PetscRsRelaxable);
  #if PETSC_VERSION_LT(3, 25, 0)
  PETSC_RS_RELAXED(PETSC_RS_REPLACE)
  #endif
  PETSC_RS_REPLACE(SeqBAIJ, MATSEQBAIJ)
  PETSC_RS_REPLACE(Adj, MATMPIADJ)
  #if PETSC_VERSION_GE(3, 21, 0)
  PETSC_RS_REPLACE(Composite, MATCOMPOSITE)
  #endif
  #if PETSC_VERSION_GE(3, 24, 0)
  if (!ierr) ierr = KSPInitializePackage(); /* it registers this type */
  PETSC_RS_REPLACE(DiagBroyden, MATLMVMDIAGBROYDEN)
  #endif
  #if PETSC_VERSION_LT(3, 20, 0)
  if (!ierr) ierr = PetscRsRowsGuard();
  #endif
  return ierr;
#else
  return (PetscErrorCode)0;
#endif
}

/* MatHeaderMerge(), as in MatAXPY(), gives a matrix the data of another one, but not the functions that compress rows of
   equal patterns (inodes): orderings then do not fit the rows that MatLUFactorNumeric() takes together. Finds the rows
   again, which the assembly does for a new pattern. */
PetscErrorCode PetscRsMatFindInodes(Mat mat)
{
#if defined(PETSC_RS_MATIMPL)
  PetscErrorCode (*inodes)(Mat, PetscInt *, PetscInt **, PetscInt *) = NULL;
  PetscInt       count = 0, limit, *sizes = NULL, n = 0;
  PetscBool      done;
  PetscErrorCode ierr = PetscObjectQueryFunction((PetscObject)mat, "MatInodeGetInodeSizes_C", &inodes);

  if (ierr || !inodes || !mat->assembled || mat->factortype || mat->rmap->n != mat->cmap->n || !mat->ops->getrowij) return ierr;
  ierr = inodes(mat, &count, &sizes, &limit);
  if (!ierr) ierr = mat->ops->getrowij(mat, 0, PETSC_FALSE, PETSC_TRUE, &n, NULL, NULL, &done);
  if (ierr || n == (sizes ? count : mat->rmap->n)) return ierr;
  mat->nonzerostate++;
  ierr = MatAssemblyBegin(mat, MAT_FINAL_ASSEMBLY);
  return ierr ? ierr : MatAssemblyEnd(mat, MAT_FINAL_ASSEMBLY);
#else
  (void)mat;
  return (PetscErrorCode)0;
#endif
}

/* Solvers compare these numbers to determine whether a new setup is required: a matrix of another type is another
   matrix. */
PetscErrorCode PetscRsMatRenew(Mat mat, PetscObjectState before)
{
#if defined(PETSC_RS_MATIMPL)
  if (mat->nonzerostate <= before) mat->nonzerostate = before + 1;
#else
  (void)mat;
  (void)before;
#endif
  return (PetscErrorCode)0;
}

PetscErrorCode PetscRsPlexCreateBox(MPI_Comm comm, PetscInt dim, PetscBool simplex, const PetscInt faces[], const PetscReal lower[], const PetscReal upper[], const DMBoundaryType boundaries[], DM *dm)
{
#if PETSC_VERSION_LT(3, 22, 0)
  return DMPlexCreateBoxMesh(comm, dim, simplex, faces, lower, upper, boundaries, PETSC_TRUE, dm);
#else
  return DMPlexCreateBoxMesh(comm, dim, simplex, faces, lower, upper, boundaries, PETSC_TRUE, 0, PETSC_TRUE, dm);
#endif
}

static MPI_Datatype PetscRsUnit(int kind)
{
  return kind == 0 ? MPIU_INT : kind == 1 ? MPIU_REAL : MPIU_SCALAR;
}

static MPI_Op PetscRsOperation(int how)
{
  return how == 0 ? MPI_REPLACE : how == 1 ? MPIU_SUM : how == 2 ? MPIU_MAX : MPIU_MIN;
}

PetscErrorCode PetscRsSFBroadcast(PetscSF sf, int kind, const void *roots, void *leaves, int how)
{
  PetscErrorCode ierr = PetscSFBcastBegin(sf, PetscRsUnit(kind), roots, leaves, PetscRsOperation(how));

  if (ierr) return ierr;
  return PetscSFBcastEnd(sf, PetscRsUnit(kind), roots, leaves, PetscRsOperation(how));
}

PetscErrorCode PetscRsSFReduce(PetscSF sf, int kind, const void *leaves, void *roots, int how)
{
  PetscErrorCode ierr = PetscSFReduceBegin(sf, PetscRsUnit(kind), leaves, roots, PetscRsOperation(how));

  if (ierr) return ierr;
  return PetscSFReduceEnd(sf, PetscRsUnit(kind), leaves, roots, PetscRsOperation(how));
}

PetscErrorCode PetscRsSFFetchAndAdd(PetscSF sf, int kind, void *roots, const void *leaves, void *before)
{
  PetscErrorCode ierr = PetscSFFetchAndOpBegin(sf, PetscRsUnit(kind), roots, leaves, before, MPIU_SUM);

  if (ierr) return ierr;
  return PetscSFFetchAndOpEnd(sf, PetscRsUnit(kind), roots, leaves, before, MPIU_SUM);
}

PetscErrorCode PetscRsSFGather(PetscSF sf, int kind, const void *leaves, void *all)
{
  PetscErrorCode ierr = PetscSFGatherBegin(sf, PetscRsUnit(kind), leaves, all);

  if (ierr) return ierr;
  return PetscSFGatherEnd(sf, PetscRsUnit(kind), leaves, all);
}

extern int SCOTCH_numSizeof(void) __attribute__((weak));

int PetscRsScotchFits(void)
{
  return !SCOTCH_numSizeof || SCOTCH_numSizeof() == (int)sizeof(PetscInt);
}

#if defined(__has_include)
  #if __has_include(<petsc/private/pcimpl.h>)
    #include <petsc/private/pcimpl.h>
    #define PETSC_RS_PCIMPL
  #endif
#endif

#if defined(__has_include)
  #if __has_include(<petsc/private/pcmgimpl.h>)
    #include <petsc/private/pcmgimpl.h>
    #define PETSC_RS_PCMGIMPL
  #endif
#endif

#if defined(PETSC_RS_PCIMPL) && defined(PETSC_RS_PCMGIMPL)
/* An error inside a preconditioner leaves a state in which its next use or its destruction accesses invalid
   memory. So every preconditioner of PETSc, also an inner one, is created by PetscRsPCCreate, which adds functions
   that repair this. */
static PetscFunctionList PetscRsPCTypes;
  #define PETSC_RS_SETUP "petsc-rs.pc.setup"

static PetscErrorCode PetscRsPCForgetTypes(void)
{
  return PetscFunctionListDestroy(&PetscRsPCTypes);
}

/* The method divides by the number of vectors in its space. */
static PetscErrorCode PetscRsDeflationCheck(PC pc)
{
  PetscInt       n = 1;
  PetscBool      is_deflation;
  PetscErrorCode ierr = PetscObjectTypeCompare((PetscObject)pc, PCDEFLATION, &is_deflation);

  if (!ierr && is_deflation && pc->pmat) ierr = MatGetSize(pc->pmat, &n, NULL);
  if (ierr || n) return ierr;
  return PetscRsError("PCSetUp", __FILE__, PETSC_ERR_ARG_SIZ, "deflation requires a matrix with rows");
}

/* First fields of the data of factorization preconditioners (PC_Factor), from 3.18 to 3.26. */
typedef struct {
  Mat             factor;
  MatFactorInfo   info;
  MatOrderingType ordering;
} PetscRsPCFactor;

  #define PETSC_RS_FACTOR_OF "petsc-rs.pc.factor-of"

/* The factor of a factorization preconditioner, or NULL. In place, it is the matrix. */
static PetscErrorCode PetscRsFactor(PC pc, PetscRsPCFactor **data, Mat *factor)
{
  PetscBool      factors, in_place;
  PetscErrorCode ierr = PetscObjectTypeCompareAny((PetscObject)pc, &factors, PCLU, PCILU, PCCHOLESKY, PCICC, PCQR, "");

  *data   = NULL;
  *factor = NULL;
  if (ierr || !factors || !pc->pmat) return ierr;
  *data = (PetscRsPCFactor *)pc->data;
  ierr  = PCFactorGetUseInPlace(pc, &in_place);
  if (!ierr && !in_place) *factor = (*data)->factor;
  return ierr;
}

/* The matrix for which a factor was created. */
typedef struct {
  char             type[64];
  PetscInt         rows, columns, bs;
  const void      *data;
  PetscObjectState nonzeros;
} PetscRsFactorOf;

static PetscErrorCode PetscRsFactorDescribe(Mat a, PetscRsFactorOf *now)
{
  MatType        type;
  PetscMPIInt    size;
  PetscErrorCode ierr = MatGetType(a, &type);

  if (!ierr) ierr = (PetscErrorCode)MPI_Comm_size(PetscObjectComm((PetscObject)a), &size);
  if (!ierr) ierr = PetscStrncpy(now->type, type, sizeof(now->type));
  if (!ierr) ierr = MatGetLocalSize(a, &now->rows, &now->columns);
  if (!ierr) ierr = MatGetBlockSize(a, &now->bs);
  if (!ierr) ierr = MatGetNonzeroState(a, &now->nonzeros);
  /* Addresses are reused on some ranks only, and all ranks must make the same decision. */
  now->data = !ierr && size == 1 ? a->data : NULL;
  return ierr;
}

/* PCSetUp() compares numbers of the pattern. MatHeaderMerge(), as in MatAXPY(), takes the number of another matrix. */
static PetscBool PetscRsFactorFits(const PetscRsFactorOf *before, const PetscRsFactorOf *now)
{
  if (strcmp(before->type, now->type) || before->rows != now->rows || before->columns != now->columns || before->bs != now->bs) return PETSC_FALSE;
  if (now->nonzeros > before->nonzeros) return PETSC_TRUE;
  return now->nonzeros == before->nonzeros && now->data == before->data ? PETSC_TRUE : PETSC_FALSE;
}

/* The set-up uses an existing factor, which may be that of an earlier matrix of another type or pattern. The ordering that
   was selected for it stays, too. */
static PetscErrorCode PetscRsFactorForget(PC pc)
{
  PetscContainer   container = NULL;
  PetscRsFactorOf *before, now;
  PetscRsPCFactor *data;
  PetscBool        external = PETSC_FALSE;
  Mat              factor;
  PetscErrorCode   ierr = PetscRsFactor(pc, &data, &factor);

  if (ierr || !data || (!factor && pc->setupcalled)) return ierr;
  if (factor) {
    ierr = PetscObjectQuery((PetscObject)factor, PETSC_RS_FACTOR_OF, (PetscObject *)&container);
    if (ierr || !container) return ierr;
    ierr = PetscContainerGetPointer(container, (void **)&before);
    if (!ierr) ierr = PetscRsFactorDescribe(pc->pmat, &now);
    if (ierr || PetscRsFactorFits(before, &now) || !pc->ops->reset) return ierr;
    pc->setupcalled = PETSC_FALSE;
    ierr            = pc->ops->reset(pc);
  }
  if (!ierr && data->ordering) ierr = PetscStrcmp(data->ordering, MATORDERINGEXTERNAL, &external);
  if (ierr || !external) return ierr;
  /* The default for factors that use no ordering. Others would read it. */
  return PetscFree(data->ordering);
}

/* After a call that may have created a factor, and returned this error. */
static PetscErrorCode PetscRsFactorRemember(PC pc, PetscErrorCode error)
{
  PetscRsFactorOf *now = NULL;
  PetscRsPCFactor *data;
  Mat              factor;
  PetscErrorCode   ierr = PetscRsFactor(pc, &data, &factor);

  if (!ierr && factor) ierr = PetscNew(&now);
  if (!ierr && factor) ierr = PetscRsFactorDescribe(pc->pmat, now);
  if (!ierr && factor) ierr = PetscRsKeep((PetscObject)factor, PETSC_RS_FACTOR_OF, now, PetscRsKeptFree);
  return error ? error : ierr;
}

/* The numeric factorization with blocks calls a function that no symbolic factorization sets, and that with blocks
   of one entry does not check whether rows are permuted. */
static PetscErrorCode PetscRsBlocksCheck(PC pc)
{
  PetscBool       is_symmetric, is_icc, blocks = PETSC_FALSE;
  PetscInt        bs       = 0;
  MatSolverType   package  = NULL;
  MatOrderingType ordering = NULL;
  PetscErrorCode  ierr     = PetscObjectTypeCompareAny((PetscObject)pc, &is_symmetric, PCICC, PCCHOLESKY, "");

  if (!ierr && is_symmetric && pc->pmat) ierr = PetscObjectTypeCompare((PetscObject)pc->pmat, MATSEQBAIJ, &blocks);
  if (!ierr && blocks) ierr = PCFactorGetMatSolverType(pc, &package);
  if (ierr || !blocks || (package && strcmp(package, MATSOLVERPETSC) != 0)) return ierr;
  ierr = MatGetBlockSize(pc->pmat, &bs);
  if (!ierr) ierr = PetscObjectTypeCompare((PetscObject)pc, PCICC, &is_icc);
  if (ierr) return ierr;
  ordering = ((PetscRsPCFactor *)pc->data)->ordering;
  if (bs == 1 && (ordering ? !strcmp(ordering, MATORDERINGNATURAL) : is_icc)) return ierr;
  return PetscRsError("PCSetUp", __FILE__, PETSC_ERR_SUP, "PETSc has no symmetric factorization of a matrix of type baij: convert it to sbaij");
}

/* Without a DM, PCMG has interpolations from elsewhere, or none. */
static PetscErrorCode PetscRsMGCheck(PC pc)
{
  PetscBool      is_mg = PETSC_FALSE;
  PC_MG_Levels **levels;
  PetscInt       i;
  PetscErrorCode ierr = PetscObjectTypeCompare((PetscObject)pc, PCMG, &is_mg);

  if (ierr || !is_mg || pc->dm || pc->setupcalled) return ierr;
  levels = ((PC_MG *)pc->data)->levels;
  if (!levels || ((PC_MG *)pc->data)->galerkin == PC_MG_GALERKIN_EXTERNAL || ((PC_MG *)pc->data)->coarseSpaceType == PCMG_ADAPT_GDSW) return ierr;
  for (i = levels[0]->levels - 1; i > 0; i--) {
    if (!levels[i]->interpolate && !levels[i]->restrct) return PetscRsError("PCSetUp", __FILE__, PETSC_ERR_ORDER, "a level of multigrid has no interpolation, and there is no DM that makes one");
  }
  return ierr;
}

/* These types read the storage of the matrix, which has gaps before it is assembled. */
static PetscErrorCode PetscRsAssembledCheck(PC pc)
{
  PetscBool      reads = PETSC_FALSE;
  PetscErrorCode ierr  = PetscObjectTypeCompareAny((PetscObject)pc, &reads, PCCP, PCTFS, PCML, "");

  if (ierr || !reads || !pc->pmat || pc->pmat->assembled) return ierr;
  return PetscRsError("PCSetUp", __FILE__, PETSC_ERR_ARG_WRONGSTATE, "the matrix is not assembled");
}

/* Whether the last row of this rank has an entry in a column of this rank. Yes without rows. */
static PetscErrorCode PetscRsLastRowIsStored(Mat mat, PetscBool *stored)
{
  const PetscInt *columns;
  PetscInt        end, first, last, n, i;
  PetscErrorCode  ierr = MatGetOwnershipRange(mat, NULL, &end);

  *stored = mat->rmap->n ? PETSC_FALSE : PETSC_TRUE;
  if (!ierr) ierr = MatGetOwnershipRangeColumn(mat, &first, &last);
  if (ierr || *stored) return ierr;
  ierr = MatGetRow(mat, end - 1, &n, &columns, NULL);
  if (ierr) return ierr;
  for (i = 0; i < n; i++) {
    if (columns[i] >= first && columns[i] < last) *stored = PETSC_TRUE;
  }
  return MatRestoreRow(mat, end - 1, &n, &columns, NULL);
}

/* Hypre reads the first entry of each row, also where a row has none: for the last row, beyond the entries. */
static PetscErrorCode PetscRsHypreCheck(PC pc)
{
  PetscBool      is_hypre = PETSC_FALSE, rows = PETSC_FALSE, stored = PETSC_TRUE;
  Mat            mat  = pc->pmat, copy = NULL;
  PetscErrorCode ierr = PetscObjectTypeCompare((PetscObject)pc, PCHYPRE, &is_hypre), end;
  int            mine, any = 0;

  if (ierr || !is_hypre || !mat) return ierr;
  ierr = PetscRsMatHasOperation(mat, MATOP_GET_ROW, &rows);
  if (!ierr && !rows) ierr = MatConvert(mat, MATAIJ, MAT_INITIAL_MATRIX, &copy);
  if (!ierr) ierr = PetscRsLastRowIsStored(copy ? copy : mat, &stored);
  end  = copy ? MatDestroy(&copy) : (PetscErrorCode)0;
  mine = ierr || !stored;
  if (end) return end;
  if (MPI_Allreduce(&mine, &any, 1, MPI_INT, MPI_MAX, PetscObjectComm((PetscObject)pc))) return PetscRsError("PCSetUp", __FILE__, PETSC_ERR_LIB, "MPI_Allreduce failed");
  return !ierr && any ? PetscRsError("PCSetUp", __FILE__, PETSC_ERR_SUP, "hypre needs an entry in the last row of each rank, in a column of that rank") : ierr;
}

  #define PETSC_RS_OPTIONS "petsc-rs.pc.options"

static PetscErrorCode PetscRsPCOptions(PC, PETSC_RS_ITEMS);

/* After an error of hypre, which later calls of hypre return again, the name is set, but none of the functions. */
static PetscErrorCode PetscRsHypreIsMade(PC pc)
{
  #if defined(PETSC_HAVE_HYPRE)
  const char    *name = NULL;
  PetscBool      is_hypre;
  PetscErrorCode ierr = PetscObjectTypeCompare((PetscObject)pc, PCHYPRE, &is_hypre);

  if (ierr || !is_hypre) return ierr;
  ierr = PCHYPREGetType(pc, &name);
  if (ierr || !name || pc->ops->setfromoptions != PetscRsPCOptions) return ierr;
  return PetscRsError("PCSetUp", __FILE__, PETSC_ERR_ARG_WRONGSTATE, "hypre did not create its preconditioner: set the type of the preconditioner again");
  #else
  (void)pc;
  return (PetscErrorCode)0;
  #endif
}

/* PCSetFromOptions() creates a factor, which it asks for the preferred ordering. That of hypre calls the function of the
   type that it has just set. */
static PetscErrorCode PetscRsPCOptions(PC pc, PETSC_RS_ITEMS items)
{
  PetscErrorCode (*options)(PC, PETSC_RS_ITEMS) = NULL;
  PetscErrorCode ierr                           = PetscObjectQueryFunction((PetscObject)pc, PETSC_RS_OPTIONS, &options);

  if (!ierr) ierr = PetscRsHypreIsMade(pc);
  if (!ierr) ierr = PetscRsFactorForget(pc);
  if (ierr || !options) return ierr;
  return PetscRsFactorRemember(pc, options(pc, items));
}

/* PCSetUp() records the state of the matrix before the set-up: after an error, the next PCApply() would consider
   the preconditioner set up. */
static PetscErrorCode PetscRsPCSetUp(PC pc)
{
  PetscErrorCode (*setup)(PC) = NULL;
  PetscErrorCode ierr         = PetscObjectQueryFunction((PetscObject)pc, PETSC_RS_SETUP, &setup);

  if (!ierr) ierr = PetscRsDeflationCheck(pc);
  if (!ierr) ierr = PetscRsBlocksCheck(pc);
  if (!ierr && pc->pmat) ierr = PetscRsMatFindInodes(pc->pmat);
  if (!ierr) ierr = PetscRsFactorForget(pc);
  if (!ierr) ierr = PetscRsAssembledCheck(pc);
  if (!ierr) ierr = PetscRsMGCheck(pc);
  if (!ierr) ierr = PetscRsHypreIsMade(pc);
  if (!ierr) ierr = PetscRsHypreCheck(pc);
  if (!ierr && setup) ierr = PetscRsFactorRemember(pc, setup(pc));
  #if defined(MatStateInvalidate)
  if (ierr) (void)MatStateInvalidate(pc->matstate);
  #else
  if (ierr) pc->matstate = pc->matnonzerostate = -1;
  #endif
  return ierr;
}

static struct _PCOps PetscRsMGOps;

/* PCMG stores the caller's vectors in its finest level, without a reference, until its cycle ends. */
static PetscErrorCode PetscRsMGEnd(PC pc, PetscErrorCode ierr, Vec b, Vec x, Mat columns, Mat solutions)
{
  PC_MG_Levels **levels = ((PC_MG *)pc->data)->levels;
  PC_MG_Levels  *finest;

  if (!ierr || !levels) return ierr;
  finest = levels[levels[0]->levels - 1];
  if (b && finest->b == b) finest->b = NULL;
  if (x && finest->x == x) finest->x = NULL;
  if (columns && finest->B == columns) finest->B = NULL;
  if (solutions && finest->X == solutions) finest->X = NULL;
  return ierr;
}

static PetscErrorCode PetscRsMGApply(PC pc, Vec b, Vec x)
{
  return PetscRsMGEnd(pc, PetscRsMGOps.apply(pc, b, x), b, x, NULL, NULL);
}

static PetscErrorCode PetscRsMGApplyTranspose(PC pc, Vec b, Vec x)
{
  return PetscRsMGEnd(pc, PetscRsMGOps.applytranspose(pc, b, x), b, x, NULL, NULL);
}

static PetscErrorCode PetscRsMGMatApply(PC pc, Mat b, Mat x)
{
  return PetscRsMGEnd(pc, PetscRsMGOps.matapply(pc, b, x), NULL, NULL, b, x);
}

  #if PETSC_VERSION_GE(3, 24, 0)
static PetscErrorCode PetscRsMGMatApplyTranspose(PC pc, Mat b, Mat x)
{
  return PetscRsMGEnd(pc, PetscRsMGOps.matapplytranspose(pc, b, x), NULL, NULL, b, x);
}
  #endif

static PetscErrorCode PetscRsMGRichardson(PC pc, Vec b, Vec x, Vec w, PetscReal rtol, PetscReal abstol, PetscReal dtol, PetscInt its, PetscBool zero, PetscInt *done, PCRichardsonConvergedReason *reason)
{
  PetscErrorCode ierr = PetscRsMGOps.applyrichardson(pc, b, x, w, rtol, abstol, dtol, its, zero, done, reason);

  return PetscRsMGEnd(pc, ierr, b, x, NULL, NULL);
}

static void PetscRsMGGuard(PC pc)
{
  if (pc->ops->apply == PetscRsMGApply) return; /* the base of another type */
  PetscRsMGOps = *pc->ops;
  if (pc->ops->apply) pc->ops->apply = PetscRsMGApply;
  if (pc->ops->applytranspose) pc->ops->applytranspose = PetscRsMGApplyTranspose;
  if (pc->ops->matapply) pc->ops->matapply = PetscRsMGMatApply;
  #if PETSC_VERSION_GE(3, 24, 0)
  if (pc->ops->matapplytranspose) pc->ops->matapplytranspose = PetscRsMGMatApplyTranspose;
  #endif
  if (pc->ops->applyrichardson) pc->ops->applyrichardson = PetscRsMGRichardson;
}

  #define PETSC_RS_PRESOLVE "petsc-rs.pc.presolve"

/* KSPSolve() does not set up a preconditioner whose type has changed since the last solve. */
static PetscErrorCode PetscRsPCPreSolve(PC pc, KSP ksp, Vec b, Vec x)
{
  PetscErrorCode (*presolve)(PC, KSP, Vec, Vec) = NULL;
  PetscErrorCode ierr                           = PetscObjectQueryFunction((PetscObject)pc, PETSC_RS_PRESOLVE, &presolve);

  if (!ierr) ierr = PCSetUp(pc);
  return ierr || !presolve ? ierr : presolve(pc, ksp, b, x);
}

  #define PETSC_RS_EXCHANGED "petsc-rs.pc.exchanged"
  #define PETSC_RS_ORIGINAL "petsc-rs.pc.original"

static struct _PCOps PetscRsEisenstatOps;

/* PCEISENSTAT replaces the operator with a shell, without a reference, until the solve ends, which an error
   prevents. So the shell is referenced and recorded from PCPreSolve() on, and removed before a reset. */
static PetscErrorCode PetscRsEisenstatForget(PC pc)
{
  PetscErrorCode ierr = PetscObjectCompose((PetscObject)pc, PETSC_RS_EXCHANGED, NULL);

  return ierr ? ierr : PetscObjectCompose((PetscObject)pc, PETSC_RS_ORIGINAL, NULL);
}

/* An earlier solve failed, and the operators are new: the type holds the reference to the previous operator, and
   drops it. */
static PetscErrorCode PetscRsEisenstatGiveUp(PC pc)
{
  PetscObject    original = NULL;
  PetscErrorCode ierr     = PetscObjectQuery((PetscObject)pc, PETSC_RS_ORIGINAL, &original);

  if (!ierr && original) ierr = PetscObjectDereference(original);
  return ierr ? ierr : PetscRsEisenstatForget(pc);
}

static PetscErrorCode PetscRsEisenstatPreSolve(PC pc, KSP ksp, Vec b, Vec x)
{
  PetscObject    shell  = NULL;
  const Mat      before = pc->mat;
  PetscErrorCode ierr   = PetscObjectQuery((PetscObject)pc, PETSC_RS_EXCHANGED, &shell), end;

  /* A solve that failed before, perhaps by another type, has not counted itself out. */
  if (!ierr && (PetscObject)pc->mat != shell) pc->presolvedone = 1;
  if (!ierr && shell && (PetscObject)pc->mat != shell) ierr = PetscRsEisenstatGiveUp(pc);
  /* As PetscRsPCPreSolve(). */
  if (!ierr && (PetscObject)pc->mat != shell) ierr = PCSetUp(pc);
  if (ierr) return ierr;
  end = PetscRsEisenstatOps.presolve(pc, ksp, b, x);
  if (pc->mat == before) return end;
  ierr = PetscObjectReference((PetscObject)pc->mat);
  if (!ierr) ierr = PetscObjectCompose((PetscObject)pc, PETSC_RS_EXCHANGED, (PetscObject)pc->mat);
  if (!ierr) ierr = PetscObjectCompose((PetscObject)pc, PETSC_RS_ORIGINAL, (PetscObject)before);
  return end ? end : ierr;
}

static PetscErrorCode PetscRsEisenstatPostSolve(PC pc, KSP ksp, Vec b, Vec x)
{
  const Mat      before = pc->mat;
  PetscErrorCode ierr   = PetscRsEisenstatOps.postsolve(pc, ksp, b, x);

  if (ierr || pc->mat == before) return ierr;
  ierr = PetscObjectDereference((PetscObject)before);
  return ierr ? ierr : PetscRsEisenstatForget(pc);
}

static PetscErrorCode PetscRsEisenstatTakeBack(PC pc)
{
  PetscObject    shell = NULL;
  PetscErrorCode ierr  = PetscObjectQuery((PetscObject)pc, PETSC_RS_EXCHANGED, &shell);

  pc->presolvedone = 0;
  if (ierr || !shell) return ierr;
  if ((PetscObject)pc->mat != shell) return PetscRsEisenstatGiveUp(pc);
  pc->mat = pc->pmat; /* of both operators, which were one, there is a reference */
  ierr    = PetscObjectDereference(shell);
  return ierr ? ierr : PetscRsEisenstatForget(pc);
}

static PetscErrorCode PetscRsEisenstatReset(PC pc)
{
  PetscErrorCode ierr = PetscRsEisenstatTakeBack(pc);

  return ierr ? ierr : PetscRsEisenstatOps.reset(pc);
}

static PetscErrorCode PetscRsEisenstatDestroy(PC pc)
{
  PetscErrorCode ierr = PetscRsEisenstatTakeBack(pc);

  return ierr ? ierr : PetscRsEisenstatOps.destroy(pc);
}

/* Without the shell as the operator, the method multiplies with uninitialized data. */
static PetscErrorCode PetscRsEisenstatApply(PC pc, Vec b, Vec x)
{
  if (!pc->presolvedone) return PetscRsError("PCApply", __FILE__, PETSC_ERR_ARG_WRONGSTATE, "eisenstat can only be applied during a solve");
  return PetscRsEisenstatOps.apply(pc, b, x);
}

static PetscErrorCode PetscRsEisenstatApplyTranspose(PC pc, Vec b, Vec x)
{
  if (!pc->presolvedone) return PetscRsError("PCApplyTranspose", __FILE__, PETSC_ERR_ARG_WRONGSTATE, "eisenstat can only be applied during a solve");
  return PetscRsEisenstatOps.applytranspose(pc, b, x);
}

static void PetscRsEisenstatGuard(PC pc)
{
  PetscRsEisenstatOps = *pc->ops;
  pc->ops->apply      = PetscRsEisenstatApply;
  pc->ops->presolve   = PetscRsEisenstatPreSolve;
  pc->ops->postsolve  = PetscRsEisenstatPostSolve;
  pc->ops->reset      = PetscRsEisenstatReset;
  pc->ops->destroy    = PetscRsEisenstatDestroy;
  if (pc->ops->applytranspose) pc->ops->applytranspose = PetscRsEisenstatApplyTranspose;
}

  #define PETSC_RS_VIEW "petsc-rs.pc.view"

/* Some types view data that exist only between a set-up and a reset. */
static PetscErrorCode PetscRsPCView(PC pc, PetscViewer viewer)
{
  PetscErrorCode (*view)(PC, PetscViewer) = NULL;
  PetscErrorCode ierr                     = PetscObjectQueryFunction((PetscObject)pc, PETSC_RS_VIEW, &view);

  return ierr || !view || !pc->setupcalled ? ierr : view(pc, viewer);
}

static PetscErrorCode PetscRsPCCreate(PC pc)
{
  PetscErrorCode (*create)(PC) = NULL;
  PetscErrorCode ierr          = PetscFunctionListFind(PetscRsPCTypes, ((PetscObject)pc)->type_name, &create);
  PetscBool      is_mg = PETSC_FALSE, prepares = PETSC_FALSE, is_eisenstat = PETSC_FALSE, is_mpi = PETSC_FALSE, shows = PETSC_FALSE;

  if (!ierr) ierr = PetscObjectTypeCompareAny((PetscObject)pc, &shows, PCEXOTIC, PCMPI, PCDEFLATION, PCREDISTRIBUTE, PCGASM, PCBDDC, "");
  if (!ierr) ierr = PetscObjectTypeCompare((PetscObject)pc, PCMPI, &is_mpi);
  /* Since 3.19 it reads a name in the prefix, even if there is none. */
  if (!ierr && is_mpi && PETSC_VERSION_GE(3, 19, 0) && !((PetscObject)pc)->prefix) ierr = PetscRsError("PCSetType", __FILE__, PETSC_ERR_SUP, "the type mpi is reserved for PETSc's internal use");
  if (!ierr) ierr = create(pc);
  /* PCEXOTIC is called mg from now on. */
  if (!ierr) ierr = PetscObjectTypeCompare((PetscObject)pc, PCMG, &is_mg);
  if (!ierr) ierr = PetscObjectTypeCompareAny((PetscObject)pc, &prepares, PCDEFLATION, PCBDDC, "");
  if (!ierr) ierr = PetscObjectTypeCompare((PetscObject)pc, PCEISENSTAT, &is_eisenstat);
  if (ierr) return ierr;
  if (is_mg) PetscRsMGGuard(pc);
  if (is_eisenstat) PetscRsEisenstatGuard(pc);
  if (prepares) {
    ierr              = PetscObjectComposeFunction((PetscObject)pc, PETSC_RS_PRESOLVE, pc->ops->presolve);
    pc->ops->presolve = PetscRsPCPreSolve;
    if (ierr) return ierr;
  }
  if (shows) {
    ierr          = PetscObjectComposeFunction((PetscObject)pc, PETSC_RS_VIEW, pc->ops->view);
    pc->ops->view = PetscRsPCView;
  }
  if (!ierr && pc->ops->setfromoptions && pc->ops->setfromoptions != PetscRsPCOptions) {
    ierr                    = PetscObjectComposeFunction((PetscObject)pc, PETSC_RS_OPTIONS, pc->ops->setfromoptions);
    pc->ops->setfromoptions = PetscRsPCOptions;
  }
  if (ierr || !pc->ops->setup || pc->ops->setup == PetscRsPCSetUp) return ierr;
  ierr           = PetscObjectComposeFunction((PetscObject)pc, PETSC_RS_SETUP, pc->ops->setup);
  pc->ops->setup = PetscRsPCSetUp;
  return ierr;
}
#endif

/* Makes preconditioners safe after inner errors. Without PETSc's private headers, this has no effect. */
PetscErrorCode PetscRsPCGuard(void)
{
#if defined(PETSC_RS_PCIMPL) && defined(PETSC_RS_PCMGIMPL)
  const char   **names = NULL;
  int            i, n = 0;
  PetscErrorCode ierr = PCInitializePackage();

  if (ierr || PetscRsPCTypes) return ierr;
  ierr = PetscFunctionListDuplicate(PCList, &PetscRsPCTypes);
  if (!ierr) ierr = PetscRegisterFinalize(PetscRsPCForgetTypes);
  if (!ierr) ierr = PetscFunctionListGet(PetscRsPCTypes, &names, &n);
  for (i = 0; !ierr && i < n; i++) ierr = PCRegister(names[i], PetscRsPCCreate);
  PetscRsFree((void *)names);
  return ierr;
#else
  return (PetscErrorCode)0;
#endif
}

#if defined(PETSC_RS_SNESIMPL)
/* PETSc's nonlinear solvers rely on the data of an earlier set-up, and on an earlier solve to restore them: after
   a reset, with a new DM, after an error or with another size, they dereference NULL or write beyond arrays. So
   each of them, also an inner one, is created by PetscRsSNESCreate, which adds checks before set-up and solve. */
static PetscFunctionList PetscRsSNESTypes;
  #define PETSC_RS_SNES_SETUP "petsc-rs.snes.setup"
  #define PETSC_RS_SNES_SOLVE "petsc-rs.snes.solve"
  #define PETSC_RS_SNES_EXCHANGED "petsc-rs.snes.exchanged"

static PetscErrorCode PetscRsSNESForgetTypes(void)
{
  return PetscFunctionListDestroy(&PetscRsSNESTypes);
}

static PetscErrorCode PetscRsSNESCheckVec(SNES snes, Vec x, const char *text)
{
  PetscBool      nested = PETSC_FALSE, solution = PETSC_FALSE;
  PetscInt       n, m, N, M;
  PetscErrorCode ierr;

  if (!x || !snes->vec_sol) return (PetscErrorCode)0;
  ierr = PetscObjectTypeCompare((PetscObject)x, VECNEST, &nested);
  if (!ierr) ierr = PetscObjectTypeCompare((PetscObject)snes->vec_sol, VECNEST, &solution);
  if (!ierr && nested != solution) return PetscRsError("SNESSolve", __FILE__, PETSC_ERR_ARG_NOTSAMETYPE, "the solution and the other vectors must all be nested, or none of them");
  if (!ierr) ierr = VecGetLocalSize(snes->vec_sol, &n);
  if (!ierr) ierr = VecGetSize(snes->vec_sol, &N);
  if (!ierr) ierr = VecGetLocalSize(x, &m);
  if (!ierr) ierr = VecGetSize(x, &M);
  if (ierr || (m == n && M == N)) return ierr;
  return PetscRsError("SNESSolve", __FILE__, PETSC_ERR_ARG_SIZ, text);
}

static PetscErrorCode PetscRsSNESCheckMat(SNES snes, Mat a)
{
  PetscInt       n, rows, columns;
  PetscErrorCode ierr;

  if (!a || !snes->vec_sol) return (PetscErrorCode)0;
  ierr = VecGetLocalSize(snes->vec_sol, &n);
  if (!ierr) ierr = MatGetLocalSize(a, &rows, &columns);
  if (ierr || ((rows == n || rows < 0) && (columns == n || columns < 0))) return ierr;
  return PetscRsError("SNESSolve", __FILE__, PETSC_ERR_ARG_SIZ, "the sizes of the Jacobian matrix and the solution do not match");
}

/* Methods loop over several vectors with the length of one of them. */
static PetscErrorCode PetscRsSNESCheckSizes(SNES snes)
{
  const char    *old  = "the solver was set up for another number of unknowns: reset it first";
  PetscErrorCode ierr = PetscRsSNESCheckVec(snes, snes->vec_func, "the sizes of the function vector and the solution do not match");
  PetscInt       i;

  if (!ierr) ierr = PetscRsSNESCheckVec(snes, snes->vec_rhs, "the sizes of the right-hand side and the solution do not match");
  if (!ierr) ierr = PetscRsSNESCheckVec(snes, snes->vec_sol_update, old);
  if (!ierr) ierr = PetscRsSNESCheckVec(snes, snes->xl, "the sizes of the lower bound and the solution do not match");
  if (!ierr) ierr = PetscRsSNESCheckVec(snes, snes->xu, "the sizes of the upper bound and the solution do not match");
  for (i = 0; !ierr && i < snes->nwork; i++) ierr = PetscRsSNESCheckVec(snes, snes->work[i], old);
  if (!ierr) ierr = PetscRsSNESCheckMat(snes, snes->jacobian);
  if (!ierr) ierr = PetscRsSNESCheckMat(snes, snes->jacobian_pre);
  return ierr;
}

static PetscErrorCode PetscRsSNESCheckDM(SNES snes, DM dm)
{
  Vec            x    = NULL;
  PetscErrorCode ierr = DMGetGlobalVector(dm, &x), end;

  if (!ierr) ierr = PetscRsSNESCheckVec(snes, x, "the sizes of the DM's vectors and the solution do not match");
  end = x ? DMRestoreGlobalVector(dm, &x) : (PetscErrorCode)0;
  return ierr ? ierr : end;
}

  #define PETSC_RS_SNES_SUBDOMAINS "petsc-rs.snes.subdomains"

/* The subdomains of SNESNASM are those of the DM of the set-up. */
static PetscErrorCode PetscRsSNESNoteGrid(SNES snes)
{
  PetscBool      is_nasm = PETSC_FALSE;
  PetscObjectId *id      = NULL;
  DM             dm;
  PetscErrorCode ierr = PetscObjectTypeCompare((PetscObject)snes, SNESNASM, &is_nasm);

  if (ierr || !is_nasm) return ierr;
  ierr = SNESGetDM(snes, &dm);
  if (!ierr) ierr = PetscNew(&id);
  if (!ierr) ierr = PetscObjectGetId((PetscObject)dm, id);
  return ierr ? ierr : PetscRsKeep((PetscObject)snes, PETSC_RS_SNES_SUBDOMAINS, id, PetscRsKeptFree);
}

static PetscErrorCode PetscRsSNESCheckGrid(SNES snes)
{
  PetscBool      is_nasm = PETSC_FALSE, is_shell = PETSC_FALSE;
  PetscContainer container = NULL;
  PetscObjectId *before    = NULL, now = 0;
  DM             dm;
  PetscErrorCode ierr = PetscObjectTypeCompare((PetscObject)snes, SNESNASM, &is_nasm);

  if (ierr || !is_nasm) return ierr;
  ierr = PetscObjectQuery((PetscObject)snes, PETSC_RS_SNES_SUBDOMAINS, (PetscObject *)&container);
  if (!ierr && container) ierr = PetscContainerGetPointer(container, (void **)&before);
  if (!ierr) ierr = SNESGetDM(snes, &dm);
  if (!ierr) ierr = PetscObjectGetId((PetscObject)dm, &now);
  if (!ierr && before && *before != now) return PetscRsError("SNESSolve", __FILE__, PETSC_ERR_ARG_WRONGSTATE, "the solver was set up with another DM: reset it first");
  if (!ierr) ierr = PetscObjectTypeCompare((PetscObject)dm, DMSHELL, &is_shell);
  return ierr || is_shell ? ierr : PetscRsSNESCheckDM(snes, dm);
}

static PetscErrorCode PetscRsSNESFunctions(SNES snes, DMSNES *functions)
{
  DM             dm;
  PetscErrorCode ierr = SNESGetDM(snes, &dm);

  return ierr ? ierr : DMGetDMSNES(dm, functions);
}

/* Without a function, the right-hand side is that of a linear system with the Jacobian; the function of Picard's
   method multiplies with the Jacobian. SNESVINEWTONSSLS replaces the function of the DM during its solve. */
static PetscErrorCode PetscRsSNESCheckFunction(SNES snes)
{
  DMSNES         functions;
  PetscObject    whose = NULL;
  PetscErrorCode ierr  = PetscRsSNESFunctions(snes, &functions);

  if (!ierr) ierr = PetscObjectQuery((PetscObject)functions, PETSC_RS_SNES_EXCHANGED, &whose);
  if (ierr) return ierr;
  if (whose && whose != (PetscObject)snes) return PetscRsError("SNESSolve", __FILE__, PETSC_ERR_ARG_WRONGSTATE, "another solver is solving a variational inequality with the same DM");
  if (functions->ops->computefunction == SNESPicardComputeFunction && !snes->jacobian_pre) return PetscRsError("SNESSolve", __FILE__, PETSC_ERR_ORDER, "the matrices of the Picard iteration were destroyed: set them again after a reset");
  if (!functions->ops->computefunction && snes->vec_rhs && !snes->jacobian) return PetscRsError("SNESSolve", __FILE__, PETSC_ERR_ORDER, "the solver has no function: call SNESSetFunction");
  return ierr;
}

/* SNESSetUp() passes function and vectors to a nonlinear preconditioner, but a solver that is set up may get a new
   one, and its current one may be reset or get another DM. */
static PetscErrorCode PetscRsSNESGiveNPC(SNES snes)
{
  PetscErrorCode (*function)(SNES, Vec, Vec, void *)      = NULL;
  PetscErrorCode (*jacobian)(SNES, Vec, Mat, Mat, void *) = NULL;
  void          *function_ctx = NULL, *jacobian_ctx = NULL;
  SNES           npc = snes->npc;
  Vec            f, own = NULL;
  Mat            a, p;
  DM             dm;
  PetscErrorCode ierr;

  if (!npc || (npc->dm && npc->dm == snes->dm && npc->vec_func && (npc->jacobian_pre || !snes->jacobian_pre))) return (PetscErrorCode)0;
  ierr = SNESGetDM(snes, &dm);
  if (!ierr) ierr = SNESSetDM(npc, dm);
  if (!ierr) ierr = SNESGetFunction(snes, &f, &function, &function_ctx);
  if (!ierr) ierr = VecDuplicate(f, &own);
  if (!ierr) ierr = SNESSetFunction(npc, own, function, function_ctx);
  if (!ierr) ierr = SNESGetJacobian(snes, &a, &p, &jacobian, &jacobian_ctx);
  if (!ierr) ierr = SNESSetJacobian(npc, a, p, jacobian, jacobian_ctx);
  if (!ierr) ierr = VecDestroy(&own);
  if (!ierr) ierr = SNESSetTolerances(npc, 0.0, 0.0, 0.0, 1, npc->max_funcs);
  if (!ierr) ierr = SNESSetNormSchedule(npc, snes->npcside == PC_RIGHT ? SNES_NORM_FINAL_ONLY : SNES_NORM_NONE);
  if (!ierr) ierr = SNESSetFromOptions(npc);
  return ierr;
}

/* SNESQN uses a line search that only its options create. */
static PetscErrorCode PetscRsSNESGiveSearch(SNES snes)
{
  SNESLineSearch search;
  PetscBool      is_qn = PETSC_FALSE;
  PetscErrorCode ierr  = PetscObjectTypeCompare((PetscObject)snes, SNESQN, &is_qn);

  if (ierr || !is_qn) return ierr;
  ierr = SNESGetLineSearch(snes, &search);
  if (!ierr) ierr = SNESLineSearchSetFunction(search, SNESComputeFunction);
  if (!ierr && !((PetscObject)search)->type_name) ierr = SNESLineSearchSetType(search, SNESLINESEARCHCP);
  return ierr;
}

/* A failed set-up of SNESFAS leaves levels without smoothers; each level is a solver of this type. */
static PetscErrorCode PetscRsSNESCheckLevel(SNES snes)
{
  PetscBool      is_fas   = PETSC_FALSE;
  SNES           smoother = NULL;
  PetscErrorCode ierr     = PetscObjectTypeCompare((PetscObject)snes, SNESFAS, &is_fas);

  if (ierr || !is_fas) return ierr;
  ierr = SNESFASCycleGetSmoother(snes, &smoother);
  if (ierr || smoother) return ierr;
  return PetscRsError("SNESSolve", __FILE__, PETSC_ERR_ORDER, "a level has no smoother: reset the solver");
}

PETSC_EXTERN PetscErrorCode SNESComputeNGSDefaultSecant(SNES, Vec, Vec, void *);

/* What the colors of SNESNGS were made for. */
typedef struct {
  PetscInt      n;
  PetscObjectId dm, jacobian;
} PetscRsColored;

  #define PETSC_RS_SNES_COLORED "petsc-rs.snes.colored"

/* Colors stay when the DM, the matrix or the number of unknowns changes. */
static PetscErrorCode PetscRsSNESRenewColors(SNES snes, DM dm)
{
  PetscContainer  container = NULL;
  PetscRsColored *before = NULL, now = {0, 0, 0};
  PetscErrorCode  ierr = VecGetLocalSize(snes->vec_sol, &now.n);

  if (!ierr) ierr = PetscObjectGetId((PetscObject)dm, &now.dm);
  if (!ierr && snes->jacobian) ierr = PetscObjectGetId((PetscObject)snes->jacobian, &now.jacobian);
  if (!ierr) ierr = PetscObjectQuery((PetscObject)snes, PETSC_RS_SNES_COLORED, (PetscObject *)&container);
  if (!ierr && container) ierr = PetscContainerGetPointer(container, (void **)&before);
  if (ierr || (before && before->n == now.n && before->dm == now.dm && before->jacobian == now.jacobian)) return ierr;
  if (snes->ops->reset) ierr = snes->ops->reset(snes);
  if (!ierr) ierr = PetscNew(&before);
  if (ierr) return ierr;
  *before = now;
  return PetscRsKeep((PetscObject)snes, PETSC_RS_SNES_COLORED, before, PetscRsKeptFree);
}

/* SNESComputeNGSDefaultSecant() takes the data of the solver for those of SNESNGS, calls its function, and shifts entries
   by colors. */
static PetscErrorCode PetscRsSNESSecant(SNES snes, Vec x, Vec b, void *ctx)
{
  PetscBool      is_ngs, has_colors = PETSC_FALSE;
  PetscInt       n, m;
  DM             dm;
  DMSNES         functions;
  PetscErrorCode ierr = PetscObjectTypeCompare((PetscObject)snes, SNESNGS, &is_ngs);

  if (!ierr) ierr = SNESGetDM(snes, &dm);
  if (!ierr) ierr = DMGetDMSNES(dm, &functions);
  if (ierr) return ierr;
  if (!is_ngs) return PetscRsError("SNESComputeNGS", __FILE__, PETSC_ERR_ARG_WRONG, "the sweeps on the DM are those of a solver of type ngs");
  if (!functions->ops->computefunction) return PetscRsError("SNESComputeNGS", __FILE__, PETSC_ERR_ORDER, "the solver has no function: SNESSetFunction");
  if (!snes->vec_sol) return PetscRsError("SNESComputeNGS", __FILE__, PETSC_ERR_ORDER, "the solver has no solution yet");
  ierr = VecGetLocalSize(snes->vec_sol, &n);
  if (!ierr) ierr = VecGetLocalSize(x, &m);
  if (ierr) return ierr;
  if (m != n) return PetscRsError("SNESComputeNGS", __FILE__, PETSC_ERR_ARG_SIZ, "the vector does not fit the solution");
  ierr = PetscRsSNESCheckSizes(snes);
  if (!ierr) ierr = DMHasColoring(dm, &has_colors);
  if (!ierr && has_colors) ierr = PetscRsSNESCheckDM(snes, dm);
  if (!ierr) ierr = PetscRsSNESRenewColors(snes, dm);
  return ierr ? ierr : SNESComputeNGSDefaultSecant(snes, x, b, ctx);
}

static PetscErrorCode PetscRsSNESGuardSecant(SNES snes)
{
  DMSNES         functions;
  PetscErrorCode ierr = PetscRsSNESFunctions(snes, &functions);

  if (ierr || functions->ops->computegs != SNESComputeNGSDefaultSecant) return ierr;
  return SNESSetNGS(snes, PetscRsSNESSecant, functions->gsctx);
}

/* SNESSetUpMatrices() makes the DM of the linear solver call KSPComputeOperators_SNES() with the nonlinear solver, which is
   not counted. Whoever shares the DM keeps that function when the solver is gone, or has no solution. */
typedef struct PetscRsOperators {
  SNES                     snes;
  int                      solves;
  struct PetscRsOperators *next;
} PetscRsOperators;

  #define PETSC_RS_SNES_OPERATORS "petsc-rs.snes.operators"

static PetscRsOperators *PetscRsSolvers = NULL;
static PetscErrorCode (*PetscRsOperatorsOfSNES)(KSP, Mat, Mat, void *);

static PetscErrorCode PetscRsOperatorsDrop(void *ctx)
{
  PetscRsOperators *own = (PetscRsOperators *)PetscRsKept(ctx), **place = &PetscRsSolvers;

  while (*place && *place != own) place = &(*place)->next;
  if (*place) *place = own->next;
  return PetscFree(own);
}

static PetscRsOperators *PetscRsOperatorsFind(void *snes)
{
  PetscRsOperators *found = PetscRsSolvers;

  while (found && (void *)found->snes != snes) found = found->next;
  return found;
}

static PetscErrorCode PetscRsComputeOperators(KSP ksp, Mat a, Mat p, void *ctx)
{
  const PetscRsOperators *found = PetscRsOperatorsFind(ctx);
  const char             *text  = NULL;
  SNES                    snes  = (SNES)ctx;
  DM                      dm, own;
  DMSNES                  functions, others;
  PetscErrorCode          ierr;

  if (!found || !snes->dm || !snes->vec_sol) return PetscRsError("KSPSetUp", __FILE__, PETSC_ERR_ORDER, "the nonlinear solver that computes the operators on this DM is gone, or has no solution");
  dm   = snes->dm;
  ierr = DMGetDMSNES(dm, &functions);
  if (!ierr) ierr = KSPGetDM(ksp, &own);
  if (!ierr) ierr = DMGetDMSNES(own, &others);
  if (ierr) return ierr;
  if (!others->ops->computejacobian) others = functions;
  if (!others->ops->computejacobian) text = "the nonlinear solver that computes the operators on this DM has no Jacobian: SNESSetJacobian";
  if (others->ops->computejacobian == SNESTSFormJacobian && !found->solves) text = "the operators on this DM are those of an integrator, which does not run";
  if (text) return PetscRsError("KSPSetUp", __FILE__, PETSC_ERR_ORDER, text);
  ierr     = PetscRsOperatorsOfSNES(ksp, a, p, ctx);
  snes->dm = dm; /* which an error does not put back */
  return ierr;
}

static PetscErrorCode PetscRsSNESGuardOperators(SNES snes)
{
  PetscErrorCode (*function)(KSP, Mat, Mat, void *) = NULL;
  PetscRsOperators *own = NULL;
  void             *ctx = NULL;
  DM                dm;
  PetscErrorCode    ierr;

  if (!snes->ksp) return (PetscErrorCode)0;
  ierr = KSPGetDM(snes->ksp, &dm);
  if (!ierr) ierr = DMKSPGetComputeOperators(dm, &function, &ctx);
  if (ierr || !function || ctx != (void *)snes || function == PetscRsComputeOperators) return ierr;
  if (!PetscRsOperatorsFind(snes)) {
    ierr = PetscNew(&own);
    if (ierr) return ierr;
    own->snes      = snes;
    own->next      = PetscRsSolvers;
    PetscRsSolvers = own;
    ierr           = PetscRsKeep((PetscObject)snes, PETSC_RS_SNES_OPERATORS, own, PetscRsOperatorsDrop);
  }
  PetscRsOperatorsOfSNES = function;
  return ierr ? ierr : DMKSPSetComputeOperators(dm, PetscRsComputeOperators, snes);
}

/* SNESFAS coarsens the DM; while a variational inequality is solved on it, that is DMCoarsen_SNESVI(), which does not look
   whether the DM can. */
static PetscErrorCode PetscRsSNESCheckCoarsen(SNES snes)
{
  PetscBool      is_fas = PETSC_FALSE;
  PetscObject    reduced = NULL;
  DM             dm;
  PetscErrorCode ierr = PetscObjectTypeCompare((PetscObject)snes, SNESFAS, &is_fas);

  if (ierr || !is_fas) return ierr;
  ierr = SNESGetDM(snes, &dm);
  if (!ierr) ierr = PetscObjectQuery((PetscObject)dm, "VI", &reduced);
  if (ierr || !reduced) return ierr;
  return PetscRsError("SNESSetUp", __FILE__, PETSC_ERR_ARG_WRONGSTATE, "a variational inequality with the same DM is being solved");
}

static PetscErrorCode PetscRsSNESSetUp(SNES snes)
{
  PetscErrorCode (*setup)(SNES) = NULL;
  PetscErrorCode ierr           = PetscObjectQueryFunction((PetscObject)snes, PETSC_RS_SNES_SETUP, &setup);

  if (!ierr) ierr = PetscRsSNESCheckFunction(snes);
  if (!ierr) ierr = PetscRsSNESCheckMat(snes, snes->jacobian);
  if (!ierr) ierr = PetscRsSNESCheckMat(snes, snes->jacobian_pre);
  if (!ierr) ierr = PetscRsSNESCheckCoarsen(snes);
  if (!ierr) ierr = PetscRsSNESGiveSearch(snes);
  if (!ierr && setup) ierr = setup(snes);
  if (!ierr) ierr = PetscRsSNESNoteGrid(snes);
  if (!ierr) ierr = PetscRsSNESGuardSecant(snes);
  return ierr ? ierr : PetscRsSNESGuardOperators(snes);
}

/* The scaling of the rows alone reads the columns' too. */
static PetscErrorCode PetscRsSNESCheckScaling(SNES snes)
{
  PetscBool      symmetric = PETSC_FALSE, other = PETSC_FALSE;
  PetscErrorCode ierr      = (PetscErrorCode)0;

  if (snes->jacobian) ierr = PetscObjectTypeCompareAny((PetscObject)snes->jacobian, &symmetric, MATSEQSBAIJ, MATMPISBAIJ, "");
  if (!ierr && snes->jacobian_pre) ierr = PetscObjectTypeCompareAny((PetscObject)snes->jacobian_pre, &other, MATSEQSBAIJ, MATMPISBAIJ, "");
  if (ierr || (!symmetric && !other)) return ierr;
  return PetscRsError("SNESSolve", __FILE__, PETSC_ERR_SUP, "vinewtonssls scales rows, which a matrix of type sbaij cannot alone: convert it to baij or aij");
}

/* After an error, the function of SNESVINEWTONSSLS stays on the DM, and calls itself without end. */
static PetscErrorCode PetscRsSNESSolveExchanged(SNES snes, PetscErrorCode (*solve)(SNES))
{
  DMSNES         functions;
  PetscErrorCode ierr = PetscRsSNESFunctions(snes, &functions), end;

  if (!ierr) ierr = PetscRsSNESCheckScaling(snes);
  if (!ierr && !functions->ops->computefunction) return PetscRsError("SNESSolve", __FILE__, PETSC_ERR_ORDER, "the solver has no function: call SNESSetFunction");
  if (!ierr) ierr = PetscObjectReference((PetscObject)functions);
  if (ierr) return ierr;
  {
    struct _DMSNESOps before = *functions->ops;

    ierr = PetscObjectCompose((PetscObject)functions, PETSC_RS_SNES_EXCHANGED, (PetscObject)snes);
    if (!ierr) ierr = solve(snes);
    if (ierr) functions->ops->computefunction = before.computefunction;
  }
  end = PetscObjectCompose((PetscObject)functions, PETSC_RS_SNES_EXCHANGED, NULL);
  if (!end) end = PetscObjectDereference((PetscObject)functions);
  return ierr ? ierr : end;
}

#endif

#if defined(PETSC_RS_MATIMPL)
/* One function for all types on one rank, and one for those that are distributed. */
static PetscErrorCode (*PetscRsFDSetUpOfSeq)(Mat, ISColoring, MatFDColoring), (*PetscRsFDSetUpOfMPI)(Mat, ISColoring, MatFDColoring);

static PetscErrorCode PetscRsFDSetUp(Mat a, ISColoring colors, MatFDColoring differences)
{
  const PetscErrorCode ierr = PetscRsColoringCheck(a, colors);

  if (ierr) return ierr;
  return (PetscRsTypeLetter((PetscObject)a) == 's' ? PetscRsFDSetUpOfSeq : PetscRsFDSetUpOfMPI)(a, colors, differences);
}
#endif

/* From here on, colors for this matrix are looked at, also those that SNESComputeJacobianDefaultColor() makes itself. Without
   PETSc's private headers: they are not. */
PetscErrorCode PetscRsFDGuard(Mat a)
{
#if defined(PETSC_RS_MATIMPL)
  const int letter = PetscRsTypeLetter((PetscObject)a);

  if (!a->ops->fdcoloringsetup || a->ops->fdcoloringsetup == PetscRsFDSetUp || (letter != 's' && letter != 'm')) return (PetscErrorCode)0;
  if (letter == 's') PetscRsFDSetUpOfSeq = a->ops->fdcoloringsetup;
  else PetscRsFDSetUpOfMPI = a->ops->fdcoloringsetup;
  a->ops->fdcoloringsetup = PetscRsFDSetUp;
#else
  (void)a;
#endif
  return (PetscErrorCode)0;
}

#if defined(PETSC_RS_SNESIMPL)
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

static PetscErrorCode PetscRsSNESSolve(SNES snes)
{
  PetscErrorCode (*solve)(SNES) = NULL;
  PetscBool         exchanges = PETSC_FALSE, reduces = PETSC_FALSE;
  PetscRsOperators *own;
  DMSNES            functions;
  PetscErrorCode    ierr = PetscObjectQueryFunction((PetscObject)snes, PETSC_RS_SNES_SOLVE, &solve);

  if (!ierr) ierr = PetscRsSNESCheckSizes(snes);
  if (!ierr) ierr = PetscRsSNESCheckFunction(snes);
  if (!ierr) ierr = PetscRsSNESFunctions(snes, &functions);
  if (!ierr && snes->jacobian_pre && !functions->ops->computejacobian) return PetscRsError("SNESSolve", __FILE__, PETSC_ERR_ORDER, "the DM has no Jacobian: call SNESSetJacobian or SNESReset");
  if (!ierr && snes->jacobian_pre && functions->ops->computejacobian == SNESComputeJacobianDefaultColor) {
    ierr = PetscRsFDColoringCheck(snes->jacobian_pre);
    if (!ierr) ierr = PetscRsFDGuard(snes->jacobian_pre);
  }
  if (!ierr) ierr = PetscRsSNESCheckLevel(snes);
  if (!ierr) ierr = PetscRsSNESCheckGrid(snes);
  if (!ierr) ierr = PetscRsSNESGiveNPC(snes);
  if (!ierr) ierr = PetscRsSNESGuardSecant(snes);
  if (!ierr) ierr = PetscObjectTypeCompare((PetscObject)snes, SNESVINEWTONSSLS, &exchanges);
  if (!ierr) ierr = PetscObjectTypeCompare((PetscObject)snes, SNESVINEWTONRSLS, &reduces);
  if (ierr) return ierr;
  own = PetscRsOperatorsFind(snes);
  if (own) own->solves++;
  ierr = exchanges ? PetscRsSNESSolveExchanged(snes, solve) : solve(snes);
  if (own) own->solves--;
  if (ierr && reduces) (void)PetscRsSNESForgetInactive(snes);
  return ierr;
}

/* SNESNEWTONLS and related types write a number to the data of a line search of any type. */
static PetscErrorCode PetscRsSNESMake(SNES snes, PetscErrorCode (*create)(SNES))
{
  SNESLineSearch search = snes->linesearch;
  PetscErrorCode ierr;

  snes->linesearch = NULL;
  ierr             = create(snes);
  if (!search) return ierr;
  if (snes->linesearch) {
    const PetscErrorCode end = SNESLineSearchDestroy(&snes->linesearch);

    if (!ierr) ierr = end;
  }
  snes->linesearch = search;
  return ierr;
}

  #define PETSC_RS_SNES_VIEW "petsc-rs.snes.view"

#if PETSC_VERSION_GE(3, 21, 0)
/* Since 3.21, SNESQN views a matrix, which only the set-up creates. */
static PetscErrorCode PetscRsSNESViewQN(SNES snes, PetscViewer viewer)
{
  PetscErrorCode (*view)(SNES, PetscViewer) = NULL;
  PetscErrorCode ierr                       = PetscObjectQueryFunction((PetscObject)snes, PETSC_RS_SNES_VIEW, &view);

  return ierr || !view || !snes->setupcalled ? ierr : view(snes, viewer);
}
#endif

/* SNESNGS views data of the DM without checking whether it has one. */
static PetscErrorCode PetscRsSNESView(SNES snes, PetscViewer viewer)
{
  PetscErrorCode (*view)(SNES, PetscViewer) = NULL;
  PetscErrorCode ierr                       = PetscObjectQueryFunction((PetscObject)snes, PETSC_RS_SNES_VIEW, &view);
  DMSNES         functions;
  PetscBool      secant;

  if (ierr || !view || !snes->dm) return ierr;
  ierr = PetscRsSNESFunctions(snes, &functions);
  if (ierr) return ierr;
  /* It knows its own sweep by the address. */
  secant = functions->ops->computegs == PetscRsSNESSecant ? PETSC_TRUE : PETSC_FALSE;
  if (secant) functions->ops->computegs = SNESComputeNGSDefaultSecant;
  ierr = view(snes, viewer);
  if (secant) functions->ops->computegs = PetscRsSNESSecant;
  return ierr;
}

static PetscErrorCode PetscRsSNESCreate(SNES snes)
{
  PetscErrorCode (*create)(SNES) = NULL;
  PetscBool      is_qn = PETSC_FALSE, is_ngs = PETSC_FALSE;
  PetscErrorCode ierr = PetscFunctionListFind(PetscRsSNESTypes, ((PetscObject)snes)->type_name, &create);

  if (!ierr) ierr = PetscRsSNESMake(snes, create);
  if (!ierr) ierr = PetscObjectTypeCompare((PetscObject)snes, SNESQN, &is_qn);
  if (!ierr) ierr = PetscObjectTypeCompare((PetscObject)snes, SNESNGS, &is_ngs);
  if (is_ngs) {
    ierr            = PetscObjectComposeFunction((PetscObject)snes, PETSC_RS_SNES_VIEW, snes->ops->view);
    snes->ops->view = PetscRsSNESView;
  }
#if PETSC_VERSION_LT(3, 21, 0)
  /* It destroys the matrix that only its constructor creates. */
  if (is_qn) snes->ops->reset = NULL;
#else
  if (is_qn) {
    ierr            = PetscObjectComposeFunction((PetscObject)snes, PETSC_RS_SNES_VIEW, snes->ops->view);
    snes->ops->view = PetscRsSNESViewQN;
  }
#endif
  if (snes->ops->setup == PetscRsSNESSetUp) return ierr; /* the base of another type */
  if (!ierr) ierr = PetscObjectComposeFunction((PetscObject)snes, PETSC_RS_SNES_SETUP, snes->ops->setup);
  if (!ierr) ierr = PetscObjectComposeFunction((PetscObject)snes, PETSC_RS_SNES_SOLVE, snes->ops->solve);
  if (ierr) return ierr;
  snes->ops->setup = PetscRsSNESSetUp;
  if (snes->ops->solve) snes->ops->solve = PetscRsSNESSolve;
  return ierr;
}
#endif

/* Adds these checks to nonlinear solvers. Without PETSc's private headers, this has no effect. */
PetscErrorCode PetscRsSNESGuard(void)
{
#if defined(PETSC_RS_SNESIMPL)
  const char   **names = NULL;
  int            i, n = 0;
  PetscErrorCode ierr = SNESInitializePackage();

  if (ierr || PetscRsSNESTypes) return ierr;
  ierr = PetscFunctionListDuplicate(SNESList, &PetscRsSNESTypes);
  if (!ierr) ierr = PetscRegisterFinalize(PetscRsSNESForgetTypes);
  if (!ierr) ierr = PetscFunctionListGet(PetscRsSNESTypes, &names, &n);
  for (i = 0; !ierr && i < n; i++) ierr = SNESRegister(names[i], PetscRsSNESCreate);
  PetscRsFree((void *)names);
  return ierr;
#else
  return (PetscErrorCode)0;
#endif
}

/* Before the sweep of SNESNGS is called. */
PetscErrorCode PetscRsSNESCheckNGS(SNES snes)
{
#if defined(PETSC_RS_SNESIMPL)
  return PetscRsSNESGuardSecant(snes);
#else
  (void)snes;
  return (PetscErrorCode)0;
#endif
}

/* Whether the function of a solver can be called. */
PetscErrorCode PetscRsSNESCanCompute(SNES snes)
{
#if defined(PETSC_RS_SNESIMPL)
  return PetscRsSNESCheckFunction(snes);
#else
  (void)snes;
  return (PetscErrorCode)0;
#endif
}

/* Whether the operators are set and the vectors are not nested, and have the sizes of its rows and columns. 0
   means that this is not certain. */
int PetscRsKSPFits(KSP ksp, Vec rows, Vec columns)
{
#if defined(PETSC_RS_PCIMPL) && defined(PETSC_RS_MATIMPL)
  const Mat a = ksp->pc && ksp->pc->pmat ? ksp->pc->mat : NULL;

  if (!rows->hdr.type_name || rows->hdr.type_name[0] == 'n' || !columns->hdr.type_name || columns->hdr.type_name[0] == 'n') return 0; /* nested */
  return a && a->rmap->n == rows->map->n && a->rmap->N == rows->map->N && a->cmap->n == columns->map->n && a->cmap->N == columns->map->N;
#else
  (void)ksp;
  (void)rows;
  (void)columns;
  return 0;
#endif
}

/* Returns the converged reason of the last solve, its number of iterations, and the last residual norm. */
PetscErrorCode PetscRsKSPOutcome(KSP ksp, KSPConvergedReason *reason, PetscInt *iterations, PetscReal *norm)
{
#if defined(PETSC_RS_KSPIMPL)
  *reason     = ksp->reason;
  *iterations = ksp->its;
  *norm       = ksp->rnorm;
  return (PetscErrorCode)0;
#else
  PetscErrorCode ierr = KSPGetConvergedReason(ksp, reason);

  if (!ierr) ierr = KSPGetIterationNumber(ksp, iterations);
  if (!ierr) ierr = KSPGetResidualNorm(ksp, norm);
  return ierr;
#endif
}
