//! Parts of the state with right-hand sides of their own.

use std::ffi::{CStr, c_char};
use std::ptr;

use petsc_macros::{getter, wraps};

use super::{TsRef, TsType, hooks};
use crate::callback::{self, Context, context_drop, trampoline};
use crate::error::{Error, ErrorCode, Result};
use crate::index_set::{IndexSet, IndexSetRef};
use crate::object::same_comm;
use crate::type_names::type_names;
use crate::vector::VectorRef;
use crate::{Object, Real, call, ffi};

const SPLITS: &CStr = c"petsc-rs.ts.splits";

type_names! {
    /// Name of a multirate scheme, for `-ts_mprk_type` and [`TsRef::set_mprk_type`].
    #[doc(alias = "TSMPRKType")]
    MprkType;
    /// Order 2, two steps of the fast part for one of the slow part: the default.
    A22 = c"2a22",
    /// The same with a part of medium speed.
    A23 = c"2a23",
    /// Order 2, three steps for one.
    A32 = c"2a32",
    /// The same with a part of medium speed.
    A33 = c"2a33",
    /// Order 2.
    P2 = c"p2",
    /// Order 3.
    P3 = c"p3",
}

/// A part of the state: its name, and how long the state must be for the indices of this rank.
type Split = (String, usize);

impl TsRef {
    /// Names a part of the state, for methods that treat parts differently: `slow` and `fast` for
    /// [`TsType::MPRK`], some of whose schemes also want `medium`, and between them `slowbuffer` and `mediumbuffer`;
    /// `position` and `momentum` for [`TsType::BASICSYMPLECTIC`]. Each rank gives the entries of the part that it works
    /// on, usually its own. Collective.
    ///
    /// # Errors
    /// `ARG_WRONG` if there is such a part already, `ARG_NOTSAMECOMM` if the index set lives on other processes,
    /// `ARG_OUTOFRANGE` for a negative index; a larger one than the state has is an error of the steps.
    ///
    /// # Examples
    /// A spring whose energy stays: `q' = p`, `p' = -q`, with `q` and `p` on each rank.
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
            let text = format!("there is a part {name:?} of the state already, or it is no name");
            return Err(Error::new(ErrorCode::ARG_WRONG, text));
        }
        same_comm(self.object_ptr(), part.object_ptr())?;
        let (min, max) = part.min_max()?.unwrap_or((0, -1));
        if crate::comm::any_rank(self.object_ptr(), min < 0)? {
            let text = "an index of the part of the state is negative";
            return Err(Error::new(ErrorCode::ARG_OUTOFRANGE, text));
        }
        // SAFETY: live objects; PETSc copies the name and takes a reference.
        unsafe {
            call!(TSRHSSplitSetIS(
                *self.busy()?,
                c_name.as_ptr(),
                part.as_ptr()
            ))
        }?;
        splits.push((name.to_owned(), ffi::size(max + 1)?));
        // SAFETY: a live object.
        unsafe { callback::compose(self.object_ptr(), SPLITS, splits) }?;
        Ok(())
    }

    /// Names of the parts of the state. Not collective.
    ///
    /// # Errors
    /// What `PetscObjectQuery` returns.
    pub fn rhs_splits(&self) -> Result<Vec<String>> {
        crate::not_collective!();
        Ok(self.splits()?.into_iter().map(|(name, _)| name).collect())
    }

    /// The entries of a part of the state. Not collective.
    ///
    /// # Errors
    /// `ARG_WRONG` if there is no such part.
    #[wraps(TSRHSSplitGetIS)]
    #[track_caller]
    pub fn rhs_split(&self, name: &str) -> Result<IndexSet> {
        crate::not_collective!();
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

    /// Sets the right-hand side of a part: `f(ts, t, u, g)` computes the derivative of the part into `g`, which is as
    /// long as the part. `ts` is an integrator of the part. `u` is the whole state; for
    /// [`TsType::BASICSYMPLECTIC`] it is the momentum if the part is the position, and the other way round.
    /// [`TsType::MPRK`] calls it only with [`set_use_split_rhs`](Self::set_use_split_rhs), else
    /// the function of the whole state. Replaces an earlier one. Logically collective.
    ///
    /// # Errors
    /// `ARG_WRONG` if there is no such part.
    #[wraps(TSRHSSplitSetRHSFunction, TSRHSSplitGetSubTS)]
    pub fn set_split_rhs_function<F>(&mut self, name: &str, f: F) -> Result<()>
    where
        F: FnMut(&TsRef, Real, &VectorRef, &mut VectorRef) -> Result<()> + 'static,
    {
        let name = ffi::c_string(name)?;
        let mut part = ptr::null_mut();
        // SAFETY: a live integrator, a NUL-terminated name and a valid out-pointer.
        unsafe {
            call!(TSRHSSplitGetSubTS(
                *self.busy()?,
                name.as_ptr(),
                &raw mut part
            ))
        }?;
        if part.is_null() {
            return Err(no_part(&name));
        }
        ffi::check_no_writer()?;
        let (ctx, shim) = (Context::into_raw(f), Some(split_shim::<F> as _));
        // SAFETY: a live integrator with this part (above); `ctx` is what the shim expects; PETSc makes the vector
        // for the result, of which nobody holds a slice. If this fails, the closure is leaked: PETSc may have stored
        // the pointer.
        unsafe {
            call!(TSRHSSplitSetRHSFunction(
                *self.busy()?,
                name.as_ptr(),
                ptr::null_mut(),
                shim,
                ctx
            ))
        }?;
        // SAFETY: the integrator keeps that of the part.
        let dm = unsafe { TsRef::from_ptr::<'_>(part) }.raw_dm()?;
        // SAFETY: `ctx` is the context just stored on this DM; from here PETSc frees the closure.
        unsafe { call!(DMTSSetRHSFunctionContextDestroy(dm, context_drop!(F))) }
    }

    /// Sets whether multirate methods call the right-hand sides of the parts instead of the whole one, before
    /// [`set_up`](Self::set_up). Logically collective. Default: no. Option: `-ts_use_splitrhsfunction`.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` after set-up.
    #[wraps(TSSetUseSplitRHSFunction)]
    pub fn set_use_split_rhs(&mut self, parts: bool) -> Result<()> {
        self.check_before_set_up()?;
        // SAFETY: a live integrator that has no work space yet, whose form depends on this.
        unsafe {
            call!(TSSetUseSplitRHSFunction(
                *self.busy()?,
                ffi::raw_bool(parts)
            ))
        }
    }

    /// Whether multirate types call the right-hand sides of the splits.
    #[getter(TSGetUseSplitRHSFunction)]
    pub fn uses_split_rhs() -> bool;

    /// After options: work space that is there already has the form of what was said before.
    pub(super) fn keep_split_rhs(&mut self, before: bool) -> Result<()> {
        if self.uses_split_rhs()? == before || self.check_before_set_up().is_ok() {
            return Ok(());
        }
        // SAFETY: a live integrator.
        unsafe {
            call!(TSSetUseSplitRHSFunction(
                *self.busy()?,
                ffi::raw_bool(before)
            ))
        }?;
        let text = "-ts_use_splitrhsfunction comes after the work space is there: reset() first";
        Err(Error::new(ErrorCode::ARG_WRONGSTATE, text))
    }

    /// Sets the scheme of the method `mprk`, before [`set_up`](Self::set_up). Logically collective. Option:
    /// `-ts_mprk_type`.
    ///
    /// # Errors
    /// `ARG_WRONG` if the method is another one, `ARG_UNKNOWN_TYPE` if no scheme has that name, `ARG_WRONGSTATE` after
    /// set-up.
    #[wraps(TSMPRKSetType)]
    pub fn set_mprk_type(&mut self, scheme: MprkType<'_>) -> Result<()> {
        self.check_method(&[TsType::MPRK])?;
        self.check_before_set_up()?;
        // SAFETY: a live integrator of this type that has no work space yet; the name is NUL-terminated, and PETSc
        // compares it only.
        unsafe { call!(TSMPRKSetType(*self.busy()?, scheme.as_ptr().cast_mut())) }
    }

    /// Name of the scheme of the method `mprk`. Not collective.
    ///
    /// # Errors
    /// `ARG_WRONG` if the method is another one.
    #[wraps(TSMPRKGetType)]
    pub fn mprk_type(&self) -> Result<String> {
        crate::not_collective!();
        self.check_method(&[TsType::MPRK])?;
        let mut name: *const c_char = ptr::null();
        // SAFETY: a live integrator of this type and a valid out-pointer.
        unsafe { call!(TSMPRKGetType(self.as_ptr(), (&raw mut name).cast())) }?;
        // SAFETY: NULL, or a name that lives as long as the scheme is set.
        Ok(unsafe { ffi::str_from_ptr(name) }.unwrap_or_default())
    }

    /// PETSc does not look whether indices of parts are within the state.
    pub(super) fn check_splits(&self, u: &VectorRef) -> Result<()> {
        let splits = self.splits()?;
        let len = u.len()?;
        let outside = splits.iter().any(|&(_, needed)| needed > len);
        if !splits.is_empty() && crate::comm::any_rank(self.object_ptr(), outside)? {
            let text = "an index of a part of the state is beyond its end";
            return Err(Error::new(ErrorCode::ARG_OUTOFRANGE, text));
        }
        Ok(())
    }

    fn splits(&self) -> Result<Vec<Split>> {
        // SAFETY: under this name lie values of this type.
        let splits =
            unsafe { hooks::held(self, SPLITS, |splits: &mut Vec<Split>| splits.clone()) }?;
        Ok(splits.unwrap_or_default())
    }
}

fn no_part(name: &CStr) -> Error {
    let text = format!("there is no part {name:?} of the state: add_rhs_split");
    Error::new(ErrorCode::ARG_WRONG, text)
}

trampoline! {
    fn split_shim[c"TS right-hand side of a part"](
        ts: &TsRef, time: Real, u: &VectorRef, g: &mut VectorRef
    )
}
