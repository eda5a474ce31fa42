/* Upstream: PEPReset_JD(), PEPSetUp_JD(), PEPSolve_JD(), src/pep/impls/jd/pjd.c; DSPEPSetDegree_PEP(),
   src/sys/classes/ds/impls/pep/dspep.c
   Releases: 3.18 - 3.26
   Fault: a reset before a setup dereferences NULL, and destroys a basis twice if another projection was selected. A
     second setup leaks the objects of the first one; if the degree is higher, the DS lacks matrices, and NULL is
     dereferenced. With fewer than four columns, each iteration restarts, even with an empty subspace: writes are out of
     bounds.
   Workaround: the reset checks which objects exist. Each setup calls it, resets the DS, and checks the number of
     columns.
   Test: attacked::davidson_for_polynomials_without_a_set_up, attacked::davidson_for_polynomials_of_a_higher_degree
   Patch: slepc/pep_jd.patch */
/* First fields of the data of Jacobi-Davidson for polynomials, from 3.18 to 3.26. */
typedef struct {
  PetscReal keep, fix;
  PetscBool reuse;
  BV        V, W, *TV;
} JacobiDavidson;

/* Depending on the projection in the last setup, the basis of the test space is the same object as that of the search
   space. */
static PetscErrorCode JdReset(PEP pep)
{
  JacobiDavidson *data = (JacobiDavidson *)pep->data;
  if (!data->TV) return OK;
  if (data->W == data->V) data->W = NULL;
  CALL(BVDestroy(&data->W));
  return jd.reset(pep);
}

static PetscErrorCode JdSetUp(PEP pep)
{
  JacobiDavidson *data = (JacobiDavidson *)pep->data;
  CALL(JdReset(pep));
  CALL(DSReset(pep->ds));
  CALL(jd.setup(pep));
  /* With a smaller dimension, each step would be a restart, also an empty one. */
  if (pep->ncv < 4) SETERRQ(PetscObjectComm((PetscObject)pep), PETSC_ERR_ARG_OUTOFRANGE, "jd requires a subspace of dimension 4 or more: see set_dimensions");
  /* A restart continues with this part of the subspace. */
  if ((PetscInt)(data->keep * pep->ncv) < 1) SETERRQ(PetscObjectComm((PetscObject)pep), PETSC_ERR_ARG_OUTOFRANGE, "jd requires a subspace of more than one dimension: see set_dimensions");
  return OK;
}

static PetscErrorCode JdCreate(PEP pep)
{
  CALL(jd.create(pep));
  jd.reset        = pep->ops->reset;
  jd.setup        = pep->ops->setup;
  pep->ops->reset = JdReset;
  pep->ops->setup = JdSetUp;
  return OK;
}
