/* Upstream: BVScale(), BVScaleColumn(), BVMultInPlace(), src/sys/classes/bv/interface/bvops.c
   Releases: 3.18 - 3.19
   Fault: on a process without rows, these functions do nothing, also for BVTENSOR, whose coefficients each process
   stores and must update. The processes then take different decisions in PEPTOAR, PEPSTOAR and NEPNLEIGS, and wait for
   each other.
   Workaround: the number of local rows of such a basis is set to 1 if it is 0. SLEPc uses this number only in these
     tests. Slices of STOAR, which create the basis in the solve, are not covered.
   Test: attacked::a_polynomial_with_an_empty_rank
   Patch: none, mended in 3.20 */
static void TensorOnAllRanks(BV tensor)
{
#if PETSC_VERSION_LT(3, 20, 0)
  if (tensor && !tensor->n) tensor->n = 1;
#else
  (void)tensor;
#endif
}

/* First fields of the data of TOAR and STOAR, from 3.18 to 3.26. */
typedef struct {
  PetscReal keep;
  PetscBool lock;
  BV        V;
} TwoLevel;
