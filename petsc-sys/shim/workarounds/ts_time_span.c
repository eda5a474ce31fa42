/* Upstream: TSSetTimeSpan(), TSSetEvaluationTimes(), TSSetUp(), src/ts/interface/ts.c
   Releases: 3.18 - 3.26
   Fault: if times are set again, the solve uses vectors that do not exist: before 3.24, only the first set-up creates
     them; since 3.23, a later set-up allocates no memory for another number of times. NULL is dereferenced.
   Workaround: the earlier times are removed before new ones are set. Before 3.24, the vectors are created before each
     solve.
   Test: ts::time_span::spans_follow_each_other
   Patch: petsc/ts_time_span.patch */
/* Removes the times at which solutions are stored. */
PetscErrorCode PetscRsTSForgetTimeSpan(TS ts)
{
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
}

/* Before 3.24, TSSetUp() creates the vectors, and only if the times are already set. */
PetscErrorCode PetscRsTSPrepareTimeSpan(TS ts)
{
#if PETSC_VERSION_LT(3, 23, 0)
  if (ts->tspan && !ts->tspan->vecs_sol && ts->setupcalled && ts->vec_sol) return VecDuplicateVecs(ts->vec_sol, ts->tspan->num_span_times, &ts->tspan->vecs_sol);
#elif PETSC_VERSION_LT(3, 24, 0)
  if (ts->eval_times && ts->setupcalled && ts->vec_sol) {
    PetscErrorCode ierr = (PetscErrorCode)0;

    if (!ts->eval_times->sol_vecs) ierr = VecDuplicateVecs(ts->vec_sol, ts->eval_times->num_time_points, &ts->eval_times->sol_vecs);
    if (!ierr && !ts->eval_times->sol_times) ierr = PetscMalloc1(ts->eval_times->num_time_points, &ts->eval_times->sol_times);
    return ierr;
  }
#endif
  (void)ts;
  return (PetscErrorCode)0;
}
