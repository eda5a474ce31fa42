/* Upstream: DMCreateInterpolation_Composite(), src/dm/impls/composite/pack.c
   Releases: 3.18 - 3.26
   Fault: the scaling vectors of the interpolations of all DMs become a nested vector, even if one DM, such as a DMStag,
     has no scaling vector; NULL is dereferenced.
   Workaround: the scaling vector is requested only if the interpolations of all DMs have one.
   Test: unchecked::an_interpolation_of_a_composite_without_a_scale
   Patch: petsc/dm_composite_scale.patch */
static PetscErrorCode (*PetscRsCompositeInterpolation)(DM, DM, Mat *, Vec *);

/* DMDA and DMREDUNDANT always have a scale. */
static PetscErrorCode PetscRsPartHasScale(DM coarse, DM fine, PetscBool *has)
{
  Mat            a     = NULL;
  Vec            scale = NULL;
  PetscErrorCode ierr  = PetscObjectTypeCompareAny((PetscObject)coarse, has, DMDA, DMREDUNDANT, "");

  if (ierr || *has) return ierr;
  ierr = DMCreateInterpolation(coarse, fine, &a, &scale);
  *has = scale ? PETSC_TRUE : PETSC_FALSE;
  if (!ierr) ierr = MatDestroy(&a);
  return ierr ? ierr : VecDestroy(&scale);
}

static PetscErrorCode PetscRsCompositeInterpolate(DM coarse, DM fine, Mat *a, Vec *scale)
{
  PetscInt       n, m;
  PetscBool      has = PETSC_TRUE;
  DM            *from, *to;
  PetscErrorCode ierr = DMCompositeGetNumberDM(coarse, &n);

  if (!ierr) ierr = DMCompositeGetNumberDM(fine, &m);
  /* Different numbers are refused. */
  if (ierr || !scale || n != m) return ierr ? ierr : PetscRsCompositeInterpolation(coarse, fine, a, scale);
  ierr = PetscMalloc2(n, &from, n, &to);
  if (ierr) return ierr;
  ierr = DMCompositeGetEntriesArray(coarse, from);
  if (!ierr) ierr = DMCompositeGetEntriesArray(fine, to);
  for (PetscInt i = 0; !ierr && has && i < n; i++) ierr = PetscRsPartHasScale(from[i], to[i], &has);
  if (!ierr && !has) *scale = NULL;
  if (!ierr) ierr = PetscRsCompositeInterpolation(coarse, fine, a, has ? scale : NULL);
  return ierr ? ierr : PetscFree2(from, to);
}
