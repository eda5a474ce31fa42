/* Upstream: MatGetOrdering_ND(), src/mat/graphops/order/spnd.c
   Releases: 3.18 - 3.26
   Fault: a matrix type without a nonzero pattern is converted, but whether the result has a pattern is not checked;
     uninitialized sizes and pointers are used.
   Workaround: the matrix is converted first, and MATORDERINGND is called only if the result has a pattern.
   Test: unchecked::dissection_needs_a_pattern
   Patch: petsc/mat_ordering_nd.patch */
static PetscErrorCode (*PetscRsOrderByDissection)(Mat, MatOrderingType, IS *, IS *);

static PetscErrorCode PetscRsOrderND(Mat mat, MatOrderingType type, IS *rows, IS *columns)
{
  Mat            copy = NULL;
  PetscErrorCode ierr, end;

  if (mat->ops->getrowij) return PetscRsOrderByDissection(mat, type, rows, columns);
  ierr = MatConvert(mat, MATSEQAIJ, MAT_INITIAL_MATRIX, &copy);
  if (ierr) return ierr;
  if (copy->ops->getrowij) ierr = PetscRsOrderByDissection(copy, type, rows, columns);
  else ierr = PetscRsError("MatGetOrdering", __FILE__, PETSC_ERR_SUP, "the matrix has no pattern, and cannot be converted to a type that has one");
  end = MatDestroy(&copy);
  return ierr ? ierr : end;
}

/* Puts ours in the place of orderings. */
static PetscErrorCode PetscRsOrderGuard(void)
{
  PetscErrorCode (*order)(Mat, MatOrderingType, IS *, IS *) = NULL;
  PetscErrorCode ierr = PetscFunctionListFind(MatOrderingList, MATORDERINGND, &order);

  if (!ierr && order && order != PetscRsOrderND) {
    PetscRsOrderByDissection = order;
    ierr                     = MatOrderingRegister(MATORDERINGND, PetscRsOrderND);
  }
  return ierr ? ierr : MatOrderingRegister(MATORDERINGWBM, PetscRsOrderWBM);
}
