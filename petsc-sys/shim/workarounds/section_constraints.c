/* Upstream: PetscSectionSetConstraintIndices(), src/vec/is/section/interface/section.c
   Releases: 3.18 - 3.26
   Fault: the numbers of unknowns and constraints of a point are read at the number of the point, without subtracting
     the first point of the chart; memory is read out of bounds unless the chart starts at 0.
   Workaround: the indices are written to the array that PetscSectionGetConstraintIndices() returns.
   Test: unchecked::constraints_of_a_section_whose_chart_does_not_start_at_zero
   Patch: petsc/section_constraints.patch */
static PetscErrorCode PetscRsSectionCopyConstraints(PetscInt n, const PetscInt *from, const PetscInt *to)
{
  return n ? PetscArraycpy((PetscInt *)to, from, n) : (PetscErrorCode)0;
}

PetscErrorCode PetscRsSectionSetConstraintIndices(PetscSection s, PetscInt point, const PetscInt *indices)
{
  const PetscInt *array = NULL;
  PetscInt        n     = 0;
  PetscErrorCode  ierr  = PetscSectionGetConstraintDof(s, point, &n);

  if (!ierr && n) ierr = PetscSectionGetConstraintIndices(s, point, &array);
  return ierr ? ierr : PetscRsSectionCopyConstraints(n, indices, array);
}

PetscErrorCode PetscRsSectionSetFieldConstraintIndices(PetscSection s, PetscInt point, PetscInt field, const PetscInt *indices)
{
  const PetscInt *array = NULL;
  PetscInt        n     = 0;
  PetscErrorCode  ierr  = PetscSectionGetFieldConstraintDof(s, point, field, &n);

  if (!ierr && n) ierr = PetscSectionGetFieldConstraintIndices(s, point, field, &array);
  return ierr ? ierr : PetscRsSectionCopyConstraints(n, indices, array);
}
