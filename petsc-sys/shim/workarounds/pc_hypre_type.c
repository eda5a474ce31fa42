/* Upstream: PCHYPRESetType_HYPRE(), PCSetFromOptions_HYPRE(), src/ksp/pc/impls/hypre/impl/ihypre.c
   Releases: 3.18 - 3.26
   Fault: the name of the type is set before hypre creates the preconditioner. After an error of hypre,
     PCSetFromOptions() calls itself endlessly, and PCSetUp() calls NULL.
   Workaround: PCSetFromOptions() and PCSetUp() return an error if the functions of the type are not set.
   Test: unchecked::hypre_is_created_before_it_is_used
   Patch: petsc/pc_hypre_type.patch */
static PetscErrorCode PetscRsPCOptions(PC, PETSC_RS_ITEMS);

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
