//! Output arguments of C functions: the macros `get!`, `get_raw!`, `create!` and `get_text!`.

use std::ffi::c_char;
use std::ptr;

use super::str_from_ptr;
use crate::error::{Error, ErrorCode, Result};
use crate::object::{Class, Value};

/// Calls a C function and returns the values that it writes to the arguments `_`: one value, or a
/// tuple. The values are converted to the types that the caller needs, such as `usize` or `bool`.
///
/// A call in an `unsafe` block is sound if C writes valid values to these arguments, or nothing.
#[doc(hidden)]
#[macro_export]
macro_rules! get {
    ($function:ident ( $($arguments:tt)* )) => {
        $crate::outputs!(get $function [] [] $($arguments)*)
    };
}

/// Calls a C function and returns what it writes to the arguments `_`, as [`get!`](crate::get!)
/// does, in the types of C. The initial values are zero and NULL.
#[doc(hidden)]
#[macro_export]
macro_rules! get_raw {
    ($function:ident ( $($arguments:tt)* )) => {
        $crate::outputs!(raw $function [] [] $($arguments)*)
    };
}

/// Calls a C function that creates an object, and returns the handle that owns it. C writes the
/// object, whose reference belongs to the caller, to the argument `_`.
#[doc(hidden)]
#[macro_export]
macro_rules! create {
    ($function:ident ( $($arguments:tt)* )) => {
        $crate::outputs!(create $function [] [] $($arguments)*)
    };
}

/// Calls a C function that writes NULL or a string, which C keeps, to the argument `_`, and returns
/// a copy: an `Option<String>`, or a `String`, which is empty for NULL.
#[doc(hidden)]
#[macro_export]
macro_rules! get_text {
    ($function:ident ( $($arguments:tt)* )) => {
        $crate::outputs!(text $function [] [] $($arguments)*)
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! outputs {
    (raw $function:ident [$($done:tt)*] [$($out:ident)*] _ $($rest:tt)*) => {
        $crate::outputs!(raw $function [$($done)* &raw mut out] [$($out)* out] $($rest)*)
    };
    ($way:ident $function:ident [$($done:tt)*] [$($out:ident)*] _ $($rest:tt)*) => {
        $crate::outputs!($way $function [$($done)* out.slot()] [$($out)* out] $($rest)*)
    };
    ($way:ident $function:ident [$($done:tt)*] [$($out:ident)*] $next:tt $($rest:tt)*) => {
        $crate::outputs!($way $function [$($done)* $next] [$($out)*] $($rest)*)
    };
    (get $function:ident [$($done:tt)*] [$out:ident]) => {{
        let mut $out = $crate::ffi::Output::empty();
        $crate::call!($function($($done)*)).and_then(|()| $out.value())
    }};
    (get $function:ident [$($done:tt)*] [$($out:ident)*]) => {{
        $(let mut $out = $crate::ffi::Output::empty();)*
        $crate::call!($function($($done)*)).and_then(|()| Ok(($($out.value()?),*)))
    }};
    (raw $function:ident [$($done:tt)*] [$($out:ident)*]) => {{
        $(let mut $out = $crate::ffi::Out::ZERO;)*
        $crate::call!($function($($done)*)).map(|()| ($($out),*))
    }};
    (create $function:ident [$($done:tt)*] [$out:ident]) => {{
        let mut $out = $crate::ffi::Created::empty();
        match $crate::call!($function($($done)*)) {
            Ok(()) => $out.adopt(),
            Err(error) => Err(error),
        }
    }};
    (text $function:ident [$($done:tt)*] [$out:ident]) => {{
        let mut $out = $crate::ffi::Text::empty();
        $crate::call!($function($($done)*)).map(|()| $out.into())
    }};
}

/// A type that C writes through an out-pointer.
pub trait Out {
    /// The value before the call.
    const ZERO: Self;
}

impl<T> Out for *mut T {
    const ZERO: Self = ptr::null_mut();
}

impl<T> Out for *const T {
    const ZERO: Self = ptr::null();
}

impl Out for bool {
    const ZERO: Self = false;
}

macro_rules! numbers {
    ($($number:ty),*) => {
        $(impl Out for $number {
            const ZERO: Self = 0 as $number;
        })*
    };
}
numbers!(i32, i64, u32, u64, f32, f64);

impl<T: Out> Out for num_complex::Complex<T> {
    const ZERO: Self = Self::new(T::ZERO, T::ZERO);
}

/// The output argument of a value.
#[derive(Debug)]
pub struct Output<T: Value>(T::Raw);

impl<T: Value> Output<T> {
    #[inline]
    #[must_use]
    pub fn empty() -> Self {
        Self(T::ZERO)
    }

    #[inline]
    pub fn slot(&mut self) -> *mut T::Raw {
        &raw mut self.0
    }

    /// # Errors
    /// The errors of [`Value::from_c`].
    #[inline]
    pub fn value(self) -> Result<T> {
        T::from_c(self.0)
    }
}

/// The output argument of a new object: NULL, or an object whose reference belongs to this value.
/// Writing to the slot is unsafe: the caller ensures that the slot contains one of these two.
#[derive(Debug)]
pub struct Created<P>(*mut P);

impl<P> Created<P> {
    #[inline]
    #[must_use]
    pub fn empty() -> Self {
        Self(ptr::null_mut())
    }

    #[inline]
    pub fn slot(&mut self) -> *mut *mut P {
        &raw mut self.0
    }

    /// # Errors
    /// `PLIB` if C wrote no object.
    #[track_caller]
    pub fn adopt<T: Class<Raw = *mut P>>(self) -> Result<T> {
        if self.0.is_null() {
            let text = "the C function returned no object";
            return Err(Error::new(ErrorCode::PLIB, text));
        }
        // SAFETY: a new object (above), whose reference this value owns.
        Ok(unsafe { T::adopt(self.0.cast()) })
    }
}

/// The output argument of a string: NULL, or a string that lives until it is copied. Writing to the
/// slot is unsafe: the caller ensures that the slot contains one of these two.
#[derive(Debug)]
pub struct Text(*const c_char);

impl Text {
    #[must_use]
    pub fn empty() -> Self {
        Self(ptr::null())
    }

    pub fn slot(&mut self) -> *mut *const c_char {
        &raw mut self.0
    }
}

impl From<Text> for Option<String> {
    fn from(text: Text) -> Self {
        // SAFETY: NULL or a live string (see the type).
        unsafe { str_from_ptr(text.0) }
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        Option::from(text).unwrap_or_default()
    }
}
