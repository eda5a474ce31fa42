/* Upstream: TSSolve(), src/ts/interface/ts.c; TSEventInitialize(), src/ts/event/tsevent.c
   Releases: 3.18 - 3.26
   Fault: if an error ends the search for an event, the next TSSolve() continues this search, with an interval before
     the current time; steps are rolled back and repeated endlessly.
   Workaround: before TSSolve(), an unfinished search is removed, and the indicators are computed at the current time.
   Test: unchecked::the_search_for_an_event_ends_with_its_integration
   Patch: petsc/ts_events_unfinished.patch */
PetscErrorCode PetscRsTSPrepareEvents(TS ts)
{
  TSEvent   event = ts->event;
  PetscBool unfinished;

  if (!event) return (PetscErrorCode)0;
#if PETSC_VERSION_GE(3, 21, 0)
  unfinished = event->iterctr || event->revisit_right ? PETSC_TRUE : PETSC_FALSE;
#else
  unfinished = event->status != TSEVENT_NONE && event->status != TSEVENT_RESET_NEXTSTEP ? PETSC_TRUE : PETSC_FALSE;
  if (unfinished) {
    event->status = TSEVENT_NONE;
    for (PetscInt i = 0; i < event->nevents; i++) {
      event->zerocrossing[i] = PETSC_FALSE;
      event->side[i]         = 0;
    }
  }
#endif
  /* TSSolve() does this before the first step. */
  if (!ts->steps || (!unfinished && event->ptime_prev == ts->ptime)) return (PetscErrorCode)0;
  return TSEventInitialize(event, ts, ts->ptime, ts->vec_sol);
}
