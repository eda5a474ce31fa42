/* Upstream: MatFDColoringApply(), src/mat/matfd/fdmatrix.c
   Releases: 3.18 - 3.26
   Fault: a coloring stores the addresses of the values of its matrix, but the insertion of new entries moves the
     values. A function that replaces the content of the matrix destroys a coloring that is composed with the matrix,
     although it is in use.
   Workaround: the stored addresses are compared with the current ones before the differences are computed and after
     each call of the function. During the computation of the differences, a reference to the coloring is held.
   Test: unchecked::a_function_that_is_differentiated_moves_no_values,
     unchecked::a_function_that_is_differentiated_keeps_the_coloring
   Patch: petsc/mat_fd_moved.patch */
#if PETSC_VERSION_GE(3, 24, 0)
  #define PETSC_RS_FD_FUNCTION MatFDColoringFn *
#else
  #define PETSC_RS_FD_FUNCTION PetscErrorCode (*)(void)
#endif

/* Where the values of the matrix, or of its two parts, are. */
typedef struct {
  PetscObjectId    id[2];
  PetscObjectState state[2];
  const void      *at[2];
} PetscRsPlaces;

#define PETSC_RS_FD_PLACES "petsc-rs.mat.fd.places"

static PetscErrorCode PetscRsPlacesOf(Mat a, PetscRsPlaces *places)
{
  Mat                parts[2] = {a, NULL};
  PetscInt           i;
  const PetscInt    *map;
  PetscScalar       *values;
  const PetscScalar *read;
  PetscBool          is_aij = PETSC_FALSE, is_baij = PETSC_FALSE;
  PetscErrorCode     ierr = PetscMemzero(places, sizeof(*places));

  if (!ierr) ierr = PetscObjectBaseTypeCompare((PetscObject)a, MATMPIAIJ, &is_aij);
  if (!ierr) ierr = PetscObjectTypeCompare((PetscObject)a, MATMPIBAIJ, &is_baij);
  if (!ierr && is_aij) ierr = MatMPIAIJGetSeqAIJ(a, &parts[0], &parts[1], &map);
  if (!ierr && is_baij) ierr = MatMPIBAIJGetSeqBAIJ(a, &parts[0], &parts[1], &map);
#if PETSC_VERSION_GE(3, 20, 0)
  if (!ierr) ierr = PetscObjectTypeCompare((PetscObject)a, MATMPISELL, &is_aij);
  if (!ierr && is_aij) ierr = MatMPISELLGetSeqSELL(a, &parts[0], &parts[1], &map);
#endif
  for (i = 0; !ierr && i < 2 && parts[i]; i++) {
    places->state[i] = parts[i]->nonzerostate;
    ierr             = PetscObjectGetId((PetscObject)parts[i], &places->id[i]);
    if (!ierr) ierr = PetscObjectBaseTypeCompare((PetscObject)parts[i], MATSEQAIJ, &is_aij);
    if (!ierr) ierr = PetscObjectTypeCompare((PetscObject)parts[i], MATSEQBAIJ, &is_baij);
    if (!ierr && is_aij) {
      ierr          = MatSeqAIJGetArrayRead(parts[i], &read);
      places->at[i] = read;
      if (!ierr) ierr = MatSeqAIJRestoreArrayRead(parts[i], &read);
    }
    if (!ierr && is_baij) {
      ierr          = MatSeqBAIJGetArray(parts[i], &values);
      places->at[i] = values;
      if (!ierr) ierr = MatSeqBAIJRestoreArray(parts[i], &values);
    }
  }
  return ierr;
}

/* A MatFDColoring keeps the addresses of the values, which new entries move: also entries that the function of the solver
   inserts while it is differentiated. */
static PetscErrorCode PetscRsFDRemember(Mat a, MatFDColoring differences)
{
  PetscRsPlaces *places = NULL;
  PetscErrorCode ierr   = PetscNew(&places);

  if (!ierr) ierr = PetscRsPlacesOf(a, places);
  return ierr ? ierr : PetscRsKeep((PetscObject)differences, PETSC_RS_FD_PLACES, places, PetscRsKeptFree);
}

static PetscErrorCode PetscRsFDMoved(void)
{
  return PetscRsError("MatFDColoringApply", __FILE__, PETSC_ERR_ARG_WRONGSTATE, "the nonzero pattern of the matrix has changed since its coloring was set up");
}

typedef struct {
  PetscErrorCode (*function)(void *, Vec, Vec, void *);
  void                *ctx;
  Mat                  a;
  const PetscRsPlaces *places;
} PetscRsDifferentiated;

static PetscErrorCode PetscRsFDFunction(void *sctx, Vec x, Vec f, void *ctx)
{
  PetscRsDifferentiated *own = (PetscRsDifferentiated *)ctx;
  PetscRsPlaces          now;
  PetscErrorCode         ierr = own->function(sctx, x, f, own->ctx);

  if (!ierr) ierr = PetscRsPlacesOf(own->a, &now);
  return !ierr && memcmp(&now, own->places, sizeof(now)) ? PetscRsFDMoved() : ierr;
}

/* One function for all types without blocks, one for those with blocks, one for the local coloring of a DM. */
static PetscErrorCode (*PetscRsFDApplyOfPlain)(Mat, MatFDColoring, Vec, void *), (*PetscRsFDApplyOfBlocks)(Mat, MatFDColoring, Vec, void *), (*PetscRsFDApplyOfDM)(Mat, MatFDColoring, Vec, void *);

static PetscErrorCode PetscRsFDApply(Mat a, MatFDColoring differences, Vec x, void *sctx)
{
  PetscErrorCode (*apply)(Mat, MatFDColoring, Vec, void *) = PetscRsFDApplyOfPlain;
  PetscContainer        container = NULL;
  PetscRsDifferentiated own;
  PetscRsPlaces        *places = NULL, now;
  PetscBool             blocks = PETSC_FALSE;
  int                   mine = 0, any = 0;
  PetscErrorCode        ierr = PetscObjectTypeCompareAny((PetscObject)a, &blocks, MATSEQBAIJ, MATMPIBAIJ, "");

  if (!ierr) ierr = PetscObjectQuery((PetscObject)differences, PETSC_RS_FD_PLACES, (PetscObject *)&container);
  if (!ierr && container) ierr = PetscContainerGetPointer(container, (void **)&places);
  if (!ierr && places) ierr = PetscRsPlacesOf(a, &now);
  if (ierr) return ierr;
  if (differences->ctype == IS_COLORING_LOCAL) apply = PetscRsFDApplyOfDM;
  else if (blocks) apply = PetscRsFDApplyOfBlocks;
  if (!apply) return PetscRsError("MatFDColoringApply", __FILE__, PETSC_ERR_SUP, "Must call MatColoringUseDM() with IS_COLORING_LOCAL");
  if (!places) return apply(a, differences, x, sctx);
  mine = memcmp(&now, places, sizeof(now)) ? 1 : 0;
  if (MPI_Allreduce(&mine, &any, 1, MPI_INT, MPI_MAX, PetscObjectComm((PetscObject)a))) return PetscRsError("MatFDColoringApply", __FILE__, PETSC_ERR_LIB, "MPI_Allreduce failed");
  if (any) return PetscRsFDMoved();
  ierr = PetscObjectReference((PetscObject)differences);
  if (ierr) return ierr;
  own.function      = (PetscErrorCode(*)(void *, Vec, Vec, void *))(void (*)(void))differences->f;
  own.ctx           = differences->fctx;
  own.a             = a;
  own.places        = places;
  differences->f    = (PETSC_RS_FD_FUNCTION)(void (*)(void))PetscRsFDFunction;
  differences->fctx = &own;
  ierr              = apply(a, differences, x, sctx);
  differences->f    = (PETSC_RS_FD_FUNCTION)(void (*)(void))own.function;
  differences->fctx = own.ctx;
  if (!ierr && ((PetscObject)differences)->refct == 1) ierr = PetscRsFDMoved();
  (void)MatFDColoringDestroy(&differences);
  return ierr;
}

static void PetscRsFDWatch(Mat a)
{
  const char *type = ((PetscObject)a)->type_name;

  if (!a->ops->fdcoloringapply || a->ops->fdcoloringapply == PetscRsFDApply) return;
  if (strstr(type, "baij")) PetscRsFDApplyOfBlocks = a->ops->fdcoloringapply;
  else PetscRsFDApplyOfPlain = a->ops->fdcoloringapply;
  a->ops->fdcoloringapply = PetscRsFDApply;
}

/* MatFDColoringUseDM() replaces the function of the matrix for all colorings of it. */
PetscErrorCode PetscRsMatFDColoringUseDM(Mat a, MatFDColoring differences)
{
  PetscErrorCode (*ours)(Mat, MatFDColoring, Vec, void *) = a->ops->fdcoloringapply;
  PetscErrorCode ierr                                     = MatFDColoringUseDM(a, differences);

  if (ierr || ours != PetscRsFDApply) return ierr;
  PetscRsFDApplyOfDM      = a->ops->fdcoloringapply;
  a->ops->fdcoloringapply = ours;
  return ierr;
}
