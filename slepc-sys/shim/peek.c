/* The matrix of a view, composed with its basis while the view exists. */
#define VIEW "petsc-rs.view"

static PetscErrorCode MatIsLent(BV bv, PetscBool *lent)
{
  PetscScalar *a    = NULL;
  PetscObject  view = NULL;

  CALL(PetscObjectQuery((PetscObject)bv, VIEW, &view));
  if (view) *lent = PETSC_TRUE;
  else if (bv->Aget) {
    CALL(MatDenseGetArray(bv->Aget, &a));
    *lent = a ? PETSC_TRUE : PETSC_FALSE;
    CALL(MatDenseRestoreArray(bv->Aget, &a));
  } else *lent = PETSC_FALSE;
  return OK;
}

static PetscErrorCode NothingLent(BV bv)
{
  PetscBool lent;
  if (!bv) return OK;
  CALL(MatIsLent(bv, &lent));
  if (lent || bv->ci[0] >= -bv->nc || bv->ci[1] >= -bv->nc || bv->lsplit) {
    SETERRQ(PETSC_COMM_SELF, PETSC_ERR_ARG_WRONGSTATE, "a column or a part of the basis is borrowed");
  }
  return OK;
}

/* Whether the method has a dense problem, onto which eigenvalues are projected where a transformation has no way back. */
PetscErrorCode PetscRsEPSHasDense(EPS eps, PetscBool *flag)
{
  *flag = eps->useds || !((PetscObject)eps)->type_name ? PETSC_TRUE : PETSC_FALSE;
  return OK;
}

/* Copies of an indefinite basis read its signature, which may not exist yet. */
PetscErrorCode PetscRsBVPrepareSignature(BV bv)
{
  return BV_AllocateSignature(bv);
}

PetscErrorCode PetscRsDSHasMat(DS ds, DSMatType which, PetscBool *has)
{
  *has = ds->omat[which] ? PETSC_TRUE : PETSC_FALSE;
  return OK;
}

/* The end of a matrix view depends on the active columns. */
PetscErrorCode PetscRsBVCheckView(BV bv)
{
  PetscBool lent;
  CALL(MatIsLent(bv, &lent));
  if (lent) SETERRQ(PETSC_COMM_SELF, PETSC_ERR_ARG_WRONGSTATE, "a matrix view of the active columns exists: drop it first");
  return OK;
}
