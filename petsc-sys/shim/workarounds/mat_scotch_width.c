extern int SCOTCH_numSizeof(void) __attribute__((weak));

int PetscRsScotchFits(void)
{
  return !SCOTCH_numSizeof || SCOTCH_numSizeof() == (int)sizeof(PetscInt);
}
