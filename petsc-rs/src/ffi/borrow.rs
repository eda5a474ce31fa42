//! The borrow table of array guards.
//!
//! Two handles may lead to one C object (`ksp.solution()` and the caller's `x`), so the borrow
//! checker cannot see that their slices alias; PETSc's own locks are compiled out of optimised
//! builds before 3.22. Every array guard is entered here, and every method that reads or writes the
//! object through C asks first. With no guard alive, which is nearly always, asking is one load.

use std::cell::{Cell, RefCell};
use std::marker::PhantomData;

use crate::error::{Error, ErrorCode, Result};

thread_local! {
    /// Number of entries in `TABLE`.
    static ALIVE: Cell<usize> = const { Cell::new(0) };
    /// Address of the object and number of shared guards, or -1 for an exclusive one. Few guards
    /// are alive at a time, so a scan beats a hash.
    static TABLE: RefCell<Vec<(usize, isize)>> = const { RefCell::new(Vec::new()) };
}

/// An entry in the table; dropping it removes the entry.
#[derive(Debug)]
pub struct Borrow {
    address: usize,
    // The table is per thread.
    _not_send: PhantomData<*mut ()>,
}

impl Borrow {
    /// Enters a guard that reads.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if a guard that writes is alive.
    pub fn shared<T>(object: *mut T) -> Result<Self> {
        Self::enter(object.addr(), false)
    }

    /// Enters a guard that writes.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if any other guard is alive.
    pub fn exclusive<T>(object: *mut T) -> Result<Self> {
        Self::enter(object.addr(), true)
    }

    fn enter(address: usize, exclusive: bool) -> Result<Self> {
        TABLE.with_borrow_mut(|table| {
            match table.iter_mut().find(|(a, _)| *a == address) {
                None => table.push((address, if exclusive { -1 } else { 1 })),
                Some((_, count)) if *count > 0 && !exclusive => *count += 1,
                Some((_, count)) => return Err(conflict(*count)),
            }
            ALIVE.set(table.len());
            Ok(Self {
                address,
                _not_send: PhantomData,
            })
        })
    }
}

impl Drop for Borrow {
    fn drop(&mut self) {
        // A guard in a thread-local may outlive the table; then nobody is left to ask.
        let _ = TABLE.try_with(|table| {
            let Ok(mut table) = table.try_borrow_mut() else {
                return;
            };
            if let Some(i) = table.iter().position(|(a, _)| *a == self.address) {
                if table[i].1 > 1 {
                    table[i].1 -= 1;
                } else {
                    table.swap_remove(i);
                }
            }
            let _ = ALIVE.try_with(|alive| alive.set(table.len()));
        });
    }
}

/// Whether any guard is alive on this thread.
#[inline]
#[must_use]
pub fn any_borrow() -> bool {
    ALIVE.get() != 0
}

/// For methods that read `object` through C.
///
/// # Errors
/// `ARG_WRONGSTATE` if a guard that writes its array is alive.
#[inline]
pub fn check_readable<T>(object: *mut T) -> Result<()> {
    if ALIVE.get() == 0 {
        Ok(())
    } else {
        ask(object.addr(), false)
    }
}

/// For methods that write `object` through C.
///
/// # Errors
/// `ARG_WRONGSTATE` if any guard of its array is alive.
#[inline]
pub fn check_writable<T>(object: *mut T) -> Result<()> {
    if ALIVE.get() == 0 {
        Ok(())
    } else {
        ask(object.addr(), true)
    }
}

/// For solvers, which write to work vectors of their own and call the user back.
///
/// # Errors
/// `ARG_WRONGSTATE` if a guard that writes is alive on this thread.
#[inline]
pub fn check_no_writer() -> Result<()> {
    if ALIVE.get() == 0 {
        return Ok(());
    }
    TABLE.with_borrow(|table| match table.iter().find(|(_, count)| *count < 0) {
        None => Ok(()),
        Some((_, count)) => Err(conflict(*count)),
    })
}

#[cold]
fn ask(address: usize, write: bool) -> Result<()> {
    TABLE.with_borrow(|table| match table.iter().find(|(a, _)| *a == address) {
        Some((_, count)) if write || *count < 0 => Err(conflict(*count)),
        _ => Ok(()),
    })
}

#[cold]
fn conflict(count: isize) -> Error {
    Error::new(
        ErrorCode::ARG_WRONGSTATE,
        if count < 0 {
            "the array is borrowed mutably through another handle; drop that guard first"
        } else {
            "the array is borrowed through another handle; drop that guard first"
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readers_share_and_writers_exclude() {
        let a = std::ptr::without_provenance_mut::<u8>(16);
        let b = std::ptr::without_provenance_mut::<u8>(32);
        let r1 = Borrow::shared(a).unwrap();
        let r2 = Borrow::shared(a).unwrap();
        assert!(Borrow::exclusive(a).is_err());
        assert!(check_writable(a).is_err() && check_readable(a).is_ok());
        assert!(check_writable(b).is_ok());
        drop(r1);
        assert!(check_writable(a).is_err());
        drop(r2);
        let w = Borrow::exclusive(a).unwrap();
        assert!(Borrow::shared(a).is_err() && check_readable(a).is_err());
        assert!(check_no_writer().is_err());
        drop(w);
        assert!(check_writable(a).is_ok() && check_no_writer().is_ok());
    }
}
