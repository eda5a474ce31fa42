PETSC_EXTERN PetscErrorCode DMCreate_DA(DM);

static PetscErrorCode PetscRsDMDACreate(DM dm)
{
  PetscErrorCode ierr = DMCreate_DA(dm);

  if (ierr) return ierr;
  PetscRsDMDAOps               = *dm->ops;
  dm->ops->getcoloring         = PetscRsDMDAGetColoring;
  dm->ops->coarsen             = PetscRsDMDACoarsen;
  dm->ops->refine              = PetscRsDMDARefine;
  dm->ops->creatematrix        = PetscRsDMDACreateMatrix;
  dm->ops->createinterpolation = PetscRsDMDACreateInterpolation;
  return (PetscErrorCode)0;
}

PETSC_EXTERN PetscErrorCode DMCreate_Composite(DM);

static PetscErrorCode PetscRsCompositeCreate(DM dm)
{
  PetscErrorCode ierr = DMCreate_Composite(dm);

  if (ierr) return ierr;
  PetscRsCompositeInterpolation = dm->ops->createinterpolation;
  dm->ops->createinterpolation  = PetscRsCompositeInterpolate;
  return ierr;
}

/* From here on, structured grids whose own colors would meet themselves at a periodic boundary take those of their
   matrix: MatFDColoring overruns its arrays where columns of one color share a row. Those that are refined or coarsened
   copy what an unknown is coupled to within its bounds, those with few points ignore it in their matrices, and those
   without cells are not interpolated. None is coarsened to no points. Composites interpolate without a scale if a part has
   none. */
PetscErrorCode PetscRsDMDAGuard(void)
{
  PetscErrorCode ierr = DMInitializePackage();

  if (!ierr) ierr = DMRegister(DMCOMPOSITE, PetscRsCompositeCreate);
  return ierr ? ierr : DMRegister(DMDA, PetscRsDMDACreate);
}
