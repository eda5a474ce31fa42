/* Upstream: PEPSetUp_Linear(), BackTransform_Linear(), src/pep/impls/linear/linear.c
   Releases: 3.18 - 3.26
   Fault: the setup makes the ST of the inner eigensolver a shell, whose back-transformation calls that of the ST of the
     PEP. If both are the same object, the function calls itself endlessly.
   Workaround: the setup returns an error if both are the same object.
   Test: attacked::one_transformation_inside_and_outside
   Patch: slepc/pep_linear_st.patch */
static PetscErrorCode LinearShares(PEP pep, PetscBool *shares)
{
  PetscBool linear;
  EPS       inner;
  ST        st;

  *shares = PETSC_FALSE;
  CALL(PetscObjectTypeCompare((PetscObject)pep, PEPLINEAR, &linear));
  if (!linear) return OK;
  CALL(PEPLinearGetEPS(pep, &inner));
  CALL(EPSGetST(inner, &st));
  *shares = st == pep->st ? PETSC_TRUE : PETSC_FALSE;
  return OK;
}

static PetscErrorCode LinearCheck(PEP pep)
{
  PetscBool shares;
  CALL(LinearShares(pep, &shares));
  if (shares) SETERRQ(PetscObjectComm((PetscObject)pep), PETSC_ERR_ARG_INCOMP, "the eigensolver of a linearization requires a transformation of its own, not that of the polynomial problem");
  return OK;
}
