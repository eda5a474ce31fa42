/* The C code of slepc-sys, one unit: this file names its parts. */
#include "slepc_shim.h"
#include "private.h"

/* What bindgen cannot translate. */
#include "abi.c"
#include "macros.c"
#include "by_value.c"

/* Fields of objects that no function returns. */
#include "peek.c"

/* Functions of callbacks with their contexts, and constructors around those of SLEPc's types. */
#include "hook.c"
#include "wrap.c"

/* Faults of SLEPc: each file names the fault, the releases that have it, the test, and the patch for SLEPc. */
#include "workarounds/bv_failed.c"
#include "workarounds/bv_normalize_empty.c"
#include "workarounds/bv_matmult.c"
#include "workarounds/bv_cached.c"
#include "workarounds/bv_empty_view.c"
#include "workarounds/bv_tensor_empty.c"
#include "workarounds/ds_type_change.c"
#include "workarounds/solver_sizes.c"
#include "workarounds/ds_flags.c"
#include "workarounds/ds_ghiep_breakdown.c"
#include "workarounds/ds_nep_view.c"
#include "workarounds/fn_combine_view.c"
#include "workarounds/fn_log.c"
#include "workarounds/pep_refine_transform.c"
#include "workarounds/pep_refine_explicit.c"
#include "workarounds/pep_linear_st.c"
#include "workarounds/st_transformed.c"
#include "workarounds/eps_slices.c"
#include "workarounds/eps_power_stopping.c"
#include "workarounds/eps_delayed.c"
#include "workarounds/eps_davidson_test.c"
#include "workarounds/eps_jd_ksp.c"
#include "workarounds/eps_lapack_copy.c"
#include "workarounds/ciss_contour.c"
#include "workarounds/scalapack_columns.c"
#include "workarounds/pep_jd.c"
#include "workarounds/pep_stoar.c"
#include "workarounds/nep_nleigs.c"
#include "workarounds/nep_slp_second.c"
#include "workarounds/nep_solve_order.c"
#include "workarounds/svd_cyclic.c"
#include "workarounds/svd_full_storage.c"
#include "workarounds/svd_signs.c"
#include "workarounds/solver_work.c"
#include "workarounds/solver_failed.c"
#include "workarounds/st_changed.c"
#include "workarounds/st_new_ksp.c"
#include "workarounds/mfn_view.c"
#include "workarounds/lme_limit.c"

/* The types of SLEPc with these workarounds, registered again under their names. */
#include "guard.c"

/* Callbacks that slepc-rs sets. */
#include "callbacks.c"
