/* Upstream: BVResize(), BVSetType(), BVSetMatrix(), src/sys/classes/bv/interface/bvbasic.c
   Releases: 3.18 - 3.26
   Fault: the halves of a basis, the matrix on the coefficient buffer, and the products with the inner product matrix
     are kept when the size, the type or the inner product of the basis changes: freed memory is read and written, and
     norms are those of the old matrix.
   Workaround: these objects are destroyed before such a change. A change is refused for a half of a basis, and while a
     column, a half or a matrix is borrowed.
   Test: bv::orthogonal::another_inner_product_changes_norms_and_orthogonality,
   bv::columns::a_resized_basis_stays_orthonormal
   Patch: slepc/bv_cached.patch */
PetscErrorCode PetscRsBVForget(BV bv)
{
  /* A half would use the storage of another type or size. */
  if (bv->issplit) SETERRQ(PETSC_COMM_SELF, PETSC_ERR_ARG_WRONGSTATE, "type, sizes and inner product of a part of a basis cannot be changed");
  CALL(NothingLent(bv));
  CALL(MatDestroy(&bv->Aget));
  CALL(BVDestroy(&bv->L));
  CALL(BVDestroy(&bv->R));
  CALL(BVDestroy(&bv->cached));
  CALL(MatDestroy(&bv->Abuffer));
  CALL(VecDestroy(&bv->buffer));
  CALL(VecDestroy(&bv->Bx));
  bv->xid    = 0;
  bv->xstate = 0;
  return OK;
}
