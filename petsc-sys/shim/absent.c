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
