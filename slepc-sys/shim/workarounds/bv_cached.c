/* Discards cached objects that SLEPc keeps when sizes, type or inner product change (observed in 3.18): products
   with a replaced matrix, halves that point to freed memory, and a matrix on a buffer of another size. */
PetscErrorCode PetscRsBVForget(BV bv)
{
  /* A part would use the storage of another type or size. */
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
