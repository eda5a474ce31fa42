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

PetscErrorCode PetscRsContainerGetPointer(PetscObject container, void **pointer)
{
  return PetscContainerGetPointer((PetscContainer)container, pointer);
}

PetscErrorCode PetscRsPCCompositeAddType(PC pc, const char *type)
{
  return PCCompositeAddPCType(pc, (PCType)type);
}

PetscErrorCode PetscRsPlexCreateBox(MPI_Comm comm, PetscInt dim, PetscBool simplex, const PetscInt faces[], const PetscReal lower[], const PetscReal upper[], const DMBoundaryType boundaries[], DM *dm)
{
#if PETSC_VERSION_LT(3, 22, 0)
  return DMPlexCreateBoxMesh(comm, dim, simplex, faces, lower, upper, boundaries, PETSC_TRUE, dm);
#else
  return DMPlexCreateBoxMesh(comm, dim, simplex, faces, lower, upper, boundaries, PETSC_TRUE, 0, PETSC_TRUE, dm);
#endif
}
