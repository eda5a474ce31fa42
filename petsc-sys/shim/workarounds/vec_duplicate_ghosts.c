/* Upstream: VecDuplicate_MPI(), src/vec/vec/impls/mpi/pbvec.c; VecDuplicateVecs_Default(),
     src/vec/vec/interface/vector.c
   Releases: 3.18 - 3.26
   Fault: the local form of a duplicate gets the block size of the vector. The number of its entries, including ghosts,
     need not be a multiple of this block size; if it is not, VecDuplicate() fails. An array of duplicates keeps
     uninitialized pointers, which its owner frees.
   Workaround: such a local form gets the block size 1, like the local form of the original vector.
   Test: unchecked::ghosts_need_not_form_blocks
   Patch: petsc/vec_duplicate_ghosts.patch */
static PetscErrorCode (*PetscRsTheirDuplicate)(Vec, Vec *);

/* Returns the block size of the duplicate's local form: that of the vector, or 1. */
static PetscErrorCode PetscRsGhostBlocks(Vec x, PetscInt *bs)
{
  Vec            local = NULL;
  PetscInt       n     = 0;
  PetscErrorCode ierr  = (PetscErrorCode)0;

  *bs = x->map->bs;
  if (*bs <= 1) return ierr;
  ierr = VecGhostGetLocalForm(x, &local);
  if (ierr || !local) return ierr;
  ierr = VecGetLocalSize(local, &n);
  if (n % *bs) *bs = 1;
  return ierr ? ierr : VecGhostRestoreLocalForm(x, &local);
}

static PetscErrorCode PetscRsDuplicate(Vec x, Vec *y)
{
  const PetscInt bs = x->map->bs;
  PetscInt       smaller;
  PetscErrorCode ierr = PetscRsGhostBlocks(x, &smaller);

  if (ierr) return ierr;
  x->map->bs = smaller;
  ierr       = PetscRsTheirDuplicate(x, y);
  x->map->bs = bs; /* the duplicate shares the layout */
  return ierr;
}

/* After the ghosts of a vector are set. Duplicates have the same functions. */
PetscErrorCode PetscRsVecGuardGhosts(Vec x)
{
  PetscBool      is_mpi;
  PetscErrorCode ierr = PetscObjectTypeCompare((PetscObject)x, VECMPI, &is_mpi);

  if (ierr || !is_mpi || x->ops->duplicate == PetscRsDuplicate) return ierr;
  PetscRsTheirDuplicate = x->ops->duplicate;
  x->ops->duplicate     = PetscRsDuplicate;
  return ierr;
}
