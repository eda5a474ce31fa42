/* The scaling of the rows alone reads the columns' too. */
static PetscErrorCode PetscRsSNESCheckScaling(SNES snes)
{
  PetscBool      symmetric = PETSC_FALSE, other = PETSC_FALSE;
  PetscErrorCode ierr      = (PetscErrorCode)0;

  if (snes->jacobian) ierr = PetscObjectTypeCompareAny((PetscObject)snes->jacobian, &symmetric, MATSEQSBAIJ, MATMPISBAIJ, "");
  if (!ierr && snes->jacobian_pre) ierr = PetscObjectTypeCompareAny((PetscObject)snes->jacobian_pre, &other, MATSEQSBAIJ, MATMPISBAIJ, "");
  if (ierr || (!symmetric && !other)) return ierr;
  return PetscRsError("SNESSolve", __FILE__, PETSC_ERR_SUP, "vinewtonssls scales rows, which a matrix of type sbaij cannot alone: convert it to baij or aij");
}

/* After an error, the function of SNESVINEWTONSSLS stays on the DM, and calls itself without end. */
static PetscErrorCode PetscRsSNESSolveExchanged(SNES snes, PetscErrorCode (*solve)(SNES))
{
  DMSNES         functions;
  PetscErrorCode ierr = PetscRsSNESFunctions(snes, &functions), end;

  if (!ierr) ierr = PetscRsSNESCheckScaling(snes);
  if (!ierr && !functions->ops->computefunction) return PetscRsError("SNESSolve", __FILE__, PETSC_ERR_ORDER, "the solver has no function: call SNESSetFunction");
  if (!ierr) ierr = PetscObjectReference((PetscObject)functions);
  if (ierr) return ierr;
  {
    struct _DMSNESOps before = *functions->ops;

    ierr = PetscObjectCompose((PetscObject)functions, PETSC_RS_SNES_EXCHANGED, (PetscObject)snes);
    if (!ierr) ierr = solve(snes);
    if (ierr) functions->ops->computefunction = before.computefunction;
  }
  end = PetscObjectCompose((PetscObject)functions, PETSC_RS_SNES_EXCHANGED, NULL);
  if (!end) end = PetscObjectDereference((PetscObject)functions);
  return ierr ? ierr : end;
}
