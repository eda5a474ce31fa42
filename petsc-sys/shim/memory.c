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
