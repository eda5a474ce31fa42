//! Slices over memory of PETSc, which is NULL on a rank without entries.

/// Returns `len` entries at `data`; the empty slice if `len` is 0, for any `data`.
///
/// # Safety
/// If `len > 0`, `data` points to `len` initialized entries that are not written during `'a`.
#[inline]
pub unsafe fn slice<'a, T>(data: *const T, len: usize) -> &'a [T] {
    if len == 0 {
        return &[];
    }
    debug_assert!(!data.is_null());
    #[expect(
        clippy::disallowed_methods,
        reason = "the only call; an empty slice was returned above"
    )]
    // SAFETY: by contract.
    unsafe {
        std::slice::from_raw_parts(data, len)
    }
}

/// Returns `len` entries at `data` for writing.
///
/// # Safety
/// If `len > 0`, `data` points to `len` initialized entries that are not accessed through other
/// pointers during `'a`.
#[inline]
pub unsafe fn slice_mut<'a, T>(data: *mut T, len: usize) -> &'a mut [T] {
    if len == 0 {
        return &mut [];
    }
    debug_assert!(!data.is_null());
    #[expect(
        clippy::disallowed_methods,
        reason = "the only call; an empty slice was returned above"
    )]
    // SAFETY: by contract.
    unsafe {
        std::slice::from_raw_parts_mut(data, len)
    }
}
