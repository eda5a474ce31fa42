/* Upstream: TSGetRHSVec_Private(), src/ts/interface/ts.c
   Releases: 3.18 - 3.21
   Fault: the vectors for the right-hand side and for the implicit function are created once, and are used with states
     of another type too; VecAXPY_Nest() reads private data of another type.
   Workaround: such a vector is removed if its type is not that of the state.
   Test: unchecked::a_nested_state_needs_a_nested_vector_for_the_implicit_function
   Patch: none, mended in 3.21.4 */
PetscErrorCode PetscRsTSRenewRHSVec(TS ts, Vec u)
{
  VecType        type;
  PetscBool      same = PETSC_TRUE;
  PetscErrorCode ierr = VecGetType(u, &type);

  if (!ierr && ts->Frhs) ierr = PetscObjectTypeCompare((PetscObject)ts->Frhs, type, &same);
  return ierr || same ? ierr : VecDestroy(&ts->Frhs);
}
