/* Upstream: SNESSetUp_Composite(), SNESReset_Composite(), src/snes/impls/composite/snescomposite.c
   Releases: 3.18 - 3.26
   Fault: with SNES_COMPOSITE_ADDITIVEOPTIMAL, the array of the residual vectors of all parts is allocated before these
     vectors are created; if this fails, as with a DM without vectors, SNESReset() calls VecDestroy() for uninitialized
     pointers.
   Workaround: before the set-up, each part without a residual vector gets a duplicate of the residual vector of the
     whole solver.
   Test: unchecked::parts_of_a_composite_have_vectors_where_the_dm_has_none
   Patch: petsc/snes_composite_parts.patch */
static PetscErrorCode PetscRsSNESGiveResiduals(SNES snes)
{
  PetscBool      is_composite;
  PetscInt       n = 0;
  Vec            f = NULL;
  SNES           part;
  PetscErrorCode ierr = PetscObjectTypeCompare((PetscObject)snes, SNESCOMPOSITE, &is_composite);

  if (ierr || !is_composite) return ierr;
  ierr = SNESGetFunction(snes, &f, NULL, NULL);
  if (!ierr) ierr = SNESCompositeGetNumber(snes, &n);
  for (PetscInt i = 0; !ierr && f && i < n; i++) {
    ierr = SNESCompositeGetSNES(snes, i, &part);
    if (!ierr && !part->vec_func) ierr = VecDuplicate(f, &part->vec_func);
  }
  return ierr;
}
