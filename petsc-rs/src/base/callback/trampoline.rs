//! The functions that C calls, defined by one macro: they convert the arguments of C, run the
//! closure, and return its result.

use crate::error::{Error, ErrorCode, Result};
use crate::{Int, Real, ffi, sys};

/// An argument of a closure, converted from an argument of C.
///
/// # Safety
/// `Raw` is the type of the argument in the C signature.
pub unsafe trait Lent: Sized {
    /// The type in C.
    type Raw;

    /// Converts the argument for the closure.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a number outside the range of the closure's type; `ARG_NULL` for a NULL handle.
    ///
    /// # Safety
    /// `raw` is an argument of a running callback: a handle is live until the callback returns, and
    /// the converted value is not kept afterwards.
    unsafe fn lend(raw: Self::Raw) -> Result<Self>;
}

/// Checks that C passes an object for an argument that a closure requires.
///
/// # Errors
/// `ARG_NULL` if C passes NULL: the object was never set, or a reset removed it.
#[inline]
pub fn check_lent<P>(raw: *mut P) -> Result<()> {
    if raw.is_null() {
        return Err(not_lent());
    }
    Ok(())
}

#[cold]
fn not_lent() -> Error {
    let text =
        "an object that this function requires is missing: it was never set, or a reset removed it";
    Error::new(ErrorCode::ARG_NULL, text)
}

/// A closure's return value, which is written through an output pointer of C.
pub trait Given {
    /// The type in C.
    type Raw;

    /// Converts the value for C.
    fn give(self) -> Self::Raw;
}

/// Arguments that are passed on as they are; a closure is responsible for reading a pointer.
macro_rules! lent {
    ($([$($generic:ident)?] $ty:ty),*) => {$(
        // SAFETY: the same type.
        unsafe impl$(<$generic>)? Lent for $ty {
            type Raw = Self;

            #[inline]
            unsafe fn lend(raw: Self) -> Result<Self> {
                Ok(raw)
            }
        }
    )*};
}

lent!([] Real, [] Int, [T] *const T, [T] *mut T);

// SAFETY: counts are `PetscInt` in C.
unsafe impl Lent for usize {
    type Raw = Int;

    #[inline]
    unsafe fn lend(raw: Int) -> Result<Self> {
        ffi::size(raw)
    }
}

// SAFETY: Booleans are `PetscBool` in C.
unsafe impl Lent for bool {
    type Raw = sys::PetscBool;

    #[inline]
    unsafe fn lend(raw: sys::PetscBool) -> Result<Self> {
        Ok(ffi::to_bool(raw))
    }
}

// SAFETY: the same handle, which may be NULL.
unsafe impl<T, P> Lent for Option<T>
where
    T: Lent<Raw = *mut P>,
{
    type Raw = *mut P;

    #[inline]
    unsafe fn lend(raw: *mut P) -> Result<Self> {
        if raw.is_null() {
            return Ok(None);
        }
        // SAFETY: by contract; not NULL.
        unsafe { T::lend(raw) }.map(Some)
    }
}

/// Results that are the same in C.
macro_rules! given {
    ($($ty:ty),*) => {$(
        impl Given for $ty {
            type Raw = Self;

            #[inline]
            fn give(self) -> Self {
                self
            }
        }
    )*};
}

given!((), Real, Int);
#[cfg(petsc_scalar = "complex")]
given!(crate::Scalar);

impl Given for bool {
    type Raw = sys::PetscBool;

    #[inline]
    fn give(self) -> sys::PetscBool {
        ffi::raw_bool(self)
    }
}

/// Defines the function that C calls for closures of one kind. `name::<F>` takes the arguments of
/// the C signature, in their order. The last one is the context: a
/// [`Context`](crate::callback::Context), or with `keyed` before `fn` a
/// [`Keyed`](crate::callback::Keyed).
///
/// The closure is called with all arguments, unless `for FnMut(…) -> Result<…> as F = |f| …`
/// defines another call; the type after `as` is the type in the context. An argument `-> Type`
/// between two semicolons is an out-pointer, to which the result of the closure is written.
///
/// After `of Type:`, the context is an `Rc<Type>` with all closures of an object, one of which the
/// body runs; after `keyed of Type:`, it is the number of a `Type`.
#[doc(hidden)]
#[macro_export]
macro_rules! trampoline {
    (
        keyed of $context:ty: fn $name:ident[$what:literal]($($args:tt)*) = |$f:ident| $body:expr
    ) => {
        $crate::trampoline! { @write Keyed [] $name[] $what ($($args)*) $context = |$f| $body }
    };
    (keyed fn $($rest:tt)*) => { $crate::trampoline! { @of Keyed fn $($rest)* } };
    (fn $($rest:tt)*) => { $crate::trampoline! { @of Context fn $($rest)* } };
    (
        of $shared:ty: fn $name:ident[$what:literal]($($args:tt)*) = |$all:ident| $body:expr
    ) => {
        $crate::trampoline! {
            @write Shared [pub(super)] $name[] $what ($($args)*)
            ::std::rc::Rc<$shared> = |$all| $body
        }
    };
    (@of $holder:ident fn $name:ident[$what:literal]($($arg:ident: $ty:ty),* $(,)?)) => {
        $crate::trampoline! {
            @of $holder fn $name[$what]($($arg: $ty),*)
            for FnMut($($ty),*) -> $crate::Result<()> as F
            = |f| f($($arg),*)
        }
    };
    (
        @of $holder:ident
        fn $name:ident[$what:literal]($($arg:ident: $ty:ty),*; -> $out:ty; $($more:ident: $more_ty:ty),*)
    ) => {
        $crate::trampoline! {
            @of $holder fn $name[$what]($($arg: $ty),*; -> $out; $($more: $more_ty),*)
            for FnMut($($ty,)* $($more_ty),*) -> $crate::Result<$out> as F
            = |f| f($($arg,)* $($more),*)
        }
    };
    (
        @of $holder:ident fn $name:ident[$what:literal]($($args:tt)*)
        for $bound:path as $context:ty = |$f:ident| $body:expr
    ) => {
        $crate::trampoline! {
            @write $holder [] $name[<F: $bound>] $what ($($args)*)
            $context = |$f| $body
        }
    };
    (
        @write $holder:ident [$($visibility:tt)*] $name:ident[$($generics:tt)*] $what:literal
        ($($arg:ident: $ty:ty),* $(; -> $out:ty; $($more:ident: $more_ty:ty),*)? $(,)?)
        $context:ty = |$f:ident| $body:expr
    ) => {
        $($visibility)* unsafe extern "C" fn $name $($generics)* (
            $($arg: <$ty as $crate::callback::Lent>::Raw,)*
            $(
                out: *mut <$out as $crate::callback::Given>::Raw,
                $($more: <$more_ty as $crate::callback::Lent>::Raw,)*
            )?
            ctx: *mut ::std::ffi::c_void,
        ) -> sys::PetscErrorCode {
            let run = || {
                // SAFETY: arguments of a running callback.
                $(let $arg = unsafe { <$ty as $crate::callback::Lent>::lend($arg) }?;)*
                $(
                    // SAFETY: as above.
                    $(let $more = unsafe { <$more_ty as $crate::callback::Lent>::lend($more) }?;)*
                )?
                let run = |$f: &mut $context| $body;
                // SAFETY: `ctx` is the context given with this function.
                unsafe { $crate::callback::$holder::<$context>::with(ctx, run) }
            };
            let deliver = |value| {
                $(
                    let value: $out = value;
                    // SAFETY: a valid out-pointer of PETSc.
                    unsafe { *out = $crate::callback::Given::give(value) };
                    let value = ();
                )?
                value
            };
            $crate::callback::guard_with($what, run, deliver)
        }
    };
}

pub(crate) use crate::trampoline;
