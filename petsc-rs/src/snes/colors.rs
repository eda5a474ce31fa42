//! Differences along colours that a matrix keeps.
//!
//! They are made once, and hold the addresses of the matrix's values. Its address and its identity stay when entries in
//! new places move the values, so the pattern that the differences belong to is kept with the matrix, and compared before
//! they are used. Nor does PETSc look whether the colours of a grid are right for a matrix that got entries of its own.

use std::ffi::CStr;
use std::ptr;

use super::SnesRef;
use super::local_colors::DIFFERENCES;
use crate::error::{Error, ErrorCode, Result};
use crate::matrix::{ColoringType, MatrixRef};
use crate::object::Object as _;
use crate::vector::VectorRef;
use crate::{call, ffi, runtime, sys};

/// Where PETSc's solvers keep differences.
const OF_SOLVER: &CStr = c"SNESMatFDColoring";

/// Where those of a grid's own function lie.
const OF_GRID: &CStr = c"petsc-rs.snes.differences";

/// The names under which differences lie.
const KEPT: [&CStr; 4] = [OF_SOLVER, c"TSMatFDColoring", OF_GRID, DIFFERENCES];

/// Under this name lies the pattern that they belong to.
const PATTERN: &CStr = c"petsc-rs.snes.colored-pattern";

/// What C calls for the Jacobian.
type Function = unsafe extern "C" fn(
    sys::SNES,
    sys::Vec,
    sys::Mat,
    sys::Mat,
    *mut std::ffi::c_void,
) -> sys::PetscErrorCode;

/// Before differences that `p` keeps are used: they are thrown away if it has changed since [`remember`]. Notes the
/// pattern also before there are any: a solver inside of a closure must not throw away those that the outer one has made
/// and uses. Collective.
pub(super) fn forget_if_changed(p: &MatrixRef) -> Result<()> {
    if keeps_any(p)? {
        if p.is_pattern(PATTERN)? {
            return Ok(());
        }
        forget(p)?;
    }
    if p.is_assembled()? {
        p.remember_pattern(PATTERN)?;
    }
    Ok(())
}

/// A solver that runs may be computing with them: they stay alive until none does.
fn forget(p: &MatrixRef) -> Result<()> {
    for name in KEPT {
        let kept = p.composed(name)?;
        if !kept.is_null() {
            // SAFETY: a live object.
            unsafe { runtime::keep_while_running(kept) }?;
        }
        // SAFETY: a live object and a NUL-terminated name; NULL takes away what lies there.
        unsafe {
            call!(PetscObjectCompose(
                p.object_ptr(),
                name.as_ptr(),
                ptr::null_mut()
            ))
        }?;
    }
    Ok(())
}

/// After differences of `p` were made or used. Not collective.
pub(super) fn remember(p: &MatrixRef) -> Result<()> {
    crate::not_collective!();
    if keeps_any(p)? {
        p.remember_pattern(PATTERN)?;
    }
    Ok(())
}

/// Before C computes differences along the colours of a solver's grid, or of `p`: colours `p` itself where those of the
/// grid may be wrong for it. Collective.
fn prepare(p: &MatrixRef) -> Result<()> {
    forget_if_changed(p)?;
    if !p.composed(OF_SOLVER)?.is_null() || p.has_grid_pattern()? {
        return Ok(());
    }
    let colors = p.create_coloring(ColoringType::SL)?;
    // SAFETY: a live matrix and colours of it.
    unsafe { call!(PetscRsSNESColorsOfMatrix(p.as_ptr(), colors.as_ptr())) }
}

/// Whether there are differences, on all ranks or on none.
fn keeps_any(p: &MatrixRef) -> Result<bool> {
    for name in KEPT {
        if !p.composed(name)?.is_null() {
            return Ok(true);
        }
    }
    Ok(false)
}

impl SnesRef {
    /// Before C computes the Jacobian at `x` into `p`, where it may do so along colours without a closure. Collective.
    pub(super) fn prepare_colors(&self, x: &VectorRef, p: &MatrixRef) -> Result<()> {
        if self.computes_by(sys::SNESComputeJacobianDefaultColor)? {
            return self.prepare_default_colors(x, p);
        }
        forget_if_changed(p)?;
        let of_grid = self.computes_by(sys::PetscRsSNESJacobianOfGrid)?;
        if of_grid && p.composed(OF_GRID)?.is_null() && !p.has_grid_pattern()? {
            let text = "the matrix was not made by the grid, or has other entries by now";
            return Err(Error::collective(ErrorCode::SUP, text));
        }
        Ok(())
    }

    /// Before C computes differences at `x` along the colours of the DM, or of `p`: it shifts entries of `x` by the columns
    /// of `p`. Collective.
    pub(super) fn prepare_default_colors(&self, x: &VectorRef, p: &MatrixRef) -> Result<()> {
        self.check_solution()?;
        let columns = p.local_size()?.1;
        ffi::same_len("the point of the differences", columns, x.local_len()?)?;
        prepare(p)
    }

    /// Before a solve with the matrices that the solver has. Collective.
    pub(super) fn prepare_own_colors(&self) -> Result<()> {
        self.each_preconditioner(&|snes, p| {
            if snes.computes_by(sys::SNESComputeJacobianDefaultColor)? {
                return prepare(p);
            }
            forget_if_changed(p)
        })
    }

    /// After a solve, however it ended.
    pub(super) fn remember_own_colors(&self) -> Result<()> {
        self.each_preconditioner(&|_, p| remember(p))
    }

    /// For the matrices from which preconditioners are built, of this solver and of its nonlinear preconditioner.
    fn each_preconditioner(&self, act: &dyn Fn(&Self, &MatrixRef) -> Result<()>) -> Result<()> {
        let mut has_dm = ffi::raw_bool(false);
        // SAFETY: a live solver and a valid out-pointer.
        unsafe { call!(PetscRsSNESHasDM(self.as_ptr(), &raw mut has_dm)) }?;
        // A preconditioner that has none gets that of its solver, with its functions, if nobody makes it another.
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
        let mut npc = ptr::null_mut();
        // SAFETY: a live solver that has one, and a valid out-pointer.
        unsafe { call!(SNESGetNPC(self.as_ptr(), &raw mut npc)) }?;
        // SAFETY: the solver keeps its preconditioner while it is borrowed.
        unsafe { Self::from_ptr(npc) }.each_preconditioner(act)
    }

    /// Differences along colours compare the point with the solution, which C follows where there is none.
    fn check_solution(&self) -> Result<()> {
        if self.solution()?.is_some() {
            return Ok(());
        }
        let text = "differences along colours need a solution: call set_solution, or solve first";
        Err(Error::collective(ErrorCode::ARG_WRONGSTATE, text))
    }

    /// Whether C computes the Jacobian by this function of its own, such as for `-snes_fd_color`.
    fn computes_by(&self, other: Function) -> Result<bool> {
        let function = self.jacobian_function()?;
        Ok(function.is_some_and(|f| ptr::fn_addr_eq(f, other)))
    }

    pub(super) fn jacobian_function(&self) -> Result<Option<Function>> {
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
