/* First fields of the data of Jacobi-Davidson for polynomials, from 3.18 to 3.26. */
typedef struct {
  PetscReal keep, fix;
  PetscBool reuse;
  BV        V, W, *TV;
} JacobiDavidson;

/* The bases exist only after a setup. Depending on the projection in that setup, the basis of the test space is
   the same object as that of the search space. */
static PetscErrorCode JdReset(PEP pep)
{
  JacobiDavidson *data = (JacobiDavidson *)pep->data;
  if (!data->TV) return OK;
  if (data->W == data->V) data->W = NULL;
  CALL(BVDestroy(&data->W));
  return jd.reset(pep);
}

/* A second setup would leak the objects of the first one, and the dense problem would keep its previous number of
   matrices. */
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
