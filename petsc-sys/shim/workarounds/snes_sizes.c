/* Upstream: SNESSolve(), src/snes/interface/snes.c; SNESVIProjectOntoBounds(), src/snes/impls/vi/vi.c
   Releases: 3.18 - 3.26
   Fault: the methods loop over several vectors, also vectors of an earlier set-up, with the local size of one of them,
     and combine nested with other vectors; reads and writes are out of bounds.
   Workaround: sizes and types are compared before each set-up and solve.
   Test: unchecked::parts_of_another_size_are_refused_by_nonlinear_solvers
   Patch: petsc/snes_sizes.patch */
static PetscErrorCode PetscRsSNESCheckVec(SNES snes, Vec x, const char *text)
{
  PetscBool      nested = PETSC_FALSE, solution = PETSC_FALSE;
  PetscErrorCode ierr;

  if (!x || !snes->vec_sol) return (PetscErrorCode)0;
  ierr = PetscObjectTypeCompare((PetscObject)x, VECNEST, &nested);
  if (!ierr) ierr = PetscObjectTypeCompare((PetscObject)snes->vec_sol, VECNEST, &solution);
  if (!ierr && nested != solution) return PetscRsError("SNESSolve", __FILE__, PETSC_ERR_ARG_NOTSAMETYPE, "the solution and the other vectors must all be nested, or none of them");
  return ierr || PetscRsVecsFit(snes->vec_sol, x) > 0 ? ierr : PetscRsError("SNESSolve", __FILE__, PETSC_ERR_ARG_SIZ, text);
}

static PetscErrorCode PetscRsSNESCheckMat(SNES snes, Mat a)
{
  if (!a || !snes->vec_sol) return (PetscErrorCode)0;
  for (int columns = 0; columns < 2; columns++) {
    const PetscLayout map = columns ? a->cmap : a->rmap;

    if (map->n >= 0 && PetscRsMatFits(a, columns, snes->vec_sol) <= 0) return PetscRsError("SNESSolve", __FILE__, PETSC_ERR_ARG_SIZ, "the sizes of the Jacobian matrix and the solution do not match");
  }
  return (PetscErrorCode)0;
}

/* What the set-up of a method uses. It makes some vectors like the function and others like the solution. */
static PetscErrorCode PetscRsSNESCheckGiven(SNES snes)
{
  PetscErrorCode ierr = PetscRsSNESCheckVec(snes, snes->vec_func, "the sizes of the function vector and the solution do not match");

  if (!ierr) ierr = PetscRsSNESCheckVec(snes, snes->vec_rhs, "the sizes of the right-hand side and the solution do not match");
  if (!ierr) ierr = PetscRsSNESCheckVec(snes, snes->xl, "the sizes of the lower bound and the solution do not match");
  if (!ierr) ierr = PetscRsSNESCheckVec(snes, snes->xu, "the sizes of the upper bound and the solution do not match");
  if (!ierr) ierr = PetscRsSNESCheckMat(snes, snes->jacobian);
  return ierr ? ierr : PetscRsSNESCheckMat(snes, snes->jacobian_pre);
}

static PetscErrorCode PetscRsSNESCheckWork(SNES snes)
{
  const char    *old  = "the solver was set up for another number of unknowns, or its DM has another one: reset the solver";
  PetscErrorCode ierr = PetscRsSNESCheckVec(snes, snes->vec_sol_update, old);
  PetscInt       i;

  /* SNESSetWorkVecs() stores the number before it creates the vectors. */
  for (i = 0; !ierr && snes->work && i < snes->nwork; i++) ierr = PetscRsSNESCheckVec(snes, snes->work[i], old);
  return ierr;
}

static PetscErrorCode PetscRsSNESCheckSizes(SNES snes)
{
  const PetscErrorCode ierr = PetscRsSNESCheckGiven(snes);

  return ierr ? ierr : PetscRsSNESCheckWork(snes);
}

/* A set-up that failed is repeated, and keeps the vectors of the method: they must not be those of another size. */
static PetscErrorCode PetscRsSNESCheckMade(SNES snes)
{
  const PetscErrorCode ierr = PetscRsSNESCheckWork(snes);

  if (ierr && snes->ops->reset) (void)snes->ops->reset(snes);
  return ierr;
}

static PetscErrorCode PetscRsSNESCheckDM(SNES snes, DM dm)
{
  Vec            x    = NULL;
  PetscErrorCode ierr = DMGetGlobalVector(dm, &x), end;

  if (!ierr) ierr = PetscRsSNESCheckVec(snes, x, "the sizes of the DM's vectors and the solution do not match");
  end = x ? DMRestoreGlobalVector(dm, &x) : (PetscErrorCode)0;
  return ierr ? ierr : end;
}
