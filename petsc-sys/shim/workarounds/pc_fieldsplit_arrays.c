/* Upstream: PCSetUp_FieldSplit(), src/ksp/pc/impls/fieldsplit/fieldsplit.c
   Releases: 3.18 - 3.26
   Fault: the arrays of the splits contain uninitialized pointers until all splits exist. If the creation of a split
     fails, the next PCSetUp() and PCReset() dereference these pointers. If the creation of an index set fails, the next
     PCSetUp() dereferences NULL.
   Workaround: memory is initialized to zero during the set-up; after an error, the arrays are freed, and the index sets
     are created again.
   Test: unchecked::splits_of_a_set_up_that_failed_are_forgotten
   Patch: petsc/pc_fieldsplit_arrays.patch */
/* First fields of PC_FieldSplit, from 3.18 to 3.26. */
typedef struct {
  PCCompositeType type;
  PetscBool       default_split, defined;
  PetscInt        bs, n;
  Vec            *x, *y, w1, w2;
  Mat            *mat, *pmat, *rows;
  PetscBool       has_sets;
} PetscRsFieldSplit;

/* The vectors belong to the splits. */
static PetscErrorCode PetscRsFieldSplitForget(PetscRsFieldSplit *data)
{
  PetscErrorCode ierr = PetscFree2(data->x, data->y);

  if (data->mat == data->pmat) data->mat = NULL;
  if (!ierr && data->mat) ierr = MatDestroyMatrices(data->n, &data->mat);
  if (!ierr && data->pmat) ierr = MatDestroyMatrices(data->n, &data->pmat);
  if (!ierr && data->rows) ierr = MatDestroyMatrices(data->n, &data->rows);
  return ierr;
}

static PetscErrorCode PetscRsFieldSplitSetUp(PC pc, PetscErrorCode (*setup)(PC))
{
  PetscRsFieldSplit *data     = (PetscRsFieldSplit *)pc->data;
  const PetscBool    complete = data->pmat ? PETSC_TRUE : PETSC_FALSE;
  PetscErrorCode     ierr;

  PetscRsZerosBegin();
  ierr = setup(pc);
  PetscRsZerosEnd();
  if (ierr && !complete) {
    data->has_sets = PETSC_FALSE;
    (void)PetscRsFieldSplitForget(data);
  }
  return ierr;
}
