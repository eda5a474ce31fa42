/* Finite differences that the solver does not count as evaluations of its function. */
static PetscErrorCode PetscRsFunctionOfGrid(SNES snes, Vec x, Vec f, void *unused)
{
  void *ctx = NULL;
  PetscErrorCode (*function)(SNES, Vec, Vec, void *) = NULL;
  PetscErrorCode ierr;

  (void)unused;
  ierr = SNESGetFunction(snes, NULL, &function, (void *)&ctx);
  if (ierr) return ierr;
  return function(snes, x, f, ctx);
}

/* The Jacobian from finite differences with the coloring of the DM, the default for a function of a DM without a
   Jacobian. */
PetscErrorCode PetscRsSNESJacobianOfGrid(SNES snes, Vec x, Mat a, Mat p, void *unused)
{
  DM             dm;
  ISColoring     colors;
  const char    *prefix;
  MatFDColoring  differences = NULL;
  PetscErrorCode ierr        = SNESGetDM(snes, &dm);

  (void)unused;
  if (ierr) return ierr;
  ierr = PetscObjectQuery((PetscObject)p, "petsc-rs.snes.differences", (PetscObject *)&differences);
  if (ierr) return ierr;
  if (!differences) {
    ierr = DMCreateColoring(dm, IS_COLORING_GLOBAL, &colors);
    if (ierr) return ierr;
    ierr = PetscRsFDColoringCheck(p);
    if (!ierr) ierr = PetscRsColoringCheck(p, colors);
    if (!ierr) ierr = MatFDColoringCreate(p, colors, &differences);
    if (ierr) return ierr;
    ierr = PetscRsMatFDColoringSetFunction(differences, PetscRsFunctionOfGrid, NULL);
    if (ierr) return ierr;
    ierr = PetscObjectGetOptionsPrefix((PetscObject)dm, &prefix);
    if (ierr) return ierr;
    ierr = PetscObjectSetOptionsPrefix((PetscObject)differences, prefix);
    if (ierr) return ierr;
    ierr = MatFDColoringSetFromOptions(differences);
    if (ierr) return ierr;
    ierr = MatFDColoringSetUp(p, colors, differences);
    if (ierr) return ierr;
    ierr = ISColoringDestroy(&colors);
    if (ierr) return ierr;
    ierr = PetscObjectCompose((PetscObject)p, "petsc-rs.snes.differences", (PetscObject)differences);
    if (ierr) return ierr;
    ierr = PetscObjectDereference((PetscObject)differences);
    if (ierr) return ierr;
  }
  ierr = MatFDColoringApply(p, differences, x, snes);
  if (ierr || a == p) return ierr;
  ierr = MatAssemblyBegin(a, MAT_FINAL_ASSEMBLY);
  if (ierr) return ierr;
  return MatAssemblyEnd(a, MAT_FINAL_ASSEMBLY);
}

static PetscErrorCode PetscRsFunctionOfSolver(SNES snes, Vec x, Vec f, void *unused)
{
  (void)unused;
  return SNESComputeFunction(snes, x, f);
}

/* Creates and composes with the matrix the same objects as SNESComputeJacobianDefaultColor(), for a user-defined
   coloring. */
PetscErrorCode PetscRsSNESColorsOfMatrix(Mat p, ISColoring colors)
{
  MatFDColoring  differences;
  PetscErrorCode ierr = PetscRsFDColoringCheck(p);

  if (!ierr) ierr = PetscRsColoringCheck(p, colors);
  if (!ierr) ierr = MatFDColoringCreate(p, colors, &differences);
  if (ierr) return ierr;
  ierr = PetscRsMatFDColoringSetFunction(differences, PetscRsFunctionOfSolver, NULL);
  if (ierr) return ierr;
  ierr = MatFDColoringSetFromOptions(differences);
  if (ierr) return ierr;
  ierr = MatFDColoringSetUp(p, colors, differences);
  if (ierr) return ierr;
  ierr = PetscObjectCompose((PetscObject)p, "SNESMatFDColoring", (PetscObject)differences);
  if (ierr) return ierr;
  return MatFDColoringDestroy(&differences);
}
