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

void PetscRsSetCommWorld(MPI_Comm comm)
{
  PETSC_COMM_WORLD = comm;
}
