/* Upstream: calls of hypre in src/mat/impls/hypre/mhypre.c, src/vec/vec/impls/hypre/vhyp.c,
     src/ksp/pc/impls/hypre/impl/ihypre.c
   Releases: 3.18 - 3.26
   Fault: hypre stores an error, and all later calls of hypre return it, even if they succeed. A destructor that has
     freed memory of hypre fails and keeps the pointer: freed memory is read if the object is destroyed again.
   Workaround: errors of hypre are cleared when PETSc raises an error of a library, and before a matrix is destroyed.
   Test: unchecked::an_error_of_hypre_is_returned_once
   Patch: petsc/hypre_errors.patch */
void PetscRsForgetLibraryError(void)
{
  static PetscBool      found;
  static int (*forget)(void);

  if (!found && PetscDLSym(NULL, "HYPRE_ClearAllErrors", (void **)&forget)) forget = NULL;
  found = PETSC_TRUE;
  if (forget) (void)forget();
}
