//! `lends!`: the traits of guards.

/// Implements `Deref` and `Debug` for a guard, and `DerefMut` if a second expression is given.
macro_rules! lends {
    ($guard:ty => $target:ty: |$this:ident| $read:expr $(, |$that:ident| $write:expr)?) => {
        impl ::std::ops::Deref for $guard {
            type Target = $target;

            #[inline]
            fn deref(&self) -> &$target {
                let $this = self;
                $read
            }
        }

        $(
            impl ::std::ops::DerefMut for $guard {
                #[inline]
                fn deref_mut(&mut self) -> &mut $target {
                    let $that = self;
                    $write
                }
            }
        )?

        impl ::std::fmt::Debug for $guard {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                (**self).fmt(f)
            }
        }
    };
}

pub(crate) use lends;
