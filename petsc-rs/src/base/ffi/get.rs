//! Calls of C functions that return values through out-pointers.

/// Calls a function of PETSc as [`call!`](crate::call!) does, with an out-pointer for each argument
/// `_`, and returns what C writes there: a value, or a tuple.
///
/// The initial values are zero and NULL.
#[doc(hidden)]
#[macro_export]
macro_rules! get {
    (@ $function:ident [$($argument:tt)*] [$($out:ident)*]) => {{
        $(let mut $out = $crate::ffi::Out::ZERO;)*
        $crate::call!($function($($argument)*)).map(|()| ($($out),*))
    }};
    (@ $function:ident [$($argument:tt)*] [$($out:ident)*] _ $($rest:tt)*) => {
        $crate::get!(@ $function [$($argument)* &raw mut out] [$($out)* out] $($rest)*)
    };
    (@ $function:ident [$($argument:tt)*] [$($out:ident)*] $next:tt $($rest:tt)*) => {
        $crate::get!(@ $function [$($argument)* $next] [$($out)*] $($rest)*)
    };
    ($function:ident ( $($argument:tt)* )) => {
        $crate::get!(@ $function [] [] $($argument)*)
    };
}

/// A type that C writes through an out-pointer.
pub trait Out {
    /// The value before the call.
    const ZERO: Self;
}

impl<T> Out for *mut T {
    const ZERO: Self = std::ptr::null_mut();
}

impl<T> Out for *const T {
    const ZERO: Self = std::ptr::null();
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
