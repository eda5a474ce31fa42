//! Random numbers (`PetscRandom` in C).

use petsc_macros::wraps;

use crate::comm::Comm;
use crate::error::{Error, ErrorCode, Result};
use crate::object::petsc_object;
use crate::type_names::type_names;
use crate::{Real, Scalar, ScalarExt as _, call, create, ffi, get, sys};

petsc_object! {
    /// A random number generator.
    ///
    /// A program creates a generator, chooses its type, seed and interval, and draws numbers or
    /// fills vectors. Dropping the handle destroys the generator.
    ///
    /// # Examples
    /// See [`Random::new`] and [`RandomRef::fill`].
    ///
    /// # Options
    /// `-random_type`, `-random_seed`, with [`RandomRef::set_from_options`].
    ///
    /// # See also
    /// [`RandomType`], [`VectorRef::set_random`](crate::VectorRef::set_random).
    #[wraps(PetscRandom)]
    Random,
    /// A borrowed [`Random`].
    RandomRef,
    PetscRandom,
    PetscRandomDestroy,
}

type_names! {
    /// Type of a generator. Plugins may register more types.
    #[doc(alias = "PetscRandomType")]
    RandomType;
    /// `drand48` of the C library. All generators of the process share the state of this function.
    /// Default.
    #[doc(alias = "PETSCRAND48")]
    RAND48 = c"rand48",
    /// The same numbers on every machine, with a separate state for each generator.
    #[doc(alias = "PETSCRANDER48")]
    RANDER48 = c"rander48",
    /// `rand` of the C library.
    #[doc(alias = "PETSCRAND")]
    RAND = c"rand",
}

impl Random {
    /// Creates a generator of type [`RAND48`](RandomType::RAND48) for the interval `[0, 1)`.
    /// Collective.
    ///
    /// Each rank generates its own numbers.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// let mut random = petsc_rs::Random::new(comm)?;
    /// let x = random.real_value()?;
    /// assert!((0.0..1.0).contains(&x));
    /// # Ok(()) })
    /// ```
    #[wraps(PetscRandomCreate)]
    #[track_caller]
    pub fn new(comm: &Comm) -> Result<Self> {
        // SAFETY: a live communicator; C creates an object.
        let mut random: Self = unsafe { create!(PetscRandomCreate(comm.as_raw(), _)) }?;
        random.set_type(RandomType::RAND48)?;
        Ok(random)
    }
}

impl RandomRef {
    /// Sets the type. If the type changes, the sequence starts again from the current seed.
    /// Collective.
    ///
    /// Default: [`RandomType::RAND48`]. Option: `-random_type`.
    ///
    /// # Errors
    /// `ARG_UNKNOWN_TYPE` if the type is not registered.
    #[wraps(PetscRandomSetType)]
    pub fn set_type(&mut self, kind: RandomType<'_>) -> Result<()> {
        // SAFETY: a live generator and a NUL-terminated name.
        unsafe { call!(PetscRandomSetType(self.as_ptr(), kind.as_ptr())) }
    }

    /// Applies the options `-random_type` and `-random_seed`. Collective.
    ///
    /// # Errors
    /// `ARG_UNKNOWN_TYPE` if the type is not registered.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest_session(|petsc| {
    /// use petsc_rs::prelude::*;
    /// petsc.options().insert_str("-random_type rander48")?;
    /// let mut random = Random::new(petsc.world())?;
    /// random.set_from_options()?;
    /// assert_eq!(random.type_name()?.as_deref(), Some("rander48"));
    /// # Ok(()) })
    /// ```
    #[wraps(PetscRandomSetFromOptions)]
    pub fn set_from_options(&mut self) -> Result<()> {
        // SAFETY: a live generator.
        unsafe { call!(PetscRandomSetFromOptions(self.as_ptr())) }
    }

    /// Sets the seed and restarts the sequence. Option: `-random_seed`.
    ///
    /// # Errors
    /// The errors of `PetscRandomSeed`.
    #[wraps(PetscRandomSetSeed, PetscRandomSeed, not_collective)]
    pub fn seed(&mut self, seed: u32) -> Result<()> {
        // SAFETY: a live generator.
        unsafe { call!(PetscRandomSetSeed(self.as_ptr(), seed.into())) }?;
        // SAFETY: a live generator with a type.
        unsafe { call!(PetscRandomSeed(self.as_ptr())) }
    }

    /// Returns the seed.
    ///
    /// # Errors
    /// An error if the seed that `-random_seed` set does not fit into `u32`.
    #[wraps(PetscRandomGetSeed, not_collective)]
    pub fn current_seed(&self) -> Result<u32> {
        let mut seed = 0;
        // SAFETY: a live generator and a valid out-pointer.
        unsafe { call!(PetscRandomGetSeed(self.as_ptr(), &raw mut seed)) }?;
        Ok(u32::try_from(seed)?)
    }

    /// Sets the interval `[low, high)` of the numbers; for complex numbers, the real and imaginary
    /// parts have separate intervals. Default: `[0, 1)`, or the unit square.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if `low` is greater than `high`.
    #[wraps(PetscRandomSetInterval, not_collective)]
    pub fn set_interval(&mut self, low: Scalar, high: Scalar) -> Result<()> {
        if low.real() > high.real() || low.imaginary() > high.imaginary() {
            return Err(Error::new(
                ErrorCode::ARG_OUTOFRANGE,
                format!("the interval from {low} to {high} is empty: low must not exceed high"),
            ));
        }
        // SAFETY: a live generator; the scalars live for the call.
        unsafe {
            call!(PetscRsPetscRandomSetInterval(self.as_ptr(), &raw const low, &raw const high))
        }
    }

    /// Returns the interval of the numbers.
    #[wraps(PetscRandomGetInterval, not_collective)]
    pub fn interval(&self) -> Result<(Scalar, Scalar)> {
        // SAFETY: a live generator.
        unsafe { get!(PetscRandomGetInterval(self.as_ptr(), _, _)) }
    }

    /// Returns the next number.
    #[wraps(PetscRandomGetValue, not_collective)]
    pub fn value(&mut self) -> Result<Scalar> {
        // SAFETY: a live generator with a type.
        unsafe { get!(PetscRandomGetValue(self.as_ptr(), _)) }
    }

    /// Returns the real part of the next number.
    #[wraps(PetscRandomGetValueReal, not_collective)]
    pub fn real_value(&mut self) -> Result<Real> {
        // SAFETY: a live generator with a type.
        unsafe { get!(PetscRandomGetValueReal(self.as_ptr(), _)) }
    }

    /// Fills a slice with the next numbers.
    #[wraps(PetscRandomGetValues, not_collective)]
    pub fn fill(&mut self, values: &mut [Scalar]) -> Result<()> {
        let n = ffi::petsc_int(values.len())?;
        // SAFETY: a live generator with a type and room for `n` numbers.
        unsafe { call!(PetscRandomGetValues(self.as_ptr(), n, values.as_mut_ptr())) }
    }
}
