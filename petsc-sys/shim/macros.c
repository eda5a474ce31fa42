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

PetscErrorCode PetscRsTime(PetscLogDouble *seconds)
{
  return PetscTime(seconds);
}

PetscErrorCode PetscRsCitationsRegister(const char *text)
{
  return PetscCitationsRegister(text, NULL);
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
