/* Between PetscRsZerosBegin() and PetscRsZerosEnd(), which may be nested, PETSc's memory is initialized to zero. */
static PetscErrorCode (*PetscRsTheirMalloc)(size_t, PetscBool, int, const char[], const char[], void **);
static int PetscRsZeros;

static PetscErrorCode PetscRsMallocZeros(size_t bytes, PetscBool clear, int line, const char function[], const char file[], void **memory)
{
  (void)clear;
  return PetscRsTheirMalloc(bytes, PETSC_TRUE, line, function, file, memory);
}

static void PetscRsZerosBegin(void)
{
  if (PetscRsZeros++) return;
  PetscRsTheirMalloc = PetscTrMalloc;
  PetscTrMalloc      = PetscRsMallocZeros;
}

static void PetscRsZerosEnd(void)
{
  if (!--PetscRsZeros) PetscTrMalloc = PetscRsTheirMalloc;
}
