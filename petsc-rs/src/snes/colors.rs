//! Finite-difference colorings (`MatFDColoring`) cached on a matrix.
//!
//! A coloring is created once and stores the addresses of the matrix's values. New entries move the
//! values in memory, but the matrix remains the same object at the same address. This module
//! therefore stores the nonzero pattern of the coloring with the matrix, and compares it with the
//! current pattern before each use. PETSc also does not check whether the matrix has entries that
//! the coloring of a DM does not cover; this module does.

use std::ffi::CStr;
use std::ptr;

use super::SnesRef;
use super::local_colors::DIFFERENCES;
use crate::error::{Error, ErrorCode, Result};
use crate::matrix::{ColoringType, MatrixRef};
use crate::object::Object as _;
use crate::vector::VectorRef;
use crate::{call, ffi, get_raw, runtime, sys};

/// Name under which PETSc's solvers store a coloring.
const OF_SOLVER: &CStr = c"SNESMatFDColoring";

/// Name of the coloring for the function of a DM.
const OF_GRID: &CStr = c"petsc-rs.snes.differences";

/// All names of cached colorings.
const KEPT: [&CStr; 4] = [OF_SOLVER, c"TSMatFDColoring", OF_GRID, DIFFERENCES];

crate::attached! {
    /// Name of the pattern to which the colorings belong.
    const PATTERN: crate::matrix::Pattern = c"petsc-rs.snes.colored-pattern";
}

/// Type of the C function that computes the Jacobian.
type JacobianFunction = unsafe extern "C" fn(
    sys::SNES,
    sys::Vec,
    sys::Mat,
    sys::Mat,
    *mut std::ffi::c_void,
) -> sys::PetscErrorCode;

/// Called before cached colorings of `p` are used. Removes them if `p` has changed since
/// [`remember`]. Also stores the pattern before any coloring exists: a solver inside a closure must
/// not remove the colorings that the outer solver uses. Collective.
pub(super) fn forget_if_changed(p: &MatrixRef) -> Result<()> {
    if keeps_any(p)? {
        if p.is_pattern(&PATTERN)? {
            return Ok(());
        }
        forget(p)?;
    }
    if p.is_assembled()? {
        p.remember_pattern(&PATTERN)?;
    }
    Ok(())
}

/// A running solver may use them, so they are destroyed when no solver runs.
fn forget(p: &MatrixRef) -> Result<()> {
    for name in KEPT {
        let kept = p.composed(name)?;
        if !kept.is_null() {
            // SAFETY: a live object.
            unsafe { runtime::keep_while_running(kept) }?;
        }
        // SAFETY: a live object and a NUL-terminated name; NULL removes the object with this name.
        unsafe { call!(PetscObjectCompose(p.object_ptr(), name.as_ptr(), ptr::null_mut())) }?;
    }
    Ok(())
}

/// Called after colorings of `p` were created or used. Not collective.
pub(super) fn remember(p: &MatrixRef) -> Result<()> {
    crate::not_collective!();
    if keeps_any(p)? {
        p.remember_pattern(&PATTERN)?;
    }
    Ok(())
}

/// Called before C computes differences with the coloring of a solver's DM, or of `p`. Colors `p`
/// itself where the coloring of the DM may be wrong for it. Collective.
fn prepare(p: &MatrixRef) -> Result<()> {
    forget_if_changed(p)?;
    if !p.composed(OF_SOLVER)?.is_null() || p.has_grid_pattern()? {
        return Ok(());
    }
    let colors = p.create_coloring(ColoringType::SL)?;
    // SAFETY: a live matrix and colors of it.
    unsafe { call!(PetscRsSNESColorsOfMatrix(p.as_ptr(), colors.as_ptr())) }
}

/// Returns whether colorings are cached, on all ranks or on none.
fn keeps_any(p: &MatrixRef) -> Result<bool> {
    for name in KEPT {
        if !p.composed(name)?.is_null() {
            return Ok(true);
        }
    }
    Ok(false)
}

impl SnesRef {
    /// Called before C computes differences at `x` with the coloring of the DM or of `p`: it perturbs
    /// entries of `x` by the columns of `p`. Collective.
    pub(super) fn prepare_default_colors(&self, x: &VectorRef, p: &MatrixRef) -> Result<()> {
        self.check_solution()?;
        let columns = p.local_size()?.1;
        ffi::same_len(
            "length of the point at which differences are computed",
            columns,
            x.local_len()?,
        )?;
        prepare(p)
    }

    /// Called before C computes the Jacobian at `x` into `p`, where it may use a coloring without a
    /// closure. Collective.
    pub(super) fn prepare_colors(&self, x: &VectorRef, p: &MatrixRef) -> Result<()> {
        if self.computes_by(sys::SNESComputeJacobianDefaultColor)? {
            return self.prepare_default_colors(x, p);
        }
        forget_if_changed(p)?;
        let of_grid = self.computes_by(sys::PetscRsSNESJacobianOfGrid)?;
        if of_grid && p.composed(OF_GRID)?.is_null() && !p.has_grid_pattern()? {
            let text =
                "the matrix was not created by the DM, or its nonzero pattern has changed since";
            return Err(Error::collective(ErrorCode::SUP, text));
        }
        Ok(())
    }

    /// Called before a solve with the matrices of the solver. Collective.
    pub(super) fn prepare_own_colors(&self) -> Result<()> {
        self.each_preconditioner(&|snes, p| {
            if snes.computes_by(sys::SNESComputeJacobianDefaultColor)? {
                return prepare(p);
            }
            forget_if_changed(p)
        })
    }

    /// Called after a solve, also if it failed.
    pub(super) fn remember_own_colors(&self) -> Result<()> {
        self.each_preconditioner(&|_, p| remember(p))
    }

    /// Runs `act` for the matrices from which the preconditioners of this solver and of its
    /// nonlinear preconditioner are built.
    fn each_preconditioner(&self, act: &dyn Fn(&Self, &MatrixRef) -> Result<()>) -> Result<()> {
        // SAFETY: a live solver.
        let has_dm = unsafe { get_raw!(PetscRsSNESHasDM(self.as_ptr(), _)) }?;
        // A nonlinear preconditioner without a matrix gets that of its solver, with its functions,
        // unless another one is created.
        if ffi::to_bool(has_dm) {
            if let Some((_, p)) = self.jacobian()? {
                if p.is_assembled()? {
                    act(self, &p)?;
                }
            }
        }
        if !self.has_npc()? {
            return Ok(());
        }
        // SAFETY: a live solver that has one.
        let npc = unsafe { get_raw!(SNESGetNPC(self.as_ptr(), _)) }?;
        // SAFETY: the solver keeps its preconditioner while it is borrowed.
        unsafe { Self::from_ptr(npc) }.each_preconditioner(act)
    }

    /// Finite differences with coloring compare the point with the solution vector, which C
    /// dereferences even if it is NULL.
    fn check_solution(&self) -> Result<()> {
        if self.solution()?.is_some() {
            return Ok(());
        }
        let text = "finite differences with coloring need a solution vector: call set_solution or solve first";
        Err(Error::collective(ErrorCode::ARG_WRONGSTATE, text))
    }

    /// Returns whether C computes the Jacobian with this function of its own, for example for
    /// `-snes_fd_color`.
    fn computes_by(&self, other: JacobianFunction) -> Result<bool> {
        let function = self.jacobian_function()?;
        Ok(function.is_some_and(|f| ptr::fn_addr_eq(f, other)))
    }

    pub(super) fn jacobian_function(&self) -> Result<Option<JacobianFunction>> {
        let (mut function, none) = (None, ptr::null_mut());
        let no_matrix = ptr::null_mut();
        // SAFETY: a live solver; each pointer is valid or NULL.
        unsafe {
            call!(SNESGetJacobian(
                self.as_ptr(),
                no_matrix,
                ptr::null_mut(),
                &raw mut function,
                none
            ))
        }?;
        Ok(function)
    }
}
