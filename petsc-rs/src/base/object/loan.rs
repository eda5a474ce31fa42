//! Objects whose storage belongs to another object.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

/// A borrowed object for reading, whose storage belongs to another object: for example, a vector
/// whose array PETSc sets and removes, or a matrix that a method builds internally.
///
/// The loan borrows the owner, holds a reference to the object, and cannot become an owned handle.
/// To keep the contents, copy the object ([`Vector::duplicate`](crate::Vector) and `copy_from`).
pub struct Loan<'a, T> {
    object: T,
    _lender: PhantomData<&'a ()>,
}

impl<T> Loan<'_, T> {
    /// Wraps an object that remains the property of its owner.
    #[doc(hidden)]
    pub fn new(object: T) -> Self {
        Self { object, _lender: PhantomData }
    }
}

impl<T: Deref> Deref for Loan<'_, T> {
    type Target = T::Target;

    #[inline]
    fn deref(&self) -> &T::Target {
        &self.object
    }
}

impl<T: fmt::Debug> fmt::Debug for Loan<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.object.fmt(f)
    }
}

/// Like [`Loan`], for writing.
pub struct LoanMut<'a, T>(Loan<'a, T>);

impl<T> LoanMut<'_, T> {
    /// See [`Loan::new`].
    #[doc(hidden)]
    pub fn new(object: T) -> Self {
        Self(Loan::new(object))
    }
}

impl<T: Deref> Deref for LoanMut<'_, T> {
    type Target = T::Target;

    #[inline]
    fn deref(&self) -> &T::Target {
        &self.0
    }
}

impl<T: DerefMut> DerefMut for LoanMut<'_, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T::Target {
        &mut self.0.object
    }
}

impl<T: fmt::Debug> fmt::Debug for LoanMut<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
