//! Slices over memory of PETSc, which is NULL on a rank that owns nothing.

/// `len` entries at `data`; the empty slice for `len == 0`, whatever `data` is.
///
/// # Safety
/// If `len > 0`, `data` points to `len` initialized entries that nobody writes during `'a`.
#[inline]
pub unsafe fn slice<'a, T>(data: *const T, len: usize) -> &'a [T] {
    if len == 0 {
        return &[];
    }
    debug_assert!(!data.is_null());
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place; the empty case is above"
    )]
    // SAFETY: by contract.
    unsafe {
        std::slice::from_raw_parts(data, len)
    }
}

/// The same for writing.
///
/// # Safety
/// If `len > 0`, `data` points to `len` initialized entries that nobody else touches during `'a`.
#[inline]
pub unsafe fn slice_mut<'a, T>(data: *mut T, len: usize) -> &'a mut [T] {
    if len == 0 {
        return &mut [];
    }
    debug_assert!(!data.is_null());
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place; the empty case is above"
    )]
    // SAFETY: by contract.
    unsafe {
        std::slice::from_raw_parts_mut(data, len)
    }
}
