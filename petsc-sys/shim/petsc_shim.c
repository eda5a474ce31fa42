/* The C code of petsc-sys, one unit: this file names its parts. */
#define _GNU_SOURCE /* open_memstream */
#include "petsc_shim.h"
#include "private.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What bindgen cannot translate. */
#include "abi.c"
#include "macros.c"
#include "by_value.c"
#include "absent.c"

/* One signature for all releases. */
#include "versions.c"

/* Fields of objects that no function returns, or not as fast. */
#include "peek.c"

/* Memory kept with an object, and constructors around those of PETSc's types. */
#include "keep.c"

/* Faults of PETSc: each file names the fault, the releases that have it, the test, and the patch for PETSc. */
#include "workarounds/mat_get_row.c"
#include "workarounds/mat_fd_few_entries.c"
#include "workarounds/mat_fd_moved.c"
#include "workarounds/mat_fd_same_color.c"
#include "workarounds/mat_bas.c"
#include "workarounds/mat_superlu_dist_empty.c"
#include "workarounds/mat_coloring_id.c"
#include "workarounds/mat_coloring_empty_rows.c"
#include "workarounds/mat_coloring_unassembled.c"
#include "workarounds/mat_ordering_wbm.c"
#include "workarounds/mat_ordering_nd.c"
#include "workarounds/mat_sell.c"
#include "workarounds/mat_sor_diagonal.c"
#include "workarounds/mat_composite_duplicate.c"
#include "workarounds/mat_lmvm_diagbroyden.c"
#include "workarounds/mat_adj_submatrices.c"
#include "workarounds/mat_merged_inodes.c"
#include "workarounds/mat_product_numeric.c"
#include "workarounds/mat_zero_rows.c"
#include "workarounds/mat_dense_copy.c"
#include "workarounds/mat_type_state.c"
#include "workarounds/mat_scotch_width.c"
#include "workarounds/is_coloring_sets.c"
#include "workarounds/dm_stag_coarsen.c"
#include "workarounds/dm_da_periodic_colors.c"
#include "workarounds/dm_da_fill.c"
#include "workarounds/ksp_eigenvalues_nan.c"
#include "workarounds/ksp_pipelcg.c"
#include "workarounds/pc_deflation_empty.c"
#include "workarounds/pc_factor_stale.c"
#include "workarounds/pc_baij_cholesky.c"
#include "workarounds/pc_mg_interpolation.c"
#include "workarounds/pc_mg_vectors.c"
#include "workarounds/pc_unassembled.c"
#include "workarounds/pc_hypre_last_row.c"
#include "workarounds/pc_hypre_type.c"
#include "workarounds/pc_presolve_setup.c"
#include "workarounds/pc_eisenstat.c"
#include "workarounds/pc_view.c"
#include "workarounds/snes_mf_lifetime.c"
#include "workarounds/snes_sizes.c"
#include "workarounds/snes_function.c"
#include "workarounds/snes_nasm_dm.c"
#include "workarounds/snes_npc.c"
#include "workarounds/snes_qn_linesearch.c"
#include "workarounds/snes_fas_smoother.c"
#include "workarounds/snes_fas_vi_coarsen.c"
#include "workarounds/snes_ngs_secant.c"
#include "workarounds/snes_dm_operators.c"
#include "workarounds/snes_vi_ss.c"
#include "workarounds/snes_vi_rs.c"
#include "workarounds/snes_linesearch_data.c"
#include "workarounds/snes_view.c"
#include "workarounds/ts_shared_dm.c"
#include "workarounds/ts_test_mult.c"
#include "workarounds/ts_irk_reset.c"
#include "workarounds/ts_reset_matrices.c"
#include "workarounds/ts_jacobian_p.c"
#include "workarounds/ts_time_span.c"
#include "workarounds/ts_roll_back.c"
#include "workarounds/tao_type_defaults.c"
#include "workarounds/tao_pounders_view.c"

/* The types of PETSc with these workarounds, registered again under their names. */
#include "guards/dm.c"
#include "guards/mat.c"
#include "guards/pc.c"
#include "guards/ksp.c"
#include "guards/snes.c"
#include "guards/tao.c"

/* Functions of petsc-rs that PETSc calls without Rust in between. */
#include "finite_differences.c"
#include "memory.c"
#include "template.c"
