/* Functions for what bindgen cannot generate: macros, inline functions, and scalars passed by value. */
#ifndef PETSC_RS_SHIM_H
#define PETSC_RS_SHIM_H

#include <petsc.h>

/* Types and release of the compiled C code, compared at initialization with the Rust code and the library loaded. */
typedef struct {
  int    version_major, version_minor, version_subminor;
  size_t size_int, size_scalar, size_real, size_bool, size_error_code, size_enum, size_comm;
  int    norm_infinity, insert_values, add_values, final_assembly, ksp_converged_rtol, ksp_diverged_its;
} PetscRsAbi;

PETSC_EXTERN void     PetscRsAbiGet(PetscRsAbi *);
PETSC_EXTERN MPI_Comm PetscRsCommSelf(void);
PETSC_EXTERN MPI_Comm PetscRsCommWorld(void);
PETSC_EXTERN int      PetscRsMpiLibrary(char *, int);

/* Raises an error with the constant format "%s". */
PETSC_EXTERN PetscErrorCode PetscRsError(const char *function, const char *file, int code, const char *text);

/* Memory whose ownership passes from the caller to PETSc. */
PETSC_EXTERN PetscErrorCode PetscRsMalloc(size_t, void **);

/* Memory whose ownership passes from PETSc to the caller. */
PETSC_EXTERN PetscErrorCode PetscRsFree(void *);

/* Logging macros. */
PETSC_EXTERN PetscErrorCode PetscRsLogEventBegin(PetscLogEvent, PetscObject);
PETSC_EXTERN PetscErrorCode PetscRsLogEventEnd(PetscLogEvent, PetscObject);
PETSC_EXTERN PetscErrorCode PetscRsLogFlops(PetscLogDouble);

/* Data of the log; events and stages are numbered from 0. */
PETSC_EXTERN PetscErrorCode PetscRsLogEventSync(PetscLogEvent, MPI_Comm);
PETSC_EXTERN PetscErrorCode PetscRsLogEventCount(int *);
PETSC_EXTERN PetscErrorCode PetscRsLogEventName(int, const char **);
PETSC_EXTERN PetscErrorCode PetscRsLogStageCount(int *);
PETSC_EXTERN PetscErrorCode PetscRsLogStageName(int, const char **);
PETSC_EXTERN PetscErrorCode PetscRsLogStagePerfInfo(int, PetscEventPerfInfo *);
PETSC_EXTERN PetscErrorCode PetscRsTime(PetscLogDouble *);

/* The world communicator for the next PetscInitialize(). */
PETSC_EXTERN void PetscRsSetCommWorld(MPI_Comm);

/* An inline function. */
PETSC_EXTERN PetscErrorCode PetscRsCitationsRegister(const char *);

/* A stream in memory, and an ASCII viewer that prints to it. */
typedef struct PetscRsMemory_s PetscRsMemory;
PETSC_EXTERN PetscRsMemory *PetscRsMemoryOpen(void);
PETSC_EXTERN const char    *PetscRsMemoryText(PetscRsMemory *, size_t *);
PETSC_EXTERN void           PetscRsMemoryClose(PetscRsMemory *);
PETSC_EXTERN PetscErrorCode PetscRsViewerMemory(MPI_Comm, PetscRsMemory *, PetscViewer *);

/* From petscviewerhdf5.h, which requires the headers of HDF5. */
#if defined(PETSC_HAVE_HDF5)
PETSC_EXTERN PetscErrorCode PetscViewerHDF5PushGroup(PetscViewer, const char[]);
PETSC_EXTERN PetscErrorCode PetscViewerHDF5PopGroup(PetscViewer);
PETSC_EXTERN PetscErrorCode PetscViewerHDF5HasGroup(PetscViewer, const char[], PetscBool *);
PETSC_EXTERN PetscErrorCode PetscViewerHDF5HasObject(PetscViewer, PetscObject, PetscBool *);
PETSC_EXTERN PetscErrorCode PetscViewerHDF5HasDataset(PetscViewer, const char[], PetscBool *);
PETSC_EXTERN PetscErrorCode PetscViewerHDF5PushTimestepping(PetscViewer);
PETSC_EXTERN PetscErrorCode PetscViewerHDF5PopTimestepping(PetscViewer);
PETSC_EXTERN PetscErrorCode PetscViewerHDF5SetTimestep(PetscViewer, PetscInt);
PETSC_EXTERN PetscErrorCode PetscViewerHDF5SetBaseDimension2(PetscViewer, PetscBool);
PETSC_EXTERN PetscErrorCode PetscViewerHDF5HasAttribute(PetscViewer, const char[], const char[], PetscBool *);
PETSC_EXTERN PetscErrorCode PetscViewerHDF5WriteAttribute(PetscViewer, const char[], const char[], PetscDataType, const void *);
PETSC_EXTERN PetscErrorCode PetscViewerHDF5ReadAttribute(PetscViewer, const char[], const char[], PetscDataType, const void *, void *);
#endif

/* Scalars passed by pointer. */
PETSC_EXTERN PetscErrorCode PetscRsVecSet(Vec, const PetscScalar *);
PETSC_EXTERN PetscErrorCode PetscRsVecScale(Vec, const PetscScalar *);
PETSC_EXTERN PetscErrorCode PetscRsVecShift(Vec, const PetscScalar *);
PETSC_EXTERN PetscErrorCode PetscRsVecPow(Vec, const PetscScalar *);
PETSC_EXTERN PetscErrorCode PetscRsVecAXPY(Vec, const PetscScalar *, Vec);
PETSC_EXTERN PetscErrorCode PetscRsVecAYPX(Vec, const PetscScalar *, Vec);
PETSC_EXTERN PetscErrorCode PetscRsVecAXPBY(Vec, const PetscScalar *, const PetscScalar *, Vec);
PETSC_EXTERN PetscErrorCode PetscRsVecAXPBYPCZ(Vec, const PetscScalar *, const PetscScalar *, const PetscScalar *, Vec, Vec);
PETSC_EXTERN PetscErrorCode PetscRsVecWAXPY(Vec, const PetscScalar *, Vec, Vec);
PETSC_EXTERN PetscErrorCode PetscRsVecStrideScale(Vec, PetscInt, const PetscScalar *);
PETSC_EXTERN PetscErrorCode PetscRsVecStrideSet(Vec, PetscInt, const PetscScalar *);
PETSC_EXTERN PetscErrorCode PetscRsVecISAXPY(Vec, IS, const PetscScalar *, Vec);
PETSC_EXTERN PetscErrorCode PetscRsVecISSet(Vec, IS, const PetscScalar *);
PETSC_EXTERN PetscErrorCode PetscRsMatAXPY(Mat, const PetscScalar *, Mat, MatStructure);
PETSC_EXTERN PetscErrorCode PetscRsMatAYPX(Mat, const PetscScalar *, Mat, MatStructure);
PETSC_EXTERN PetscErrorCode PetscRsMatScale(Mat, const PetscScalar *);
PETSC_EXTERN PetscErrorCode PetscRsMatShift(Mat, const PetscScalar *);
PETSC_EXTERN PetscErrorCode PetscRsMatZeroRows(Mat, PetscInt, const PetscInt *, const PetscScalar *, Vec, Vec);
PETSC_EXTERN PetscErrorCode PetscRsMatZeroRowsIS(Mat, IS, const PetscScalar *, Vec, Vec);
PETSC_EXTERN PetscErrorCode PetscRsMatZeroRowsLocal(Mat, PetscInt, const PetscInt *, const PetscScalar *, Vec, Vec);
PETSC_EXTERN PetscErrorCode PetscRsMatZeroRowsStencil(Mat, PetscInt, const MatStencil *, const PetscScalar *, Vec, Vec);
PETSC_EXTERN PetscErrorCode PetscRsMatZeroRowsColumns(Mat, PetscInt, const PetscInt *, const PetscScalar *, Vec, Vec);
PETSC_EXTERN PetscErrorCode PetscRsMatZeroRowsColumnsIS(Mat, IS, const PetscScalar *, Vec, Vec);
PETSC_EXTERN PetscErrorCode PetscRsMatZeroRowsColumnsLocal(Mat, PetscInt, const PetscInt *, const PetscScalar *, Vec, Vec);
PETSC_EXTERN PetscErrorCode PetscRsMatZeroRowsColumnsStencil(Mat, PetscInt, const MatStencil *, const PetscScalar *, Vec, Vec);
PETSC_EXTERN PetscErrorCode PetscRsMatCreateConstantDiagonal(MPI_Comm, PetscInt, PetscInt, PetscInt, PetscInt, const PetscScalar *, Mat *);
PETSC_EXTERN PetscErrorCode PetscRsPetscRandomSetInterval(PetscRandom, const PetscScalar *, const PetscScalar *);
PETSC_EXTERN PetscErrorCode PetscRsPCFieldSplitSetSchurScale(PC, const PetscScalar *);
PETSC_EXTERN PetscErrorCode PetscRsKSPPIPEFGMRESSetShift(KSP, const PetscScalar *);
PETSC_EXTERN PetscErrorCode PetscRsPCCompositeSpecialSetAlpha(PC, const PetscScalar *);

/* Fields that PETSc reads inline. Without its private headers, PETSc's functions read them. */
PETSC_EXTERN int PetscRsReference(PetscObject);
PETSC_EXTERN int PetscRsRelease(PetscObject);
PETSC_EXTERN int PetscRsTypeLetter(PetscObject);
PETSC_EXTERN int PetscRsVecAlike(Vec, Vec);
PETSC_EXTERN int PetscRsVecsFit(Vec, Vec);
PETSC_EXTERN int PetscRsMatFits(Mat, int, Vec);
PETSC_EXTERN int PetscRsVecLend(Vec, int, PetscInt *, PetscScalar **);
PETSC_EXTERN int PetscRsVecTakeBack(Vec, int);
PETSC_EXTERN int PetscRsKSPFits(KSP, Vec, Vec);
PETSC_EXTERN PetscErrorCode PetscRsKSPOutcome(KSP, KSPConvergedReason *, PetscInt *, PetscReal *);

/* Solvers: access that requires private headers, function pointers or several calls. */
PETSC_EXTERN PetscErrorCode PetscRsKSPIsSetUp(KSP, PetscBool *);
PETSC_EXTERN PetscErrorCode PetscRsKSPHasDM(KSP, PetscBool *);
PETSC_EXTERN PetscErrorCode PetscRsKSPChangesRhs(KSP, PetscBool *);
PETSC_EXTERN PetscErrorCode PetscRsPCGetOperators(PC, Mat *, Mat *);
PETSC_EXTERN PetscErrorCode PetscRsKSPSetDMActive(KSP, PetscBool);
PETSC_EXTERN PetscErrorCode PetscRsKSPSetResidualHistory(KSP, PetscInt, PetscBool);
PETSC_EXTERN PetscErrorCode PetscRsKSPSetConvergenceTestDefault(KSP);
PETSC_EXTERN PetscErrorCode PetscRsKSPSetTemplate(KSP, Mat);
PETSC_EXTERN PetscErrorCode PetscRsKSPGMRESSetModifiedGramSchmidt(KSP, PetscBool);
PETSC_EXTERN PetscErrorCode PetscRsKSPGMRESSetCGSRefinementType(KSP, int);
PETSC_EXTERN PetscErrorCode PetscRsPCCompositeAddType(PC, const char *);
PETSC_EXTERN PetscErrorCode PetscRsSNESHasDM(SNES, PetscBool *);
PETSC_EXTERN PetscErrorCode PetscRsVecGuardGhosts(Vec);
PETSC_EXTERN PetscErrorCode PetscRsMatDenseRestoreColumn(Mat, PetscBool);
PETSC_EXTERN PetscErrorCode PetscRsISColoringMakeIS(ISColoring, PetscInt *, IS *[]);
PETSC_EXTERN PetscErrorCode PetscRsDMStagGuard(DM);
PETSC_EXTERN PetscErrorCode PetscRsDMDAGuard(void);
PETSC_EXTERN PetscErrorCode PetscRsDMDACannotInterpolate(DM, DM, const char **);
PETSC_EXTERN PetscErrorCode PetscRsTSIsSetUp(TS, PetscBool *);
PETSC_EXTERN PetscErrorCode PetscRsTSHasJacobianP(TS, PetscBool *);
PETSC_EXTERN PetscErrorCode PetscRsTSHasAdjoint(TS, PetscBool *);
PETSC_EXTERN PetscErrorCode PetscRsTSLocatesEvent(TS, PetscBool *);
PETSC_EXTERN PetscErrorCode PetscRsSNESHasDMOf(PetscObject, PetscObject, PetscBool *);
PETSC_EXTERN PetscErrorCode PetscRsTSClaimDM(TS);
PETSC_EXTERN PetscErrorCode PetscRsSectionSetConstraintIndices(PetscSection, PetscInt, const PetscInt *);
PETSC_EXTERN PetscErrorCode PetscRsSectionSetFieldConstraintIndices(PetscSection, PetscInt, PetscInt, const PetscInt *);
PETSC_EXTERN PetscErrorCode PetscRsTSSharesDM(PetscObject, PetscObject, PetscBool *);
PETSC_EXTERN PetscErrorCode PetscRsTSCheckTests(TS);
PETSC_EXTERN PetscErrorCode PetscRsPCGuard(void);
PETSC_EXTERN PetscErrorCode PetscRsPCShellSetSetUp(PC, PetscErrorCode (*)(PC));
PETSC_EXTERN PetscErrorCode PetscRsKSPGuard(void);
PETSC_EXTERN PetscErrorCode PetscRsSNESGuard(void);
PETSC_EXTERN PetscErrorCode PetscRsSNESCanCompute(SNES);
PETSC_EXTERN PetscErrorCode PetscRsSNESCheckExchanged(SNES);
PETSC_EXTERN PetscErrorCode PetscRsSNESCheckNGS(SNES);
PETSC_EXTERN PetscErrorCode PetscRsSNESSetPicard(SNES, Vec, PetscErrorCode (*)(SNES, Vec, Vec, void *), Mat, Mat, PetscErrorCode (*)(SNES, Vec, Mat, Mat, void *), void *);
PETSC_EXTERN PetscErrorCode PetscRsSNESGetKSP(SNES, KSP *);
PETSC_EXTERN PetscErrorCode PetscRsMatGuard(void);
PETSC_EXTERN PetscErrorCode PetscRsMatRefuseRows(Mat);
PETSC_EXTERN PetscErrorCode PetscRsMatHasOperation(Mat, MatOperation, PetscBool *);
PETSC_EXTERN PetscErrorCode PetscRsMatFindInodes(Mat);
PETSC_EXTERN PetscErrorCode PetscRsMatResetPreallocation(Mat);
PETSC_EXTERN PetscErrorCode PetscRsMatProductCheck(Mat);
PETSC_EXTERN PetscErrorCode PetscRsMatProductCheckInner(Mat);
PETSC_EXTERN PetscErrorCode PetscRsKSPComputeEigenvaluesExplicitly(KSP, PetscInt, PetscReal[], PetscReal[]);
PETSC_EXTERN PetscErrorCode PetscRsMatRenew(Mat, PetscObjectState);
PETSC_EXTERN PetscErrorCode PetscRsMatConverted(Mat);
PETSC_EXTERN PetscErrorCode PetscRsMatLendRow(Mat, PetscBool);
PETSC_EXTERN PetscErrorCode PetscRsMatForgetMaps(Mat);
PETSC_EXTERN PetscErrorCode PetscRsMatIsAssembled(Mat, PetscBool *);
PETSC_EXTERN PetscErrorCode PetscRsMatPattern(Mat, PetscInt64 *);
PETSC_EXTERN PetscErrorCode PetscRsMatFDColoringUseDM(Mat, MatFDColoring);
PETSC_EXTERN PetscErrorCode PetscRsSNESColorsOfMatrix(Mat, ISColoring);
PETSC_EXTERN PetscErrorCode PetscRsSNESIsOfIntegrator(SNES, PetscBool *);
PETSC_EXTERN PetscErrorCode PetscRsTSReset(TS);
PETSC_EXTERN PetscErrorCode PetscRsTaoForgetDefaults(Tao);
PETSC_EXTERN PetscErrorCode PetscRsTaoGetMatrices(Tao, Mat[]);
PETSC_EXTERN PetscErrorCode PetscRsTaoGetVectors(Tao, Vec[]);
PETSC_EXTERN PetscErrorCode PetscRsSNESGetVectors(SNES, Vec[]);
PETSC_EXTERN PetscErrorCode PetscRsSNESPreconditioner(SNES, SNES *);
PETSC_EXTERN PetscErrorCode PetscRsTaoGuard(void);
PETSC_EXTERN PetscErrorCode PetscRsTSForgetTimeSpan(TS);
PETSC_EXTERN PetscErrorCode PetscRsTSPrepareTimeSpan(TS);
PETSC_EXTERN PetscErrorCode PetscRsTSRollBack(TS);
PETSC_EXTERN PetscErrorCode PetscRsTSPrepareEvents(TS);
PETSC_EXTERN PetscErrorCode PetscRsTSForwardReset(TS);
PETSC_EXTERN PetscErrorCode PetscRsTSTrajectoryIsSetUp(TSTrajectory, PetscBool *);
PETSC_EXTERN PetscErrorCode PetscRsTSRenewRHSVec(TS, Vec);
PETSC_EXTERN PetscErrorCode PetscRsTSGuard(void);
PETSC_EXTERN PetscErrorCode PetscRsTSGetTimeSpanSolutions(TS, PetscInt *, const PetscReal *[], Vec *[]);
PETSC_EXTERN PetscErrorCode PetscRsSNESJacobianOfGrid(SNES, Vec, Mat, Mat, void *);
PETSC_EXTERN PetscErrorCode PetscRsMatFDColoringSetFunction(MatFDColoring, PetscErrorCode (*)(SNES, Vec, Vec, void *), void *);
PETSC_EXTERN PetscErrorCode PetscRsContainerGetPointer(PetscObject, void **);

/* A box mesh, with the same arguments in all releases. */
PETSC_EXTERN PetscErrorCode PetscRsPlexCreateBox(MPI_Comm, PetscInt, PetscBool, const PetscInt[], const PetscReal[], const PetscReal[], const DMBoundaryType[], DM *);

/* Called when PETSC_ERR_LIB is raised: hypre would return the error again in each call. */
PETSC_EXTERN void PetscRsForgetLibraryError(void);

/* Whether the indices of PT-Scotch, if it is available, have the width of PetscInt; PETSc does not check this. */
PETSC_EXTERN int PetscRsScotchFits(void);

/* Communication of array entries between roots and leaves. Types of entries: 0 PetscInt, 1 PetscReal, 2 PetscScalar;
   operations: 0 replace, 1 add, 2 maximum, 3 minimum. */
PETSC_EXTERN PetscErrorCode PetscRsSFBroadcast(PetscSF, int kind, const void *roots, void *leaves, int how);
PETSC_EXTERN PetscErrorCode PetscRsSFReduce(PetscSF, int kind, const void *leaves, void *roots, int how);
PETSC_EXTERN PetscErrorCode PetscRsSFFetchAndAdd(PetscSF, int kind, void *roots, const void *leaves, void *before);
PETSC_EXTERN PetscErrorCode PetscRsSFGather(PetscSF, int kind, const void *leaves, void *all);

#endif
