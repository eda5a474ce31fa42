//! The method `power`: variable shifts, and nonlinear inverse iteration.

use std::ptr;

use petsc_macros::{setting, wraps};
use petsc_rs::snes::{Snes, SnesRef};
use petsc_rs::{Error, ErrorCode, Object as _, Result, call, ffi, internal};

use super::EpsRef;
use crate::sys;

petsc_rs::c_enum! {
    /// Choice of the shift of the method `power`, see [`EpsRef::set_power_shift_type`].
    #[doc(alias = "EPSPowerShiftType")]
    PowerShiftType of EPSPowerShiftType;
    /// Constant: power iteration, or inverse iteration with a spectral transformation. The default.
    Constant = EPS_POWER_SHIFT_CONSTANT,
    /// The Rayleigh quotient; requires shift-and-invert.
    Rayleigh = EPS_POWER_SHIFT_RAYLEIGH,
    /// Wilkinson's shift; requires shift-and-invert.
    Wilkinson = EPS_POWER_SHIFT_WILKINSON,
}

/// # Nonlinear eigenvector problems
///
/// The method `power` can also compute an eigenvalue of `A(x)·x = λ·B(x)·x`, whose matrices depend
/// on the eigenvector. (The matrices of [`Nep`](crate::Nep) depend on the eigenvalue.) Each step of
/// the inverse iteration solves `A(y)·y = B(x)·x / ‖B(x)·x‖` with the nonlinear solver
/// [`power_snes`](Self::power_snes); after convergence, `‖B(x)·x‖ = 1/λ`.
///
/// Closures define the problem, and live as long as the solver. The matrices of
/// [`set_operators`](Self::set_operators) define the parallel layout, and the first matrix stores
/// the Jacobian.
impl EpsRef {
    /// The rule by which the shift changes between iterations.
    #[setting(EPSPowerSetShiftType, EPSPowerGetShiftType)]
    #[types("power")]
    #[option("-eps_power_shift_type", default = "[`PowerShiftType::Constant`]")]
    pub fn set_power_shift_type(power_shift_type: PowerShiftType);

    /// Sets whether the problem is nonlinear, that is, defined by
    /// [`set_power_function`](Self::set_power_function) and
    /// [`set_power_jacobian`](Self::set_power_jacobian). Logically collective. Default: false.
    /// Option: `-eps_power_nonlinear`.
    ///
    /// # Errors
    /// `ARG_WRONG` for other types: set the type first. `ARG_WRONGSTATE` if a nonlinear problem is
    /// set to linear, because SLEPc keeps parts of the nonlinear problem: create another solver. If
    /// an option sets the problem to linear, the next solve returns this error.
    ///
    /// # Examples
    /// Solves `xᵢ³ = λ·xᵢ` for four entries. All entries of the eigenvector are equal, and SLEPc
    /// scales the eigenvector so that `λ·‖x‖ = 1`.
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::matrix::{Matrix, MatrixType};
    /// # use petsc_rs::{InsertMode, Scalar, ScalarExt};
    /// use slepc_rs::eps::{Eps, EpsType, ProblemType};
    /// let one = Scalar::from_real(1.0);
    /// let a = Matrix::constant_diagonal(comm, 4, one)?.convert(MatrixType::AIJ)?;
    /// let mut eps = Eps::new(comm)?;
    /// eps.set_operators(&a, None)?;
    /// eps.set_problem_type(ProblemType::NonHermitian)?;
    /// eps.set_type(EpsType::POWER)?;
    /// eps.set_power_nonlinear(true)?;
    /// eps.set_power_function(|_, x, ax| {
    ///     for (ax, x) in ax.array_mut()?.iter_mut().zip(x.array()?.iter()) {
    ///         *ax = *x * *x * *x;
    ///     }
    ///     Ok(())
    /// })?;
    /// eps.set_power_jacobian(|_, x, a, _| {
    ///     let start = x.ownership_range()?.start;
    ///     for (i, x) in (start..).zip(x.array()?.iter()) {
    ///         a.set_value(i, i, *x * *x * 3.0, InsertMode::Insert)?;
    ///     }
    ///     a.assemble()
    /// })?;
    /// let mut x = a.vectors()?.0;
    /// x.set(Scalar::from_real(0.5))?;
    /// eps.set_initial_space(&[&x])?;
    /// let _ = eps.solve()?;
    /// // λ = x², and x²·‖x‖ = 2·x³ = 1.
    /// assert!((eps.eigenvalue(0)?.re - 0.25_f64.cbrt()).abs() < 1e-7);
    /// # Ok(()) })
    /// ```
    #[wraps(EPSPowerSetNonlinear)]
    pub fn set_power_nonlinear(&mut self, on: bool) -> Result<()> {
        self.expect_power()?;
        if !on && self.power_nonlinear()? {
            return Err(stays_nonlinear());
        }
        // SAFETY: a live solver of this type.
        unsafe { call!(EPSPowerSetNonlinear(*self.busy()?, ffi::raw_bool(on))) }
    }

    /// Returns whether the problem is nonlinear; false for other methods. Not collective.
    #[wraps(EPSPowerGetNonlinear)]
    pub fn power_nonlinear(&self) -> Result<bool> {
        petsc_rs::not_collective!();
        if !self.is_type("power")? {
            return Ok(false);
        }
        let mut flag = ffi::raw_bool(false);
        // SAFETY: a live solver of this type and a valid out-pointer.
        unsafe { call!(EPSPowerGetNonlinear(self.as_ptr(), &raw mut flag)) }?;
        Ok(ffi::to_bool(flag))
    }

    /// Sets whether, after a few steps, Newton's method solves the complete equation
    /// `A(x)·x - B(x)·x / ‖B(x)·x‖ = 0`. Newton's method converges faster than nonlinear inverse
    /// iteration; all its steps count as one iteration of the eigensolver. Logically collective.
    /// Default: false. Option: `-eps_power_update`.
    ///
    /// The Jacobian is still the derivative of `A(x)·x`. Use `-eps_power_snes_mf_operator` to apply
    /// the Jacobian of the complete equation. A separate nonlinear solver with the prefix `init_`
    /// computes the first steps.
    ///
    /// # Errors
    /// `SUP` unless the problem is [nonlinear](Self::set_power_nonlinear).
    #[wraps(EPSPowerSetUpdate)]
    pub fn set_power_update(&mut self, on: bool) -> Result<()> {
        self.expect_nonlinear()?;
        // SAFETY: a live solver of this type with a nonlinear problem.
        unsafe { call!(EPSPowerSetUpdate(*self.busy()?, ffi::raw_bool(on))) }
    }

    /// Returns whether Newton's method solves the complete equation; false for other methods. Not
    /// collective.
    #[wraps(EPSPowerGetUpdate)]
    pub fn power_update(&self) -> Result<bool> {
        petsc_rs::not_collective!();
        if !self.is_type("power")? {
            return Ok(false);
        }
        let mut flag = ffi::raw_bool(false);
        // SAFETY: a live solver of this type and a valid out-pointer.
        unsafe { call!(EPSPowerGetUpdate(self.as_ptr(), &raw mut flag)) }?;
        Ok(ffi::to_bool(flag))
    }

    /// Whether the scale factor with which `B(x)·x` is normalized has the sign of the first entry
    /// of `B(x)·x`. Since SLEPc 3.20; earlier releases always do this.
    ///
    /// With this normalization, `λ` is negative if the sign of the first entry changes between
    /// iterations.
    #[cfg(petsc_ge_3_20)]
    #[setting(EPSPowerSetSignNormalization, EPSPowerGetSignNormalization)]
    #[types("power")]
    #[option("-eps_power_sign_normalization", default = "true")]
    pub fn set_power_sign_normalization(power_sign_normalization: bool);

    /// Returns the nonlinear solver of a nonlinear problem. Options: `-eps_power_snes_…`,
    /// `-eps_power_ksp_…`. Collective.
    ///
    /// # Errors
    /// `SUP` unless the problem is [nonlinear](Self::set_power_nonlinear).
    #[wraps(EPSPowerGetSNES)]
    #[track_caller]
    pub fn power_snes(&self) -> Result<Snes> {
        // SAFETY: a live object.
        unsafe { Snes::part_of_method(self, self.raw_snes()?) }
    }

    /// Replaces the nonlinear solver. The eigensolver holds a reference to it. Collective.
    ///
    /// # Errors
    /// `SUP` unless the problem is [nonlinear](Self::set_power_nonlinear); `ARG_NOTSAMECOMM` if the
    /// solver lives on other processes.
    #[wraps(EPSPowerSetSNES)]
    pub fn set_power_snes(&mut self, snes: &SnesRef) -> Result<()> {
        self.expect_nonlinear()?;
        self.check_same_ranks(snes)?;
        // SAFETY: live objects on the same processes, of which SLEPc takes a reference.
        unsafe { call!(EPSPowerSetSNES(*self.busy()?, snes.as_ptr())) }
    }

    fn raw_snes(&self) -> Result<sys::SNES> {
        self.expect_nonlinear()?;
        let mut raw = ptr::null_mut();
        // SAFETY: a live solver of this type and a valid out-pointer.
        unsafe { call!(EPSPowerGetSNES(self.as_ptr(), &raw mut raw)) }?;
        Ok(raw)
    }

    pub(super) fn expect_power(&self) -> Result<()> {
        crate::base::one_of(self, &["power"], "power iteration").map(drop)
    }

    /// Checks for an option that turned off a nonlinear problem: Newton's method would have no
    /// solver, and the spectral transformation would have no effect.
    pub(super) fn check_power(&self) -> Result<()> {
        if !self.is_type("power")? || self.power_nonlinear()? {
            return Ok(());
        }
        if self.power_update()? {
            return Err(stays_nonlinear());
        }
        if self.st()?.is_type("precond")? {
            let text = "power iteration does not support the transformation precond, which an earlier nonlinear \
                        problem set: create another solver for a linear problem";
            return Err(internal::collective(ErrorCode::ARG_WRONGSTATE, text));
        }
        Ok(())
    }

    fn expect_nonlinear(&self) -> Result<()> {
        self.expect_power()?;
        if self.power_nonlinear()? {
            return Ok(());
        }
        let text = "the problem is not nonlinear: call set_power_nonlinear first";
        Err(Error::new(ErrorCode::SUP, text))
    }
}

fn stays_nonlinear() -> Error {
    let text = "the solver of a nonlinear problem cannot be set to linear: create another solver";
    internal::collective(ErrorCode::ARG_WRONGSTATE, text)
}
