//! Initial guesses from earlier solutions.

use petsc_macros::wraps;

use super::KspRef;
use crate::error::Result;
use crate::{Real, call, ffi, get_raw, sys};

/// Method that computes an initial guess from earlier solutions, see [`KspRef::set_guess`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
#[wraps(KSPGuess)]
pub enum GuessModel {
    /// Projection onto earlier solutions (Fischer).
    #[doc(alias = "KSPGUESSFISCHER")]
    Fischer {
        /// 1: projection in the energy norm, for a symmetric positive definite operator; 2: for any
        /// operator; 3: as 2, with two orthogonalization passes.
        model: usize,
        /// Number of earlier solutions to store.
        size: usize,
    },
    /// Proper orthogonal decomposition of earlier solutions.
    #[doc(alias = "KSPGUESSPOD")]
    Pod {
        /// Fraction of the energy that may be discarded; `None` for PETSc's default.
        tolerance: Option<Real>,
    },
}

impl KspRef {
    /// Computes initial guesses from the solutions of earlier, similar systems. Collective. Option:
    /// `-ksp_guess_type`.
    ///
    /// Do not combine this method with
    /// [`set_initial_guess_nonzero`](Self::set_initial_guess_nonzero) or its option.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a Fischer model that is not 1, 2 or 3, or a size of 0.
    #[wraps(KSPSetGuess, KSPSetUseFischerGuess, KSPGetGuess, KSPGuessSetType, KSPGuessSetTolerance)]
    pub fn set_guess(&mut self, model: GuessModel) -> Result<()> {
        if let GuessModel::Fischer { model, size } = model {
            if !(1..=3).contains(&model) || size == 0 {
                return Err(crate::Error::new(
                    crate::ErrorCode::ARG_OUTOFRANGE,
                    format!(
                        "a Fischer guess needs model 1, 2 or 3 and a positive size, got {model} and {size}"
                    ),
                ));
            }
            let (model, size) = (ffi::petsc_int(model)?, ffi::petsc_int(size)?);
            // SAFETY: a live solver; the numbers were checked.
            return unsafe { call!(KSPSetUseFischerGuess(*self.busy()?, model, size)) };
        }
        // SAFETY: a live solver; the solver owns what is returned.
        let guess = unsafe { get_raw!(KSPGetGuess(*self.busy()?, _)) }?;
        // SAFETY: a live guess; the name is static.
        unsafe { call!(KSPGuessSetType(guess, c"pod".as_ptr())) }?;
        if let GuessModel::Pod { tolerance: Some(tolerance) } = model {
            // SAFETY: a live guess.
            unsafe { call!(KSPGuessSetTolerance(guess, tolerance)) }?;
        }
        Ok(())
    }
}
