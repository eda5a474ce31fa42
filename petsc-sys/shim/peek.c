/* Adds a reference. Returns 0 if the object is being destroyed, in which case none is added. */
int PetscRsReference(PetscObject object)
{
  if (object->refct < 1) return 0;
  object->refct++;
  return 1;
}

/* Removes a reference. Returns 0 if it is the last one, which stays. DMs refer to each other, so DMDestroy()
   counts differently. */
int PetscRsRelease(PetscObject object)
{
  if (object->refct <= 1) return 0;
  if (object->classid == DM_CLASSID) return !PetscObjectDereference(object);
  object->refct--;
  return 1;
}

/* Returns the first letter of the type name, 0 if no type is set. */
int PetscRsTypeLetter(PetscObject object)
{
  return object->type_name ? object->type_name[0] : 0;
}

/* The matrix behind a view, NULL if this is none. */
static PetscErrorCode PetscRsMatBehind(Mat mat, Mat *behind)
{
  const char    *names[] = {"MatTransposeGetMat_C", "MatHermitianTransposeGetMat_C", "MatNormalGetMat_C", "MatNormalGetMatHermitian_C"};
  PetscErrorCode ierr    = (PetscErrorCode)0;

  *behind = NULL;
  for (int i = 0; !ierr && !*behind && i < 4; i++) {
    PetscErrorCode (*get)(Mat, Mat *) = NULL;
    ierr                              = PetscObjectQueryFunction((PetscObject)mat, names[i], &get);
    if (!ierr && get) ierr = get(mat, behind);
  }
  return ierr;
}

/* Calls a function for each matrix of which a matrix consists; most types have none. */
static PetscErrorCode PetscRsMatParts(Mat mat, PetscErrorCode (*visit)(Mat, void *), void *context)
{
  const char    *type = ((PetscObject)mat)->type_name;
  Mat            part = NULL, parts[5], **blocks = NULL;
  PetscInt       i, j, n = 0, m = 0;
  PetscErrorCode ierr = (PetscErrorCode)0;

  if (!type || !strchr("chinst", type[0]) || !strncmp(type, "seq", 3)) return ierr;
  if (!strcmp(type, MATNEST)) {
    ierr = MatNestGetSubMats(mat, &m, &n, &blocks);
    for (i = 0; !ierr && i < m; i++) {
      for (j = 0; !ierr && j < n; j++) {
        if (blocks[i][j]) ierr = visit(blocks[i][j], context);
      }
    }
  } else if (!strcmp(type, MATCOMPOSITE)) {
    ierr = MatCompositeGetNumberMat(mat, &n);
    for (i = 0; !ierr && i < n; i++) {
      ierr = MatCompositeGetMat(mat, i, &part);
      if (!ierr) ierr = visit(part, context);
    }
  } else if (!strcmp(type, MATSCHURCOMPLEMENT)) {
    ierr = MatSchurComplementGetSubMatrices(mat, &parts[0], &parts[1], &parts[2], &parts[3], &parts[4]);
    for (i = 0; !ierr && i < 5; i++) {
      if (parts[i]) ierr = visit(parts[i], context);
    }
  } else if (!strcmp(type, MATIS)) {
    ierr = MatISGetLocalMat(mat, &part);
    if (!ierr && part) ierr = visit(part, context);
    if (!ierr) ierr = MatISRestoreLocalMat(mat, &part);
  } else {
    ierr = PetscRsMatBehind(mat, &part);
    if (!ierr && part) ierr = visit(part, context);
  }
  return ierr;
}

static PetscErrorCode PetscRsMatPartIsAssembled(Mat mat, void *assembled)
{
  if (!mat->assembled) *(PetscBool *)assembled = PETSC_FALSE;
  return *(PetscBool *)assembled ? PetscRsMatParts(mat, PetscRsMatPartIsAssembled, assembled) : (PetscErrorCode)0;
}

/* Whether a matrix is assembled, and all matrices of which it consists. */
PetscErrorCode PetscRsMatIsAssembled(Mat mat, PetscBool *assembled)
{
  *assembled = PETSC_TRUE;
  return PetscRsMatPartIsAssembled(mat, assembled);
}

static PetscErrorCode PetscRsMatAddPattern(Mat mat, void *state)
{
  PetscInt64 *sum = (PetscInt64 *)state;

  *sum = (PetscInt64)(31 * (31 * (unsigned long long)*sum + (unsigned long long)mat->nonzerostate) + (unsigned long long)((PetscObject)mat)->id);
  if (((PetscObject)mat)->type_name && !strcmp(((PetscObject)mat)->type_name, MATIS)) return (PetscErrorCode)0; /* the state of its part is that of one rank */
  return PetscRsMatParts(mat, PetscRsMatAddPattern, state);
}

/* A number that changes on all ranks with the pattern of a matrix, and with the matrices of which it consists. */
PetscErrorCode PetscRsMatPattern(Mat mat, PetscInt64 *state)
{
  *state = 0;
  return PetscRsMatAddPattern(mat, state);
}

/* Whether both vectors have the implementation of one type that is not nested: the one that frees their data. 0
   means that the type names must be compared. Each of PETSc's types with separate data frees them with a separate
   function; "shared" and "standard" create vectors of the types "seq" and "mpi". */
int PetscRsVecAlike(Vec x, Vec y)
{
  return x->ops->destroy && x->ops->destroy == y->ops->destroy && x->hdr.type_name && x->hdr.type_name[0] != 'n';
}

/* 1 if both layouts give each process the same number of entries. 0 if not, which is the answer on all processes. -1 if
   the local sizes differ of layouts that are not set up, or whose communicators have different sizes: other processes may
   have another answer. */
static int PetscRsLayoutsFit(PetscLayout a, PetscLayout b)
{
  if (a == b) return 1;
  if (!a->range || !b->range || a->size != b->size) return a->n == b->n ? 1 : -1;
  return !memcmp(a->range, b->range, ((size_t)a->size + 1) * sizeof(PetscInt));
}

int PetscRsVecsFit(Vec x, Vec y)
{
  return PetscRsLayoutsFit(x->map, y->map);
}

/* The same for a vector and the columns of a matrix, or its rows. */
int PetscRsMatFits(Mat a, int columns, Vec x)
{
  return PetscRsLayoutsFit(columns ? a->cmap : a->rmap, x->map);
}

#if !PetscDefined(USE_DEBUG)
  /* Before 3.22, optimized PETSc has no locks. */
  #if PETSC_VERSION_GE(3, 22, 0)
    #define PETSC_RS_LOCKED(x) ((x)->lock)
  #else
    #define PETSC_RS_LOCKED(x) 0
  #endif
#endif

/* Returns the array that VecGetArray() and similar functions get from a vector whose type has no functions for
   that (nested vectors and those of GPUs have), with its number of entries, and adds a reference. 0 means that
   nothing was done: call those functions. */
int PetscRsVecLend(Vec x, int write, PetscInt *n, PetscScalar **data)
{
#if defined(PETSC_RS_LOCKED)
  if (!x->petscnative || x->ops->getarray || x->ops->getarrayread || x->ops->getarraywrite || x->hdr.refct < 1) return 0;
  if (write && PETSC_RS_LOCKED(x)) return 0;
  *n    = x->map->n;
  *data = *(PetscScalar **)x->data;
  if (!*data && *n) return 0;
  x->hdr.refct++;
  return 1;
#else
  (void)x;
  (void)write;
  (void)n;
  (void)data;
  return 0;
#endif
}

/* Does for such a vector what VecRestoreArray() and similar functions do, and removes a reference. 0 means that
   nothing was done. */
int PetscRsVecTakeBack(Vec x, int write)
{
#if defined(PETSC_RS_LOCKED)
  if (!x->petscnative || x->ops->restorearray || x->ops->restorearraywrite || x->hdr.refct <= 1) return 0;
  if (write) x->hdr.state++;
  x->hdr.refct--;
  return 1;
#else
  (void)x;
  (void)write;
  return 0;
#endif
}

/* Whether the method has allocated its work space. */
PetscErrorCode PetscRsKSPIsSetUp(KSP ksp, PetscBool *flag)
{
  *flag = ksp->setupstage == KSP_SETUP_NEW ? PETSC_FALSE : PETSC_TRUE;
  return (PetscErrorCode)0;
}

/* Returns the Hessian and the Jacobians of equality and inequality constraints. */
PetscErrorCode PetscRsTaoGetMatrices(Tao tao, Mat matrices[])
{
  matrices[0] = tao->hessian;
  matrices[1] = tao->jacobian_equality;
  matrices[2] = tao->jacobian_inequality;
  return (PetscErrorCode)0;
}

/* Returns the vectors of the last linear solve. */
static void PetscRsKSPGetVectors(KSP ksp, Vec vectors[])
{
  vectors[0] = ksp ? ksp->vec_sol : NULL;
  vectors[1] = ksp ? ksp->vec_rhs : NULL;
}

/* Returns the vectors of the step and of the residual, those of the linear solver, and the solution. */
PetscErrorCode PetscRsSNESGetVectors(SNES snes, Vec vectors[])
{
  vectors[0] = snes->vec_sol_update;
  vectors[1] = snes->vec_func;
  PetscRsKSPGetVectors(snes->ksp, vectors + 2);
  vectors[4] = snes->vec_sol;
  return (PetscErrorCode)0;
}

/* Returns the nonlinear preconditioner, or NULL, without creating it. */
PetscErrorCode PetscRsSNESPreconditioner(SNES snes, SNES *npc)
{
  *npc = snes->npc;
  return (PetscErrorCode)0;
}

/* Returns the vectors of the gradient, of the step, of the residuals, of all kinds of constraints, and of the linear
   solver. */
PetscErrorCode PetscRsTaoGetVectors(Tao tao, Vec vectors[])
{
  vectors[0] = tao->gradient;
  vectors[1] = tao->ls_res;
  vectors[2] = tao->constraints;
  vectors[3] = tao->constraints_equality;
  vectors[4] = tao->constraints_inequality;
  vectors[5] = tao->stepdirection;
  PetscRsKSPGetVectors(tao->ksp, vectors + 6);
  return (PetscErrorCode)0;
}

/* Whether the solver has a DM, which a query for its functions would create. */
PetscErrorCode PetscRsSNESHasDM(SNES snes, PetscBool *flag)
{
  *flag = snes->dm ? PETSC_TRUE : PETSC_FALSE;
  return (PetscErrorCode)0;
}

/* Whether the method has allocated its work space. */
PetscErrorCode PetscRsTSIsSetUp(TS ts, PetscBool *flag)
{
  *flag = ts->setupcalled ? PETSC_TRUE : PETSC_FALSE;
  return (PetscErrorCode)0;
}

/* Whether an event is being located, within a step that was or will be reverted. */
PetscErrorCode PetscRsTSLocatesEvent(TS ts, PetscBool *flag)
{
  const TSEvent event = ts->event;

#if PETSC_VERSION_GE(3, 21, 0)
  *flag = event && event->iterctr && !event->nevents_zero ? PETSC_TRUE : PETSC_FALSE;
#else
  *flag = event && (event->status == TSEVENT_LOCATED_INTERVAL || event->status == TSEVENT_PROCESSING) ? PETSC_TRUE : PETSC_FALSE;
#endif
  return (PetscErrorCode)0;
}

/* Whether the method has a step of the adjoint equation. */
PetscErrorCode PetscRsTSHasAdjoint(TS ts, PetscBool *flag)
{
  *flag = ts->ops->adjointstep ? PETSC_TRUE : PETSC_FALSE;
  return (PetscErrorCode)0;
}

/* Whether the trajectory has allocated its storage. */
PetscErrorCode PetscRsTSTrajectoryIsSetUp(TSTrajectory trajectory, PetscBool *flag)
{
  *flag = trajectory->setupcalled;
  return (PetscErrorCode)0;
}

/* The DMs of an integrator and of its nonlinear solver. Other objects leave the list as it is. */
static PetscErrorCode PetscRsDMsOfTS(PetscObject object, PetscObject list[2])
{
  PetscClassId   id;
  PetscErrorCode ierr = PetscObjectGetClassId(object, &id);

  if (ierr || id != TS_CLASSID) return ierr;
  list[0] = (PetscObject)((TS)object)->dm;
  list[1] = ((TS)object)->snes ? (PetscObject)((TS)object)->snes->dm : NULL;
  return (PetscErrorCode)0;
}

/* Whether the first object is an integrator that has the DM, or a DM of the integrator, that is the second one. A DM
   holds the functions of one problem, and those of implicit stages with a pointer to their integrator. */
PetscErrorCode PetscRsTSSharesDM(PetscObject object, PetscObject other, PetscBool *flag)
{
  PetscObject    own[2] = {NULL, NULL}, others[2] = {other, NULL};
  PetscErrorCode ierr   = PetscRsDMsOfTS(object, own);

  if (!ierr) ierr = PetscRsDMsOfTS(other, others);
  *flag = PETSC_FALSE;
  for (int i = 0; i < 4; i++) {
    if (own[i / 2] && own[i / 2] == others[i % 2]) *flag = PETSC_TRUE;
  }
  return ierr;
}

/* Whether the first object is a nonlinear solver with a DM of the second one, an integrator, whose functions it may call. */
PetscErrorCode PetscRsSNESHasDMOf(PetscObject object, PetscObject other, PetscBool *flag)
{
  PetscObject    list[2] = {NULL, NULL};
  PetscClassId   id;
  PetscErrorCode ierr = PetscObjectGetClassId(object, &id);

  *flag = PETSC_FALSE;
  if (ierr || id != SNES_CLASSID || !((SNES)object)->dm) return ierr;
  ierr = PetscRsDMsOfTS(other, list);
  for (int i = 0; i < 2; i++) {
    if (list[i] == (PetscObject)((SNES)object)->dm) *flag = PETSC_TRUE;
  }
  return ierr;
}

/* Whether the functions that a solver would call are those of implicit stages: their context is the first
   integrator on the DM, which may have been destroyed. */
PetscErrorCode PetscRsSNESIsOfIntegrator(SNES snes, PetscBool *flag)
{
  DM             dm;
  PetscErrorCode ierr;
  PetscErrorCode (*function)(SNES, Vec, Vec, void *)      = NULL;
  PetscErrorCode (*jacobian)(SNES, Vec, Mat, Mat, void *) = NULL;

  ierr = SNESGetDM(snes, &dm);
  if (ierr) return ierr;
  ierr = DMSNESGetFunction(dm, &function, NULL);
  if (ierr) return ierr;
  ierr = DMSNESGetJacobian(dm, &jacobian, NULL);
  if (ierr) return ierr;
  *flag = (function == SNESTSFormFunction || jacobian == SNESTSFormJacobian) ? PETSC_TRUE : PETSC_FALSE;
  return ierr;
}

/* Whether the solver has a DM that creates its operators. */
PetscErrorCode PetscRsKSPHasDM(KSP ksp, PetscBool *flag)
{
  *flag = ksp->dm && ksp->dmActive ? PETSC_TRUE : PETSC_FALSE;
  return (PetscErrorCode)0;
}

/* Whether the operators are set and the vectors are not nested, and have the sizes of its rows and columns. 0
   means that this is not certain. */
int PetscRsKSPFits(KSP ksp, Vec rows, Vec columns)
{
  const Mat a = ksp->pc && ksp->pc->pmat ? ksp->pc->mat : NULL;

  if (!rows->hdr.type_name || rows->hdr.type_name[0] == 'n' || !columns->hdr.type_name || columns->hdr.type_name[0] == 'n') return 0; /* nested */
  return a && a->rmap->n == rows->map->n && a->rmap->N == rows->map->N && a->cmap->n == columns->map->n && a->cmap->N == columns->map->N;
}

/* Whether a solve writes to the right-hand side, which it restores at its end. */
PetscErrorCode PetscRsKSPChangesRhs(KSP ksp, PetscBool *flag)
{
  PetscErrorCode (*ask)(PC, PetscBool *) = NULL;
  PetscErrorCode ierr                    = (PetscErrorCode)0;

#if PETSC_VERSION_LT(3, 26, 0)
  *flag = ksp->dscale;
#else
  *flag = PETSC_FALSE;
#endif
  if (*flag || !ksp->pc) return ierr;
  ierr = PetscObjectQueryFunction((PetscObject)ksp->pc, "PCPreSolveChangeRHS_C", &ask);
  return ierr || !ask ? ierr : ask(ksp->pc, flag);
}

/* Returns the converged reason of the last solve, its number of iterations, and the last residual norm. */
PetscErrorCode PetscRsKSPOutcome(KSP ksp, KSPConvergedReason *reason, PetscInt *iterations, PetscReal *norm)
{
  *reason     = ksp->reason;
  *iterations = ksp->its;
  *norm       = ksp->rnorm;
  return (PetscErrorCode)0;
}
