//! Functions of one variable for matrix functions and nonlinear eigenvalue problems (`FN` in C;
//! renamed because `Fn` is a trait of Rust).

use std::ptr;

use petsc_macros::wraps;
use petsc_rs::matrix::{Matrix, MatrixRef};
use petsc_rs::{
    Comm, Error, ErrorCode, Object as _, Result, Scalar, call, ffi, internal, petsc_object,
};

use crate::sys;
use petsc_rs::ffi::range::out_of_range;

petsc_object! {
    /// A function of one variable.
    ///
    /// A program creates a function of a type, sets its parameters, and evaluates it for numbers or
    /// matrices, or passes it to a solver. Dropping the handle destroys the function, unless a
    /// solver has a reference to it.
    ///
    /// # Examples
    /// See [`MathFunction::rational`] and [`MathFunctionRef::set_scale`].
    ///
    /// # Options
    /// `-fn_type`, `-fn_scale`, `-fn_method`.
    ///
    /// # See also
    /// [`FnType`], [`Mfn`](crate::Mfn),
    /// [`NepRef::set_split_operator`](crate::NepRef::set_split_operator).
    #[wraps(FN)]
    MathFunction,
    /// A borrowed [`MathFunction`].
    MathFunctionRef,
    FN,
    FNDestroy,
}

petsc_rs::type_names! {
    /// Type of a function.
    #[doc(alias = "FNType")]
    FnType;
    /// A combination of two functions.
    COMBINE = c"combine",
    /// A polynomial, or a quotient of two polynomials. Without coefficients, it is the function
    /// `f(x) = x`.
    RATIONAL = c"rational",
    /// `exp(x)`.
    EXP = c"exp",
    /// `log(x)`.
    LOG = c"log",
    /// `φ_k(x)`: `φ₀ = exp`, `φ_k = (φ_{k-1}(x) - 1/(k-1)!)/x`.
    PHI = c"phi",
    /// `√x`.
    SQRT = c"sqrt",
    /// `1/√x`.
    INVSQRT = c"invsqrt",
}

petsc_rs::c_enum! {
    /// Combination of two functions.
    #[doc(alias = "FNCombineType")]
    Combination of FNCombineType;
    /// `f + g`.
    Add = FN_COMBINE_ADD,
    /// `f·g`.
    Multiply = FN_COMBINE_MULTIPLY,
    /// `f/g`.
    Divide = FN_COMBINE_DIVIDE,
    /// `g(f(x))`.
    Compose = FN_COMBINE_COMPOSE,
}

crate::base::basics! {
    MathFunction, MathFunctionRef, FnType, "function", "none", "-fn_type";
    #[wraps(FNCreate)]
    FNCreate,
    #[wraps(FNSetType)]
    FNSetType,
    #[wraps(FNSetFromOptions)]
    FNSetFromOptions,
    #[wraps(FNSetOptionsPrefix)]
    FNSetOptionsPrefix,
    #[doc(alias = "FNAppendOptionsPrefix")]
    FNAppendOptionsPrefix
}

impl MathFunction {
    /// Creates a function of a type. Collective.
    ///
    /// # Errors
    /// `ARG_UNKNOWN_TYPE` if this build does not have the type.
    #[track_caller]
    pub fn of_type(comm: &Comm, kind: FnType<'_>) -> Result<Self> {
        let mut f = Self::new(comm)?;
        f.set_type(kind)?;
        Ok(f)
    }

    /// Creates a quotient of two polynomials. Coefficients are given from the highest power down;
    /// an empty polynomial is 1. Collective.
    ///
    /// # Errors
    /// The errors of `FNRationalSetNumerator`.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Scalar, ScalarExt};
    /// use slepc_rs::MathFunction;
    /// let [one, two] = [1.0, 2.0].map(Scalar::from_real);
    /// let f = MathFunction::rational(comm, &[one, two], &[two])?; // (x + 2)/2
    /// assert_eq!(f.evaluate(two)?, two);
    /// assert_eq!(f.derivative(two)?, Scalar::from_real(0.5));
    /// # Ok(()) })
    /// ```
    #[wraps(FNRationalSetNumerator, FNRationalSetDenominator)]
    #[track_caller]
    pub fn rational(comm: &Comm, numerator: &[Scalar], denominator: &[Scalar]) -> Result<Self> {
        let f = Self::of_type(comm, FnType::RATIONAL)?;
        let (n, mut p) = (ffi::petsc_int(numerator.len())?, numerator.to_vec());
        // SAFETY: a live function of this type; SLEPc copies the `n` numbers.
        unsafe { call!(FNRationalSetNumerator(f.as_ptr(), n, p.as_mut_ptr())) }?;
        let (n, mut q) = (ffi::petsc_int(denominator.len())?, denominator.to_vec());
        // SAFETY: as above.
        unsafe { call!(FNRationalSetDenominator(f.as_ptr(), n, q.as_mut_ptr())) }?;
        Ok(f)
    }

    /// Creates a combination of two functions, and holds a reference to both. Collective.
    ///
    /// # Errors
    /// `ARG_NOTSAMECOMM` if a function lives on other processes; `ARG_WRONGSTATE` if one has no
    /// type.
    #[wraps(FNCombineSetChildren)]
    #[track_caller]
    pub fn combined(
        comm: &Comm,
        how: Combination,
        f: &MathFunctionRef,
        g: &MathFunctionRef,
    ) -> Result<Self> {
        let both = Self::of_type(comm, FnType::COMBINE)?;
        for part in [f, g] {
            internal::check_same_ranks(both.object_ptr(), part.object_ptr())?;
            part.check_complete()?;
        }
        let (raw, how, f, g) = (both.as_ptr(), how.to_raw(), f.as_ptr(), g.as_ptr());
        // SAFETY: a live function of this type, and live parts, of which SLEPc takes references.
        unsafe { call!(FNCombineSetChildren(raw, how, f, g)) }?;
        Ok(both)
    }

    /// Creates the function `φ_k`. Collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if `k` exceeds the largest index that SLEPc supports.
    #[wraps(FNPhiSetIndex)]
    #[track_caller]
    pub fn phi(comm: &Comm, k: usize) -> Result<Self> {
        let f = Self::of_type(comm, FnType::PHI)?;
        let k = ffi::petsc_int(k)?;
        // SAFETY: a live function of this type; SLEPc checks the index.
        unsafe { call!(FNPhiSetIndex(f.as_ptr(), k)) }?;
        Ok(f)
    }
}

impl MathFunctionRef {
    /// Replaces the function `f(x)` with `β·f(α·x)`. Logically collective. Default: 1 and 1.
    /// Option: `-fn_scale α,β`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if `alpha` or `beta` is 0.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use slepc_rs::prelude::*;
    /// let mut f = MathFunction::of_type(comm, FnType::EXP)?;
    /// f.set_scale(2.0.into(), 3.0.into())?; // 3·exp(2·x)
    /// assert!((f.evaluate(1.0.into())?.real() - 3.0 * (2f64).exp()).abs() < 1e-12);
    /// assert_eq!(f.scale()?.0.real(), 2.0);
    /// # Ok(()) })
    /// ```
    #[wraps(FNSetScale)]
    pub fn set_scale(&mut self, alpha: Scalar, beta: Scalar) -> Result<()> {
        let zero = Scalar::default();
        if alpha == zero || beta == zero {
            return Err(out_of_range("the scale factors of a function must not be 0"));
        }
        let (f, alpha, beta) = (self.as_ptr(), &raw const alpha, &raw const beta);
        // SAFETY: a live function and valid pointers.
        unsafe { call!(PetscRsFNSetScale(f, alpha, beta)) }
    }

    /// Returns the scale factors `α` and `β`. Not collective.
    ///
    /// # Examples
    /// See [`set_scale`](Self::set_scale).
    #[wraps(FNGetScale)]
    pub fn scale(&self) -> Result<(Scalar, Scalar)> {
        petsc_rs::not_collective!();
        let (mut alpha, mut beta) = (Scalar::default(), Scalar::default());
        // SAFETY: a live function and valid out-pointers.
        unsafe { call!(FNGetScale(self.as_ptr(), &raw mut alpha, &raw mut beta)) }?;
        Ok((alpha, beta))
    }

    /// Sets the algorithm that evaluates the function at a matrix. Logically collective. Default:
    /// 0. Option: `-fn_method`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the number exceeds 15.
    #[wraps(FNSetMethod)]
    pub fn set_method(&mut self, method: usize) -> Result<()> {
        const ROOM: usize = 16; // FN_MAX_SOLVE, which C lets through
        if method == ROOM {
            let text = "the methods of a function are numbered from 0 to 15";
            return Err(Error::new(ErrorCode::ARG_OUTOFRANGE, text));
        }
        let method = ffi::petsc_int(method)?;
        // SAFETY: a live function; SLEPc refuses numbers above that of its tables' length, and that one is refused above.
        unsafe { call!(FNSetMethod(*self.busy()?, method)) }
    }

    /// Evaluates `f(x)`. Not collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if the function is not defined at `x`; `ARG_WRONGSTATE` without a type.
    #[wraps(FNEvaluateFunction)]
    pub fn evaluate(&self, x: Scalar) -> Result<Scalar> {
        petsc_rs::not_collective!();
        self.check_complete()?;
        let mut y = Scalar::default();
        // SAFETY: a live function with a type and its parts (above), and valid pointers.
        unsafe { call!(PetscRsFNEvaluateFunction(self.as_ptr(), &raw const x, &raw mut y)) }?;
        Ok(y)
    }

    /// Evaluates the derivative `f'(x)`. Not collective.
    #[wraps(FNEvaluateDerivative, errors = evaluate)]
    pub fn derivative(&self, x: Scalar) -> Result<Scalar> {
        petsc_rs::not_collective!();
        self.check_complete()?;
        let mut y = Scalar::default();
        // SAFETY: as for `evaluate`.
        unsafe { call!(PetscRsFNEvaluateDerivative(self.as_ptr(), &raw const x, &raw mut y)) }?;
        Ok(y)
    }

    /// Evaluates `f(A)` for a small sequential dense matrix `A`. Not collective.
    ///
    /// # Errors
    /// `ARG_WRONG` if the matrix is not sequential and dense; `ARG_SIZ` if it is not square; an
    /// error of LAPACK if the function is not defined at the matrix.
    #[wraps(FNEvaluateFunctionMat)]
    #[track_caller]
    pub fn evaluate_matrix(&self, a: &MatrixRef) -> Result<Matrix> {
        petsc_rs::not_collective!();
        self.check_complete()?;
        ffi::check_no_writer()?;
        if !a.is_type("seqdense")? {
            let text =
                "a function can only be evaluated at a sequential dense matrix: convert the matrix";
            return Err(Error::new(ErrorCode::ARG_WRONG, text));
        }
        let (rows, columns) = a.size()?;
        if rows != columns {
            let text = format!(
                "a function cannot be evaluated at a matrix of {rows} x {columns}: the matrix must be square"
            );
            return Err(Error::new(ErrorCode::ARG_SIZ, text));
        }
        let b = a.duplicate()?;
        // SAFETY: a live function with a type and its parts; two square dense matrices of one size on this rank.
        unsafe { call!(FNEvaluateFunctionMat(self.as_ptr(), a.as_ptr(), b.as_ptr())) }?;
        Ok(b)
    }

    /// Checks that the type, and the parts of a combination, are set: optimized SLEPc does not
    /// check them.
    pub(crate) fn check_complete(&self) -> Result<()> {
        let incomplete = |text: &str| Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        match self.type_name()?.as_deref() {
            None => incomplete("the function has no type yet: call set_type"),
            Some("combine") => {
                let (mut how, mut f, mut g) = (0, ptr::null_mut(), ptr::null_mut());
                let (a, b, c) = (&raw mut how, &raw mut f, &raw mut g);
                // SAFETY: a live function of this type and valid out-pointers; SLEPc makes parts that are missing.
                unsafe { call!(FNCombineGetChildren(self.as_ptr(), a, b, c)) }?;
                for part in [f, g] {
                    // SAFETY: the combination keeps its parts.
                    unsafe { Self::from_ptr(part) }.check_complete()?;
                }
                Ok(())
            }
            Some(_) => Ok(()),
        }
    }
}
