/* A shell DM, which creates matrices and vectors like the one composed with it. */
static PetscErrorCode PetscRsTemplateMatrix(DM dm, Mat *out)
{
  PetscObject    like = NULL;
  PetscErrorCode ierr = PetscObjectQuery((PetscObject)dm, "petsc-rs.template", &like);

  if (ierr) return ierr;
  return MatDuplicate((Mat)like, MAT_DO_NOT_COPY_VALUES, out);
}

static PetscErrorCode PetscRsTemplateVector(DM dm, Vec *out)
{
  PetscObject    like = NULL;
  PetscErrorCode ierr = PetscObjectQuery((PetscObject)dm, "petsc-rs.template", &like);

  if (ierr) return ierr;
  return MatCreateVecs((Mat)like, out, NULL);
}

PetscErrorCode PetscRsKSPSetTemplate(KSP ksp, Mat like)
{
  DM             dm = NULL;
  PetscErrorCode ierr;

  ierr = DMShellCreate(PetscObjectComm((PetscObject)ksp), &dm);
  if (!ierr) ierr = PetscObjectCompose((PetscObject)dm, "petsc-rs.template", (PetscObject)like);
  if (!ierr) ierr = DMShellSetCreateMatrix(dm, PetscRsTemplateMatrix);
  if (!ierr) ierr = DMShellSetCreateGlobalVector(dm, PetscRsTemplateVector);
  if (!ierr) ierr = KSPSetDM(ksp, dm);
  if (ierr) return ierr;
  return DMDestroy(&dm);
}
