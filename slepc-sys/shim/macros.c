PetscErrorCode PetscRsSlepcFree(void *memory) { return PetscFree(memory); }

PetscErrorCode PetscRsSeqDense(PetscInt rows, PetscInt columns, Mat *matrix)
{
  return MatCreateSeqDense(PETSC_COMM_SELF, rows, columns, NULL, matrix);
}
