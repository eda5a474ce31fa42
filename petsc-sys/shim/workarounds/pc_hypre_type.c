static PetscErrorCode PetscRsPCOptions(PC, PETSC_RS_ITEMS);

/* After an error of hypre, which later calls of hypre return again, the name is set, but none of the functions. */
static PetscErrorCode PetscRsHypreIsMade(PC pc)
{
#if defined(PETSC_HAVE_HYPRE)
  const char    *name = NULL;
  PetscBool      is_hypre;
  PetscErrorCode ierr = PetscObjectTypeCompare((PetscObject)pc, PCHYPRE, &is_hypre);

  if (ierr || !is_hypre) return ierr;
  ierr = PCHYPREGetType(pc, &name);
  if (ierr || !name || pc->ops->setfromoptions != PetscRsPCOptions) return ierr;
  return PetscRsError("PCSetUp", __FILE__, PETSC_ERR_ARG_WRONGSTATE, "hypre did not create its preconditioner: set the type of the preconditioner again");
#else
  (void)pc;
  return (PetscErrorCode)0;
#endif
}
