/* Upstream: MatDuplicate_MPIBAIJ(), src/mat/impls/baij/mpi/mpibaij.c; MatDuplicate_MPISBAIJ(),
     src/mat/impls/sbaij/mpi/mpisbaij.c; MatDuplicate_MPISELL(), src/mat/impls/sell/mpi/mpisell.c;
     MatDuplicate_SeqAIJPERM(), src/mat/impls/aij/seq/aijperm/aijperm.c
   Releases: 3.18 - 3.26
   Fault: assembly creates the vector and the scatter for products, and the permutation of MATSEQAIJPERM. They are
     copied without a check that they exist; NULL is dereferenced. MatTranspose() of MATTRANSPOSEVIRTUAL and of similar
     types duplicates unassembled matrices.
   Workaround: these functions return an error before assembly, except, since 3.22, while the entries are in a hash
     table.
   Test: unchecked::unassembled_matrices_behind_a_view_are_not_duplicated,
     unchecked::a_view_does_not_duplicate_a_permutation_that_does_not_exist
   Patch: petsc/mat_duplicate_unassembled.patch */
#if PETSC_VERSION_GE(3, 22, 0)
  #define PETSC_RS_HASHES(a) (a)->hash_active
#else
  #define PETSC_RS_HASHES(a) PETSC_FALSE
#endif

#define PETSC_RS_DUPLICATED(X) X(MPIBAIJ, PETSC_RS_HASHES(a)) X(MPISBAIJ, PETSC_RS_HASHES(a)) X(MPISELL, PETSC_FALSE) X(SEQAIJPERM, (a)->was_assembled)

#define PETSC_RS_DUPLICATE(name, hashes) \
  static PetscErrorCode (*PetscRsTheirDuplicate##name)(Mat, MatDuplicateOption, Mat *); \
  static PetscErrorCode PetscRsDuplicate##name(Mat a, MatDuplicateOption values, Mat *b) \
  { \
    if (a->assembled || hashes) return PetscRsTheirDuplicate##name(a, values, b); \
    return PetscRsError("MatDuplicate", __FILE__, PETSC_ERR_ARG_WRONGSTATE, "the matrix is not assembled: call MatAssemblyBegin and MatAssemblyEnd first"); \
  }
PETSC_RS_DUPLICATED(PETSC_RS_DUPLICATE)

#define PETSC_RS_GUARD_DUPLICATE(name, hashes) \
  if (!strcmp(((PetscObject)a)->type_name, MAT##name)) { \
    PetscRsTheirDuplicate##name = a->ops->duplicate; \
    a->ops->duplicate           = PetscRsDuplicate##name; \
  }

static void PetscRsDuplicateGuard(Mat a)
{
  PETSC_RS_DUPLICATED(PETSC_RS_GUARD_DUPLICATE)
}
