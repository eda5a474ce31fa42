/* Upstream: SNESReset_QN(), src/snes/impls/qn/qn.c
   Releases: 3.18 - 3.20
   Fault: the reset destroys the matrix, which only SNESCreate_QN() creates; the next set-up dereferences NULL.
   Workaround: the type has no reset function; its destructor destroys the matrix.
   Test: unchecked::a_quasi_newton_method_is_reset
   Patch: none, mended in 3.21 */
#if PETSC_VERSION_LT(3, 21, 0)
static void PetscRsSNESKeepMatrix(SNES snes)
{
  snes->ops->reset = NULL;
}
#endif
