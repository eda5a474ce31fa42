/* Upstream: PEPNewtonRefinement_TOAR(), src/pep/impls/krylov/toar/nrefine.c
   Releases: 3.18 - 3.26
   Fault: the refinement removes the back-transformation of the method, also for later solves: their eigenvalues remain
     transformed. The next refinement then reads two uninitialized variables: an arbitrary address is freed.
   Workaround: each setup restores the back-transformation of the method.
   Test: attacked::a_refinement_of_invariant_pairs_is_repeated
   Patch: slepc/pep_refine_transform.patch */
#define PEP_BACKTRANSFORM "petsc-rs.pep.backtransform"

static PetscErrorCode KeepBackTransform(PEP pep)
{
  return PetscObjectComposeFunction((PetscObject)pep, PEP_BACKTRANSFORM, pep->ops->backtransform);
}

static PetscErrorCode RestoreBackTransform(PEP pep)
{
  PetscErrorCode (*backtransform)(PEP) = NULL;
  CALL(PetscObjectQueryFunction((PetscObject)pep, PEP_BACKTRANSFORM, &backtransform));
  pep->ops->backtransform = backtransform;
  return OK;
}
