/* Upstream: PCFactorSetUpMatSolverType_Factor(), src/ksp/pc/impls/factor/factimpl.c; PCSetUp_QR(),
     src/ksp/pc/impls/factor/qr/qr.c; MatHeaderMerge(), src/mat/utils/gcreate.c
   Releases: 3.18 - 3.26
   Fault: PCSetUp() uses a factor that does not belong to the matrix in three cases. A failed PCSetUp() or, before 3.20,
     PCSetFromOptions() created the factor for a matrix of another type. PCSetUp_QR() uses any earlier factor. After
     MatHeaderMerge(), preconditioners of all types use the factor of the previous pattern. Data of another type or size
     are read.
   Workaround: a description of the matrix is composed with each factor. The preconditioner is reset if the matrix does
     not match it.
   Test: unchecked::a_factor_of_a_set_up_that_failed_is_forgotten
   Patch: petsc/pc_factor_other_matrix.patch, petsc/mat_nonzero_state.patch */
/* First fields of the data of factorization preconditioners (PC_Factor), from 3.18 to 3.26. */
typedef struct {
  Mat             factor;
  MatFactorInfo   info;
  MatOrderingType ordering;
} PetscRsPCFactor;

#define PETSC_RS_FACTOR_OF "petsc-rs.pc.factor-of"
#define PETSC_RS_DATA_OF   "petsc-rs.pc.data-of"

/* The factor of a factorization preconditioner, or NULL. In place, it is the matrix. */
static PetscErrorCode PetscRsFactor(PC pc, PetscRsPCFactor **data, Mat *factor)
{
  PetscBool      factors, in_place;
  PetscErrorCode ierr = PetscObjectTypeCompareAny((PetscObject)pc, &factors, PCLU, PCILU, PCCHOLESKY, PCICC, PCQR, "");

  *data   = NULL;
  *factor = NULL;
  if (ierr || !factors || !pc->pmat) return ierr;
  *data = (PetscRsPCFactor *)pc->data;
  ierr  = PCFactorGetUseInPlace(pc, &in_place);
  if (!ierr && !in_place) *factor = (*data)->factor;
  return ierr;
}

/* The matrix for which a factor was created. */
typedef struct {
  char             type[64];
  PetscInt         rows, columns, bs;
  const void      *data;
  PetscObjectState nonzeros;
} PetscRsFactorOf;

static PetscErrorCode PetscRsFactorDescribe(Mat a, PetscRsFactorOf *now)
{
  MatType        type;
  PetscObject    data = NULL;
  PetscErrorCode ierr = MatGetType(a, &type);

  if (!ierr) ierr = PetscStrncpy(now->type, type, sizeof(now->type));
  if (!ierr) ierr = MatGetLocalSize(a, &now->rows, &now->columns);
  if (!ierr) ierr = MatGetBlockSize(a, &now->bs);
  if (!ierr) ierr = MatGetNonzeroState(a, &now->nonzeros);
  if (!ierr) ierr = PetscObjectQuery((PetscObject)a, PETSC_RS_DATA_OF, &data);
  now->data = data;
  return ierr;
}

/* MatHeaderMerge() destroys what is composed with a matrix. An empty object stands for its data; the factor keeps a
   reference, so that no other object gets its address. */
static PetscErrorCode PetscRsFactorMark(Mat a, Mat factor)
{
  PetscObject    data = NULL;
  PetscErrorCode ierr = PetscObjectQuery((PetscObject)a, PETSC_RS_DATA_OF, &data);

  if (ierr) return ierr;
  if (data) return PetscObjectCompose((PetscObject)factor, PETSC_RS_DATA_OF, data);
  ierr = PetscContainerCreate(PETSC_COMM_SELF, (PetscContainer *)&data);
  if (!ierr) ierr = PetscObjectCompose((PetscObject)a, PETSC_RS_DATA_OF, data);
  if (!ierr) ierr = PetscObjectCompose((PetscObject)factor, PETSC_RS_DATA_OF, data);
  return ierr ? ierr : PetscObjectDereference(data);
}

/* PCSetUp() compares numbers of the pattern. MatHeaderMerge(), as in MatAXPY(), takes the number of another matrix. */
static PetscBool PetscRsFactorFits(const PetscRsFactorOf *before, const PetscRsFactorOf *now)
{
  if (strcmp(before->type, now->type) || before->rows != now->rows || before->columns != now->columns || before->bs != now->bs) return PETSC_FALSE;
  if (now->nonzeros > before->nonzeros) return PETSC_TRUE;
  return now->nonzeros == before->nonzeros && now->data == before->data ? PETSC_TRUE : PETSC_FALSE;
}

/* The set-up uses an existing factor, which may be that of an earlier matrix of another type or pattern. The ordering that
   was selected for it stays, too. */
static PetscErrorCode PetscRsFactorForget(PC pc)
{
  PetscContainer   container = NULL;
  PetscRsFactorOf *before, now;
  PetscRsPCFactor *data;
  PetscBool        external = PETSC_FALSE;
  Mat              factor;
  PetscErrorCode   ierr = PetscRsFactor(pc, &data, &factor);

  if (ierr || !data || (!factor && pc->setupcalled)) return ierr;
  if (factor) {
    ierr = PetscObjectQuery((PetscObject)factor, PETSC_RS_FACTOR_OF, (PetscObject *)&container);
    if (ierr || !container) return ierr;
    ierr = PetscContainerGetPointer(container, (void **)&before);
    if (!ierr) ierr = PetscRsFactorDescribe(pc->pmat, &now);
    if (ierr || PetscRsFactorFits(before, &now) || !pc->ops->reset) return ierr;
    pc->setupcalled = PETSC_FALSE;
    ierr            = pc->ops->reset(pc);
  }
  if (!ierr && data->ordering) ierr = PetscStrcmp(data->ordering, MATORDERINGEXTERNAL, &external);
  if (ierr || !external) return ierr;
  /* The default for factors that use no ordering. Others would read it. */
  return PetscFree(data->ordering);
}

/* After a call that may have created a factor, and returned this error. */
static PetscErrorCode PetscRsFactorRemember(PC pc, PetscErrorCode error)
{
  PetscRsFactorOf *now = NULL;
  PetscRsPCFactor *data;
  Mat              factor;
  PetscErrorCode   ierr = PetscRsFactor(pc, &data, &factor);

  if (!ierr && factor) ierr = PetscNew(&now);
  if (!ierr && factor) ierr = PetscRsFactorMark(pc->pmat, factor);
  if (!ierr && factor) ierr = PetscRsFactorDescribe(pc->pmat, now);
  if (!ierr && factor) ierr = PetscRsKeep((PetscObject)factor, PETSC_RS_FACTOR_OF, now, PetscRsKeptFree);
  return error ? error : ierr;
}
