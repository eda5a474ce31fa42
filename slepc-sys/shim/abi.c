void PetscRsSlepcVersion(int *major, int *minor, int *subminor)
{
  *major    = SLEPC_VERSION_MAJOR;
  *minor    = SLEPC_VERSION_MINOR;
  *subminor = SLEPC_VERSION_SUBMINOR;
}
