//! User-defined schemes.

use std::ptr;

use petsc_macros::wraps;

use crate::error::Result;
use crate::{Petsc, Real, call, ffi};

/// The coefficients of an additive Runge–Kutta scheme, see [`Petsc::register_arkimex`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ArkimexTableau {
    /// Order of accuracy.
    pub order: usize,
    /// The matrix `At` of the implicit part, by rows.
    pub implicit: Vec<Vec<Real>>,
    /// The matrix `A` of the explicit part, by rows.
    pub explicit: Vec<Vec<Real>>,
}

impl Petsc {
    /// Registers an additive Runge–Kutta scheme under a name, for `-ts_arkimex_type` and
    /// [`set_arkimex_type`](crate::TsRef::set_arkimex_type). Not collective, but call it on all
    /// ranks.
    ///
    /// The weights that complete the step are the last row of each matrix (stiffly accurate
    /// scheme).
    ///
    /// # Errors
    /// `ARG_SIZ` unless both matrices are square, not empty, and of the same size.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest_session(|petsc| {
    /// # use petsc_rs::{Ts, TsType, ts::{ArkimexTableau, ArkimexType}};
    /// let theta = ArkimexTableau {
    ///     order: 1,
    ///     implicit: vec![vec![0.0, 0.0], vec![0.0, 1.0]],
    ///     explicit: vec![vec![0.0, 0.0], vec![1.0, 0.0]],
    /// };
    /// petsc.register_arkimex("my-euler", &theta)?;
    /// let mut ts = Ts::new(petsc.world())?;
    /// ts.set_type(TsType::ARKIMEX)?;
    /// ts.set_arkimex_type(ArkimexType::new(c"my-euler"))?;
    /// assert_eq!(ts.arkimex_type()?, "my-euler");
    /// # Ok(()) })
    /// ```
    #[wraps(TSARKIMEXRegister)]
    pub fn register_arkimex(&self, name: &str, tableau: &ArkimexTableau) -> Result<()> {
        crate::not_collective!();
        let name = ffi::c_string(name)?;
        let stages = tableau.implicit.len();
        ffi::same_len("number of rows of `explicit`", stages.max(1), tableau.explicit.len())?;
        for row in tableau.implicit.iter().chain(&tableau.explicit) {
            ffi::same_len("length of a row of the tableau", stages, row.len())?;
        }
        let (implicit, explicit) = (tableau.implicit.concat(), tableau.explicit.concat());
        let (order, count) = (ffi::petsc_int(tableau.order)?, ffi::petsc_int(stages)?);
        let none: *const Real = ptr::null();
        // SAFETY: `count` times `count` coefficients each, which PETSc copies, like the name; NULL
        // for values that are optional or that PETSc derives itself.
        unsafe {
            call!(TSARKIMEXRegister(
                name.as_ptr().cast_mut(),
                order,
                count,
                implicit.as_ptr(),
                none,
                none,
                explicit.as_ptr(),
                none,
                none,
                none,
                none,
                0,
                none,
                none
            ))
        }
    }
}
