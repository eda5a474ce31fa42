/* Upstream: PCSetUp_Redistribute(), src/ksp/pc/impls/redistribute/redistribute.c, and others that call
     MatCreateSubMatrix() or MatCreateSubMatrices() with MAT_REUSE_MATRIX
   Releases: 3.18 - 3.26
   Fault: after a conversion of the matrix in place, the set-up reuses a submatrix of the old type; data of another
     type are read.
   Workaround: if the type of the matrix has changed, the set-up starts with a new nonzero pattern; PCREDISTRIBUTE is
     set up completely.
   Test: unchecked::a_matrix_is_converted_between_two_set_ups
   Patch: petsc/mat_nonzero_state.patch */
#define PETSC_RS_TYPE_OF "petsc-rs.pc.type-of"

static PetscErrorCode PetscRsTypeCheck(PC pc)
{
  PetscContainer container = NULL;
  PetscBool      redistributes;
  KSP            inner;
  MatType        now;
  char          *before = NULL, *copy = NULL;
  PetscErrorCode ierr;

  if (!pc->pmat) return (PetscErrorCode)0;
  ierr = MatGetType(pc->pmat, &now);
  if (!ierr) ierr = PetscObjectQuery((PetscObject)pc, PETSC_RS_TYPE_OF, (PetscObject *)&container);
  if (!ierr && container) ierr = PetscContainerGetPointer(container, (void **)&before);
  if (ierr || !now || (before && !strcmp(before, now))) return ierr;
  if (before && pc->setupcalled) {
    pc->flag = DIFFERENT_NONZERO_PATTERN;
    ierr     = PetscObjectTypeCompare((PetscObject)pc, PCREDISTRIBUTE, &redistributes);
    if (!ierr && redistributes) {
      /* It has no reset; the set-up of a new preconditioner replaces its index sets and vectors. */
      pc->setupcalled = PETSC_FALSE;
      ierr            = PCRedistributeGetKSP(pc, &inner);
      if (!ierr) ierr = KSPReset(inner);
    }
  }
  if (!ierr) ierr = PetscStrallocpy(now, &copy);
  return ierr ? ierr : PetscRsKeep((PetscObject)pc, PETSC_RS_TYPE_OF, copy, PetscRsKeptFree);
}
