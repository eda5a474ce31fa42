/* Functions for what bindgen cannot generate: scalars passed by value, to functions and callbacks, and the state of solvers. */
#ifndef SLEPC_RS_SHIM_H
#define SLEPC_RS_SHIM_H

#include <slepc.h>

/* The release whose headers were compiled. */
PETSC_EXTERN void PetscRsSlepcVersion(int *major, int *minor, int *subminor);

/* Called once for each initialization of SLEPc: see slepc_shim.c. */
PETSC_EXTERN PetscErrorCode PetscRsSlepcGuard(void);

/* Scalars passed by pointer. */
PETSC_EXTERN PetscErrorCode PetscRsEPSSetTarget(EPS, const PetscScalar *);
PETSC_EXTERN PetscErrorCode PetscRsPEPSetTarget(PEP, const PetscScalar *);
PETSC_EXTERN PetscErrorCode PetscRsNEPSetTarget(NEP, const PetscScalar *);
PETSC_EXTERN PetscErrorCode PetscRsSTSetShift(ST, const PetscScalar *);
PETSC_EXTERN PetscErrorCode PetscRsSTSetDefaultShift(ST, const PetscScalar *);
PETSC_EXTERN PetscErrorCode PetscRsSTCayleySetAntishift(ST, const PetscScalar *);
PETSC_EXTERN PetscErrorCode PetscRsFNSetScale(FN, const PetscScalar *alpha, const PetscScalar *beta);
PETSC_EXTERN PetscErrorCode PetscRsFNEvaluateFunction(FN, const PetscScalar *, PetscScalar *);
PETSC_EXTERN PetscErrorCode PetscRsFNEvaluateDerivative(FN, const PetscScalar *, PetscScalar *);
PETSC_EXTERN PetscErrorCode PetscRsRGEllipseSetParameters(RG, const PetscScalar *centre, PetscReal radius, PetscReal scale);
PETSC_EXTERN PetscErrorCode PetscRsRGRingSetParameters(RG, const PetscScalar *centre, PetscReal radius, PetscReal scale, PetscReal start, PetscReal end, PetscReal width);

/* Callbacks that receive scalars by pointer. The shim stores function and context, and frees the context with `destroy`. */
typedef PetscErrorCode (*PetscRsDestroy)(void **);
typedef PetscErrorCode (*PetscRsEPSSelection)(const PetscScalar *, const PetscScalar *, Vec, Vec, PetscScalar *, PetscScalar *, void *);
typedef PetscErrorCode (*PetscRsComparison)(const PetscScalar *, const PetscScalar *, const PetscScalar *, const PetscScalar *, PetscInt *, void *);
typedef PetscErrorCode (*PetscRsEPSConvergence)(EPS, const PetscScalar *, const PetscScalar *, PetscReal, PetscReal *, void *);
typedef PetscErrorCode (*PetscRsPEPConvergence)(PEP, const PetscScalar *, const PetscScalar *, PetscReal, PetscReal *, void *);
typedef PetscErrorCode (*PetscRsNEPConvergence)(NEP, const PetscScalar *, const PetscScalar *, PetscReal, PetscReal *, void *);
typedef PetscErrorCode (*PetscRsNEPFunction)(NEP, const PetscScalar *, Mat, Mat, void *);
typedef PetscErrorCode (*PetscRsNEPJacobian)(NEP, const PetscScalar *, Mat, void *);
PETSC_EXTERN PetscErrorCode PetscRsEPSSetConvergenceTestFunction(EPS, PetscRsEPSConvergence, void *, PetscRsDestroy);
PETSC_EXTERN PetscErrorCode PetscRsPEPSetConvergenceTestFunction(PEP, PetscRsPEPConvergence, void *, PetscRsDestroy);
PETSC_EXTERN PetscErrorCode PetscRsNEPSetConvergenceTestFunction(NEP, PetscRsNEPConvergence, void *, PetscRsDestroy);
PETSC_EXTERN PetscErrorCode PetscRsEPSSetArbitrarySelection(EPS, PetscRsEPSSelection, void *, PetscRsDestroy);
PETSC_EXTERN PetscErrorCode PetscRsEPSSetEigenvalueComparison(EPS, PetscRsComparison, void *, PetscRsDestroy);
PETSC_EXTERN PetscErrorCode PetscRsPEPSetEigenvalueComparison(PEP, PetscRsComparison, void *, PetscRsDestroy);
PETSC_EXTERN PetscErrorCode PetscRsNEPSetEigenvalueComparison(NEP, PetscRsComparison, void *, PetscRsDestroy);
PETSC_EXTERN PetscErrorCode PetscRsNEPSetFunction(NEP, Mat, Mat, PetscRsNEPFunction, void *, PetscRsDestroy);
PETSC_EXTERN PetscErrorCode PetscRsNEPSetJacobian(NEP, Mat, PetscRsNEPJacobian, void *, PetscRsDestroy);

/* The operations of a shell transformation, which C calls without a context. */
typedef PetscErrorCode (*PetscRsSTApply)(Vec, Vec, void *);
typedef PetscErrorCode (*PetscRsSTBackTransform)(PetscInt, PetscScalar *, PetscScalar *, void *);
PETSC_EXTERN PetscErrorCode PetscRsSTShellSetApply(ST, PetscRsSTApply, void *, PetscRsDestroy);
PETSC_EXTERN PetscErrorCode PetscRsSTShellSetApplyTranspose(ST, PetscRsSTApply, void *, PetscRsDestroy);
PETSC_EXTERN PetscErrorCode PetscRsSTShellSetBackTransform(ST, PetscRsSTBackTransform, void *, PetscRsDestroy);

/* The functions of a nonlinear power iteration, which SLEPc finds composed with the matrices: A(x)*x or B(x)*x, both
   together (or NULL), the Jacobian of the former, and the norm of the latter. */
typedef PetscErrorCode (*PetscRsFormFunction)(SNES, Vec, Vec, void *);
typedef PetscErrorCode (*PetscRsFormFunctionAB)(SNES, Vec, Vec, Vec, void *);
typedef PetscErrorCode (*PetscRsFormJacobian)(SNES, Vec, Mat, Mat, void *);
typedef PetscErrorCode (*PetscRsFormNorm)(SNES, Vec, PetscReal *, void *);
PETSC_EXTERN PetscErrorCode PetscRsMatSetFormFunction(Mat, PetscRsFormFunction, PetscRsFormFunctionAB, void *);
PETSC_EXTERN PetscErrorCode PetscRsMatSetFormJacobian(Mat, PetscRsFormJacobian, void *);
PETSC_EXTERN PetscErrorCode PetscRsMatSetFormNorm(Mat, PetscRsFormNorm, void *);

/* Sets the matrices of a problem in callback form, which a reset drops; NULL for missing ones. */
PETSC_EXTERN PetscErrorCode PetscRsNEPSetMatrices(NEP, Mat function, Mat pre, Mat jacobian);

/* NEPSolve without an error if no eigenvalue converged: see slepc_shim.c. */
PETSC_EXTERN PetscErrorCode PetscRsNEPSolve(NEP);

/* LMESolve, which must not run to its end without convergence: see slepc_shim.c. */
PETSC_EXTERN PetscErrorCode PetscRsLMESolve(LME);
PETSC_EXTERN PetscErrorCode PetscRsLMEMonitorCancel(LME);

/* Whether the last solve finished and the solver was not changed afterwards. Without SLEPc's private headers, this is
   determined from the converged reason. */
PETSC_EXTERN PetscErrorCode PetscRsEPSIsSolved(EPS, PetscBool *);
PETSC_EXTERN PetscErrorCode PetscRsSVDIsSolved(SVD, PetscBool *);
PETSC_EXTERN PetscErrorCode PetscRsPEPIsSolved(PEP, PetscBool *);
PETSC_EXTERN PetscErrorCode PetscRsNEPIsSolved(NEP, PetscBool *);
PETSC_EXTERN PetscErrorCode PetscRsEPSHasDense(EPS, PetscBool *);
PETSC_EXTERN PetscErrorCode PetscRsSTSetKSP(ST, KSP);
PETSC_EXTERN PetscErrorCode PetscRsEPSIsStale(EPS, PetscBool *);
PETSC_EXTERN PetscErrorCode PetscRsEPSCheckBasis(EPS, PetscBool results);
PETSC_EXTERN PetscErrorCode PetscRsSVDIsStale(SVD, PetscBool *);
PETSC_EXTERN PetscErrorCode PetscRsSVDMakeSigns(SVD);
PETSC_EXTERN PetscErrorCode PetscRsSVDCheckBasis(SVD, PetscBool results);
PETSC_EXTERN PetscErrorCode PetscRsPEPIsStale(PEP, PetscBool *);
PETSC_EXTERN PetscErrorCode PetscRsPEPCheckBasis(PEP, PetscBool results);
PETSC_EXTERN PetscErrorCode PetscRsNEPIsStale(NEP, PetscBool *);
PETSC_EXTERN PetscErrorCode PetscRsNEPCheckBasis(NEP, PetscBool results);

/* Marks a solver whose solve was interrupted by an error: see slepc_shim.c. */
PETSC_EXTERN PetscErrorCode PetscRsEPSFailed(EPS, PetscBool solving);
PETSC_EXTERN PetscErrorCode PetscRsSVDFailed(SVD, PetscBool solving);
PETSC_EXTERN PetscErrorCode PetscRsPEPFailed(PEP, PetscBool solving);
PETSC_EXTERN PetscErrorCode PetscRsNEPFailed(NEP, PetscBool solving);
PETSC_EXTERN PetscErrorCode PetscRsMFNFailed(MFN, PetscBool solving);
PETSC_EXTERN PetscErrorCode PetscRsLMEFailed(LME, PetscBool solving);
PETSC_EXTERN PetscErrorCode PetscRsSolverHasFailed(PetscObject, PetscBool *);
PETSC_EXTERN PetscErrorCode PetscRsEPSRenew(EPS);
PETSC_EXTERN PetscErrorCode PetscRsSVDRenew(SVD);
PETSC_EXTERN PetscErrorCode PetscRsPEPRenew(PEP);
PETSC_EXTERN PetscErrorCode PetscRsNEPRenew(NEP);
PETSC_EXTERN PetscErrorCode PetscRsMFNCreate(MPI_Comm, MFN *);
PETSC_EXTERN PetscErrorCode PetscRsMFNRenew(MFN);
PETSC_EXTERN PetscErrorCode PetscRsLMERenew(LME);

/* A sequential matrix of zeros. */
PETSC_EXTERN PetscErrorCode PetscRsSeqDense(PetscInt rows, PetscInt columns, Mat *);

/* Basis vectors: scalars passed by pointer, and the state that SLEPc leaves after an error: see slepc_shim.c. */
typedef struct {
  PetscInt  lent[2], l, k;
  Mat       matrix;
  PetscBool indefinite, mat;
} PetscRsBVState;
PETSC_EXTERN PetscErrorCode PetscRsBVMult(BV Y, const PetscScalar *alpha, const PetscScalar *beta, BV X, Mat Q);
PETSC_EXTERN PetscErrorCode PetscRsBVMultVec(BV X, const PetscScalar *alpha, const PetscScalar *beta, Vec y, PetscScalar *q);
PETSC_EXTERN PetscErrorCode PetscRsBVMultColumn(BV X, const PetscScalar *alpha, const PetscScalar *beta, PetscInt j, PetscScalar *q);
PETSC_EXTERN PetscErrorCode PetscRsBVScale(BV, const PetscScalar *);
PETSC_EXTERN PetscErrorCode PetscRsBVScaleColumn(BV, PetscInt j, const PetscScalar *);
PETSC_EXTERN PetscErrorCode PetscRsBVForget(BV);
PETSC_EXTERN PetscErrorCode PetscRsBVCheckView(BV);
PETSC_EXTERN PetscErrorCode PetscRsBVGetMat(BV, Mat *);
PETSC_EXTERN PetscErrorCode PetscRsBVRestoreMat(BV, Mat *);
PETSC_EXTERN PetscErrorCode PetscRsBVPrepareSignature(BV);
PETSC_EXTERN PetscErrorCode PetscRsBVSave(BV, PetscRsBVState *);
PETSC_EXTERN PetscErrorCode PetscRsBVMend(BV, const PetscRsBVState *);

/* Dense problems: whether a matrix is allocated, and a comparison that is borrowed for one call. */
PETSC_EXTERN PetscErrorCode PetscRsDSHasMat(DS, DSMatType, PetscBool *);
PETSC_EXTERN PetscErrorCode PetscRsDSSort(DS, PetscScalar *re, PetscScalar *im, PetscRsComparison, void *ctx);

/* Arrays that SLEPc allocates for its caller. */
PETSC_EXTERN PetscErrorCode PetscRsSlepcFree(void *);

#endif
