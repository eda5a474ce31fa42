//! `PetscErrorCode` as a newtype: a newer PETSc can have codes that are not listed here.

use std::fmt;
use std::ptr;

use crate::{ffi, sys};

/// One of PETSc's error codes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ErrorCode(i32);

macro_rules! codes {
    ($($(#[$meta:meta])* $name:ident = $value:literal),* $(,)?) => {
        impl ErrorCode {
            $($(#[$meta])* pub const $name: Self = Self($value);)*
            const NAMES: &'static [(i32, &'static str)] = &[$(($value, stringify!($name))),*];
        }
    };
}

codes! {
    /// Out of memory.
    MEM = 55,
    /// The object or build does not support the operation.
    SUP = 56,
    /// The operation is not supported on this system.
    SUP_SYS = 57,
    /// Calls in the wrong order.
    ORDER = 58,
    /// A signal was received.
    SIG = 59,
    /// Sizes do not match.
    ARG_SIZ = 60,
    /// Two arguments must be different objects.
    ARG_IDN = 61,
    /// A wrong argument.
    ARG_WRONG = 62,
    /// An argument outside its range.
    ARG_OUTOFRANGE = 63,
    /// A corrupted object.
    ARG_CORRUPT = 64,
    /// A file cannot be opened.
    FILE_OPEN = 65,
    /// A file cannot be read.
    FILE_READ = 66,
    /// A file cannot be written.
    FILE_WRITE = 67,
    /// An invalid pointer.
    ARG_BADPTR = 68,
    /// Two arguments must have the same type.
    ARG_NOTSAMETYPE = 69,
    /// A zero pivot in an LU factorization.
    MAT_LU_ZRPVT = 71,
    /// A floating-point exception: a NaN or infinity.
    FP = 72,
    /// An object in the wrong state, such as an unassembled matrix.
    ARG_WRONGSTATE = 73,
    /// A corrupted PETSc object.
    COR = 74,
    /// Two arguments are incompatible.
    ARG_INCOMP = 75,
    /// An external library failed.
    LIB = 76,
    /// Inconsistent data inside PETSc.
    PLIB = 77,
    /// Memory was corrupted.
    MEMC = 78,
    /// Unexpected data in a file.
    FILE_UNEXPECTED = 79,
    /// Two arguments live on different communicators.
    ARG_NOTSAMECOMM = 80,
    /// A zero pivot in a Cholesky factorization.
    MAT_CH_ZRPVT = 81,
    /// A nested solver failed.
    CONV_FAILED = 82,
    /// A user-defined error: an error of the program that calls PETSc.
    USER = 83,
    /// A number does not fit into `PetscInt`.
    INT_OVERFLOW = 84,
    /// An argument is missing.
    ARG_NULL = 85,
    /// This build does not have the type.
    ARG_UNKNOWN_TYPE = 86,
    /// The MPI library that was loaded is not the one for which PETSc was compiled.
    MPI_LIB_INCOMP = 87,
    /// The operating system failed.
    SYS = 88,
    /// The object has no type yet.
    ARG_TYPENOTSET = 89,
    /// The solver did not converge.
    NOT_CONVERGED = 91,
    /// The factorization is not available in this build.
    MISSING_FACTOR = 92,
    /// The program cannot run on this number of ranks.
    WRONG_MPI_SIZE = 94,
    /// Missing or invalid input of the user.
    USER_INPUT = 95,
    /// MPI failed.
    MPI = 98,
}

impl ErrorCode {
    /// Returns the number of the code.
    #[must_use]
    pub fn to_i32(self) -> i32 {
        self.0
    }

    pub(crate) fn to_raw(self) -> sys::PetscErrorCode {
        sys::error_code(self.0)
    }

    pub(crate) fn from_raw(raw: sys::PetscErrorCode) -> Self {
        Self(sys::error_number(raw))
    }

    /// Returns PETSc's one-line description.
    pub(crate) fn text(self) -> String {
        let mut text = ptr::null();
        // SAFETY: a valid out-pointer; PETSc sets it to NULL or to a static string.
        let code = unsafe { sys::PetscErrorMessage(self.to_raw(), &raw mut text, ptr::null_mut()) };
        // SAFETY: NULL or a static, NUL-terminated string (above).
        let text = unsafe { ffi::str_from_ptr(text) };
        text.filter(|_| code == 0).unwrap_or_else(|| self.to_string())
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Self::NAMES.iter().find(|(value, _)| *value == self.0) {
            Some((_, name)) => write!(f, "PETSC_ERR_{name}"),
            None => write!(f, "PETSc error {}", self.0),
        }
    }
}

impl fmt::Debug for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
