/* Upstream: MatCreateSNESMF(), src/snes/mf/snesmfj.c; MatMFFDSetBase_MFFD(), src/mat/impls/mffd/mffd.c
   Releases: 3.18 - 3.26
   Fault: the operator of -snes_mf stores its solver and the residual of the solver without references, and can outlive
     both; destroyed objects are used.
   Workaround: each operator has a reference to the residual, and a link to its solver, which is cut when the operator
     or the solver is destroyed. Without the link, the functions of the operator return an error. The operator cannot be
     copied. A reference to the solver would be a cycle, so the patch corrects the residual only.
   Test: snes::operators::an_operator_outlives_its_solver
   Patch: petsc/mat_mffd_base.patch */
#define PETSC_RS_LINK "petsc-rs.snes.mf"
#define PETSC_RS_BASE "petsc-rs.snes.mf.base"

typedef struct PetscRsLink_ {
  SNES                 snes;   /* NULL when it is gone */
  PetscBool            picard; /* whether it differentiates the function of the Picard iteration */
  struct PetscRsLink_ *next, **back;
  PetscErrorCode (*mult)(Mat, Vec, Vec);
  PetscErrorCode (*assemblyend)(Mat, MatAssemblyType);
} PetscRsLink;

static PetscErrorCode PetscRsLinkDrop(void *ctx)
{
  PetscRsLink *link = (PetscRsLink *)PetscRsKept(ctx);

  if (link->back) *link->back = link->next;
  if (link->next) link->next->back = link->back;
  return PetscFree(link);
}

/* The list of a solver's operators, which ends with the solver. */
static PetscErrorCode PetscRsLinksDrop(void *ctx)
{
  PetscRsLink **head = (PetscRsLink **)PetscRsKept(ctx);

  for (PetscRsLink *link = *head, *next; link; link = next) {
    next       = link->next;
    link->snes = NULL;
    link->next = NULL;
    link->back = NULL;
  }
  return PetscFree(head);
}

static PetscErrorCode PetscRsLinkOf(Mat mat, PetscRsLink **link)
{
  PetscObject    container = NULL;
  PetscErrorCode ierr      = PetscObjectQuery((PetscObject)mat, PETSC_RS_LINK, &container);

  *link = NULL;
  if (ierr || !container) return ierr;
  return PetscContainerGetPointer((PetscContainer)container, (void **)link);
}

static PetscErrorCode PetscRsMFFDMult(Mat mat, Vec x, Vec y)
{
  PetscRsLink   *link;
  PetscErrorCode ierr = PetscRsLinkOf(mat, &link);

  if (ierr) return ierr;
  PetscCheck(link && link->snes, PETSC_COMM_SELF, PETSC_ERR_ARG_WRONGSTATE, "the nonlinear solver whose function this matrix-free operator calls was destroyed");
  if (link->picard) ierr = PetscRsSNESCheckMFFunction(link->snes);
  return ierr ? ierr : (*link->mult)(mat, x, y);
}

static PetscErrorCode PetscRsMFFDAssemblyEnd(Mat mat, MatAssemblyType type)
{
  PetscRsLink   *link;
  Vec            x, f;
  PetscErrorCode ierr = PetscRsLinkOf(mat, &link);

  if (ierr) return ierr;
  PetscCheck(link && link->snes, PETSC_COMM_SELF, PETSC_ERR_ARG_WRONGSTATE, "the nonlinear solver whose function this matrix-free operator calls was destroyed");
  ierr = SNESGetSolution(link->snes, &x);
  if (ierr) return ierr;
  PetscCheck(x, PETSC_COMM_SELF, PETSC_ERR_ARG_WRONGSTATE, "the nonlinear solver of this matrix-free operator has no solution at which to differentiate");
  ierr = (*link->assemblyend)(mat, type);
  if (ierr) return ierr;
  ierr = SNESGetFunction(link->snes, &f, NULL, NULL);
  if (ierr) return ierr;
  return PetscObjectCompose((PetscObject)mat, PETSC_RS_BASE, (PetscObject)f);
}

/* C copies the functions of these operators, but shares or drops their data. */
static PetscErrorCode PetscRsMFFDDuplicate(Mat mat, MatDuplicateOption option, Mat *out)
{
  (void)option;
  (void)out;
  SETERRQ(PetscObjectComm((PetscObject)mat), PETSC_ERR_SUP, "the matrix-free operator of a nonlinear solver cannot be copied");
}

static PetscErrorCode PetscRsMFFDCopy(Mat mat, Mat out, MatStructure structure)
{
  (void)out;
  (void)structure;
  SETERRQ(PetscObjectComm((PetscObject)mat), PETSC_ERR_SUP, "the matrix-free operator of a nonlinear solver cannot be copied");
}

static PetscErrorCode PetscRsMFFDGuard(Mat mat)
{
  PetscRsLink   *link, **head = NULL;
  PetscObject    list         = NULL;
  SNES           snes;
  void (*ours)(void)          = NULL;
  PetscErrorCode ierr         = PetscRsLinkOf(mat, &link);

  if (ierr || link) return ierr;
  ierr = PetscObjectQueryFunction((PetscObject)mat, "MatSNESMFSetReuseBase_C", &ours);
  if (ierr || !ours) return ierr;
  ierr = MatSNESMFGetSNES(mat, &snes);
  if (ierr) return ierr;
  ierr = PetscObjectQuery((PetscObject)snes, PETSC_RS_LINK, &list);
  if (ierr) return ierr;
  if (list) {
    ierr = PetscContainerGetPointer((PetscContainer)list, (void **)&head);
  } else {
    ierr = PetscNew(&head);
    if (ierr) return ierr;
    ierr = PetscRsKeep((PetscObject)snes, PETSC_RS_LINK, head, PetscRsLinksDrop);
  }
  if (ierr) return ierr;
  ierr = PetscNew(&link);
  if (ierr) return ierr;
  ierr = PetscRsSNESHasMFFunction(snes, &link->picard);
  if (ierr) return ierr;
  link->snes = snes;
  link->next = *head;
  link->back = head;
  if (link->next) link->next->back = &link->next;
  *head                  = link;
  link->mult             = mat->ops->mult;
  link->assemblyend      = mat->ops->assemblyend;
  mat->ops->mult         = PetscRsMFFDMult;
  mat->ops->assemblyend  = PetscRsMFFDAssemblyEnd;
  mat->ops->duplicate    = PetscRsMFFDDuplicate;
  mat->ops->copy         = PetscRsMFFDCopy;
  return PetscRsKeep((PetscObject)mat, PETSC_RS_LINK, link, PetscRsLinkDrop);
}

/* Guards the operator of a solver, if it is one of these. The set-up creates it, or a sweep of SNESNGS. */
static PetscErrorCode PetscRsSNESGuardMatrixFree(SNES snes)
{
  PetscBool      is_mffd = PETSC_FALSE;
  PetscErrorCode ierr    = (PetscErrorCode)0;

  if (snes->jacobian) ierr = PetscObjectTypeCompare((PetscObject)snes->jacobian, MATMFFD, &is_mffd);
  return ierr || !is_mffd ? ierr : PetscRsMFFDGuard(snes->jacobian);
}
