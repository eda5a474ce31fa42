//! Splits of the state with their own right-hand sides.

use std::ffi::{CStr, c_char};
use std::ptr;

use petsc_macros::{setting, wraps};

use super::{TsRef, TsType};
use crate::callback::{Context, context_drop, trampoline};
use crate::error::{Error, ErrorCode, Result};
use crate::index_set::{IndexSet, IndexSetRef};
use crate::object::same_comm;
use crate::type_names::type_names;
use crate::vector::VectorRef;
use crate::{Object, Real, call, ffi};

crate::attached! {
    const SPLITS: Vec<Split> = c"petsc-rs.ts.splits";
}

type_names! {
    /// Name of a multirate scheme, for `-ts_mprk_type` and [`TsRef::set_mprk_type`].
    #[doc(alias = "TSMPRKType")]
    MprkType;
    /// Order 2, with two steps of the fast split for each step of the slow split. The default.
    A22 = c"2a22",
    /// Like `2a22`, with an additional medium split.
    A23 = c"2a23",
    /// Order 2, with three steps of the fast split for each step of the slow split.
    A32 = c"2a32",
    /// Like `2a32`, with an additional medium split.
    A33 = c"2a33",
    /// Order 2.
    P2 = c"p2",
    /// Order 3.
    P3 = c"p3",
}

/// A split of the state: its name, and the minimum length of the state that the indices of this
/// rank require.
type Split = (String, usize);

impl TsRef {
    /// Adds a split of the state, for methods that treat parts of the state differently.
    /// Collective.
    ///
    /// For [`TsType::MPRK`], the names are `slow` and `fast`, and for some schemes also `medium`,
    /// `slowbuffer` and `mediumbuffer`. For [`TsType::BASICSYMPLECTIC`], the names are `position`
    /// and `momentum`. On each rank, the index set contains the global indices of the entries that
    /// belong to the split and that this rank computes, usually entries that the rank owns.
    ///
    /// # Errors
    /// `ARG_WRONG` if the split exists already, `ARG_NOTSAMECOMM` if the index set has another
    /// communicator, `ARG_OUTOFRANGE` for a negative index. If an index lies outside the state,
    /// each step returns an error.
    ///
    /// # Examples
    /// A harmonic oscillator whose energy is conserved: `q' = p`, `p' = -q`, with `q` and `p` on
    /// each rank.
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{IndexSet, Scalar, ScalarExt, Ts, TsType, Vector};
    /// let mut u = Vector::with_local_len(comm, 2)?;
    /// u.array_mut()?[0] = Scalar::from_real(1.0);
    /// let first = u.ownership_range()?.start;
    /// let mut ts = Ts::new(comm)?;
    /// ts.set_type(TsType::BASICSYMPLECTIC)?;
    /// ts.add_rhs_split("position", &*IndexSet::general(comm, &[first])?)?;
    /// ts.add_rhs_split("momentum", &*IndexSet::general(comm, &[first + 1])?)?;
    /// ts.set_split_rhs_function("position", |_, _, p, dq| dq.copy_from(p))?;
    /// ts.set_split_rhs_function("momentum", |_, _, q, dp| {
    ///     dp.copy_from(q)?;
    ///     dp.scale(Scalar::from_real(-1.0))
    /// })?;
    /// ts.set_time_step(0.1)?;
    /// ts.set_max_steps(1000)?;
    /// let _ = ts.solve(&mut u)?;
    /// let u = u.array()?;
    /// let energy = u[0].real().powi(2) + u[1].real().powi(2);
    /// assert!((energy - 1.0).abs() < 0.11, "{energy}");
    /// # Ok(()) })
    /// ```
    #[wraps(TSRHSSplitSetIS)]
    pub fn add_rhs_split(&mut self, name: &str, part: &IndexSetRef) -> Result<()> {
        let c_name = ffi::c_string(name)?;
        let mut splits = self.splits()?;
        if name.is_empty() || splits.iter().any(|(known, _)| known == name) {
            let text =
                format!("the split {name:?} of the state exists already, or its name is empty");
            return Err(Error::new(ErrorCode::ARG_WRONG, text));
        }
        same_comm(self.object_ptr(), part.object_ptr())?;
        let (min, max) = part.min_max()?.unwrap_or((0, -1));
        if crate::comm::any_rank(self.object_ptr(), min < 0)? {
            let text = "the split of the state has a negative index";
            return Err(Error::new(ErrorCode::ARG_OUTOFRANGE, text));
        }
        // SAFETY: live objects; PETSc copies the name and takes a reference.
        unsafe { call!(TSRHSSplitSetIS(*self.busy()?, c_name.as_ptr(), part.as_ptr())) }?;
        splits.push((name.to_owned(), ffi::size(max + 1)?));
        SPLITS.set(self, splits).map(drop)
    }

    /// Returns the names of the splits. Not collective.
    ///
    /// # Errors
    /// The errors of `PetscObjectQuery`.
    pub fn rhs_splits(&self) -> Result<Vec<String>> {
        crate::not_collective!();
        Ok(self.splits()?.into_iter().map(|(name, _)| name).collect())
    }

    /// Returns the entries of a split.
    ///
    /// # Errors
    /// `ARG_WRONG` if the split does not exist.
    #[wraps(TSRHSSplitGetIS, not_collective)]
    #[track_caller]
    pub fn rhs_split(&self, name: &str) -> Result<IndexSet> {
        let name = ffi::c_string(name)?;
        let mut raw = ptr::null_mut();
        // SAFETY: a live integrator, a NUL-terminated name and a valid out-pointer.
        unsafe { call!(TSRHSSplitGetIS(self.as_ptr(), name.as_ptr(), &raw mut raw)) }?;
        if raw.is_null() {
            return Err(no_part(&name));
        }
        // SAFETY: a live index set.
        unsafe { IndexSet::retain(raw) }
    }

    /// Sets the right-hand side of a split: `f(ts, t, u, g)` computes the time derivative of the
    /// split into `g`, which has the length of the split. Replaces an earlier closure. Logically
    /// collective.
    ///
    /// `ts` is the integrator of the split. `u` is the whole state, except with
    /// [`TsType::BASICSYMPLECTIC`]: there, `u` is the momentum for the split `position`, and the
    /// position for the split `momentum`. [`TsType::MPRK`] calls this closure only after
    /// [`set_use_split_rhs`](Self::set_use_split_rhs); otherwise it calls the right-hand side of
    /// the whole state.
    ///
    /// # Errors
    /// `ARG_WRONG` if the split does not exist.
    #[wraps(TSRHSSplitSetRHSFunction, TSRHSSplitGetSubTS)]
    pub fn set_split_rhs_function<F>(&mut self, name: &str, f: F) -> Result<()>
    where
        F: FnMut(&TsRef, Real, &VectorRef, &mut VectorRef) -> Result<()> + 'static,
    {
        let name = ffi::c_string(name)?;
        let mut part = ptr::null_mut();
        // SAFETY: a live integrator, a NUL-terminated name and a valid out-pointer.
        unsafe { call!(TSRHSSplitGetSubTS(*self.busy()?, name.as_ptr(), &raw mut part)) }?;
        if part.is_null() {
            return Err(no_part(&name));
        }
        ffi::check_no_writer()?;
        let (ctx, shim) = (Context::into_raw(f), Some(split_shim::<F> as _));
        // SAFETY: a live integrator with this split (above); `ctx` is what the shim expects; PETSc
        // creates the vector of the result, whose entries are not borrowed. If this fails, the
        // closure is leaked: PETSc may have stored the pointer.
        unsafe {
            call!(TSRHSSplitSetRHSFunction(
                *self.busy()?,
                name.as_ptr(),
                ptr::null_mut(),
                shim,
                ctx
            ))
        }?;
        // SAFETY: the integrator owns that of the split.
        let dm = unsafe { TsRef::from_ptr::<'_>(part) }.raw_dm()?;
        // SAFETY: `ctx` is the context just stored on this DM; from here PETSc frees the closure.
        unsafe { call!(DMTSSetRHSFunctionContextDestroy(dm, context_drop!(F))) }
    }

    /// Whether multirate types call the right-hand sides of the splits instead of the right-hand
    /// side of the whole state.
    #[setting(
        TSSetUseSplitRHSFunction,
        TSGetUseSplitRHSFunction,
        require = check_before_set_up,
        errors = "`ARG_WRONGSTATE` after [`set_up`](Self::set_up)"
    )]
    #[option("-ts_use_splitrhsfunction", default = "false")]
    pub fn set_use_split_rhs(uses_split_rhs: bool);

    /// Called after options are read: existing work vectors fit only the previous setting.
    pub(super) fn keep_split_rhs(&mut self, before: bool) -> Result<()> {
        if self.uses_split_rhs()? == before || self.check_before_set_up().is_ok() {
            return Ok(());
        }
        let before = ffi::raw_bool(before);
        // SAFETY: a live integrator.
        unsafe { call!(TSSetUseSplitRHSFunction(*self.busy()?, before)) }?;
        let text = "-ts_use_splitrhsfunction cannot change after the setup: call reset first";
        Err(Error::new(ErrorCode::ARG_WRONGSTATE, text))
    }

    /// Sets the scheme of the method `mprk`. Call it before [`set_up`](Self::set_up). Logically
    /// collective. Option: `-ts_mprk_type`.
    ///
    /// # Errors
    /// `ARG_WRONG` for another method, `ARG_UNKNOWN_TYPE` if no scheme has that name,
    /// `ARG_WRONGSTATE` after the setup.
    #[wraps(TSMPRKSetType)]
    pub fn set_mprk_type(&mut self, scheme: MprkType<'_>) -> Result<()> {
        self.check_method(&[TsType::MPRK])?;
        self.check_before_set_up()?;
        // SAFETY: a live integrator of this type that has no work space yet; the name is NUL-terminated, and PETSc
        // compares it only.
        unsafe { call!(TSMPRKSetType(*self.busy()?, scheme.as_ptr().cast_mut())) }
    }

    /// Returns the name of the scheme of the method `mprk`.
    ///
    /// # Errors
    /// `ARG_WRONG` for another method.
    #[wraps(TSMPRKGetType, not_collective)]
    pub fn mprk_type(&self) -> Result<String> {
        self.check_method(&[TsType::MPRK])?;
        let mut name: *const c_char = ptr::null();
        // SAFETY: a live integrator of this type and a valid out-pointer.
        unsafe { call!(TSMPRKGetType(self.as_ptr(), (&raw mut name).cast())) }?;
        // SAFETY: NULL, or a name that lives as long as the scheme is set.
        Ok(unsafe { ffi::str_from_ptr(name) }.unwrap_or_default())
    }

    /// Checks that the indices of splits lie inside the state.
    pub(super) fn check_splits(&self, u: &VectorRef) -> Result<()> {
        let splits = self.splits()?;
        let len = u.len()?;
        let outside = splits.iter().any(|&(_, needed)| needed > len);
        if !splits.is_empty() && crate::comm::any_rank(self.object_ptr(), outside)? {
            let text = "a split of the state has an index outside the state";
            return Err(Error::new(ErrorCode::ARG_OUTOFRANGE, text));
        }
        Ok(())
    }

    fn splits(&self) -> Result<Vec<Split>> {
        Ok(SPLITS.get(self)?.unwrap_or_default())
    }
}

fn no_part(name: &CStr) -> Error {
    let text = format!("the state has no split {name:?}: call add_rhs_split first");
    Error::new(ErrorCode::ARG_WRONG, text)
}

trampoline! {
    fn split_shim[c"TS right-hand side of a split"](
        ts: &TsRef, time: Real, u: &VectorRef, g: &mut VectorRef
    )
}
