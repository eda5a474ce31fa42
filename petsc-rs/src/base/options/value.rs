//! Typed values of options.

use std::ffi::{CStr, c_char};
use std::ptr;
use std::str::FromStr;

use petsc_macros::wraps;

use super::{Options, suggest};
use crate::error::{Error, ErrorCode, Result};
use crate::{Int, Real, Scalar, ffi, get, sys};

/// A parser of PETSc, so that Rust and C accept the same values.
type Parser<T> = unsafe extern "C" fn(*const c_char, *mut T) -> sys::PetscErrorCode;

impl Options {
    /// Returns a Boolean option: `true`, `yes`, `on`, `1`, `false`, `no`, `off`, `0`. An option
    /// without a value is true, and `-no_name` is false.
    ///
    /// # Errors
    /// `USER_INPUT` for any other value.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest_session(|petsc| {
    /// petsc.options().insert_str("-verbose -check no")?;
    /// assert_eq!(petsc.options().bool("-verbose")?, Some(true));
    /// assert_eq!(petsc.options().bool("-check")?, Some(false));
    /// assert_eq!(petsc.options().bool("-plot")?.unwrap_or(false), false); // the default
    /// # Ok(()) })
    /// ```
    #[wraps(PetscOptionsGetBool, PetscOptionsStringToBool, not_collective)]
    pub fn bool(&self, name: &str) -> Result<Option<bool>> {
        match self.find(name)? {
            None => Ok(None),
            Some(None) => Ok(Some(true)),
            Some(Some(text)) => self.one(name, &text, BOOL).map(|b| Some(ffi::to_bool(b))),
        }
    }

    /// Returns an integer option.
    ///
    /// # Errors
    /// `USER_INPUT` if the option has no value, or a value of another type.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest_session(|petsc| {
    /// petsc.options().insert_str("-m 12 -n twelve")?;
    /// assert_eq!(petsc.options().int("-m")?, Some(12));
    /// let error = petsc.options().int("-n").unwrap_err();
    /// assert_eq!(error.message(), "option -n: \"twelve\" is not a whole number");
    /// # Ok(())
    /// # })
    /// ```
    #[wraps(PetscOptionsGetInt, PetscOptionsStringToInt, not_collective)]
    pub fn int(&self, name: &str) -> Result<Option<Int>> {
        self.scalar_like(name, INT)
    }

    /// Returns a real option.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest_session(|petsc| {
    /// petsc.options().insert_str("-radius 2.5")?;
    /// assert_eq!(petsc.options().real("-radius")?.unwrap_or(1.0), 2.5);
    /// assert_eq!(petsc.options().real("-height")?.unwrap_or(1.0), 1.0); // the default
    /// # Ok(()) })
    /// ```
    #[wraps(PetscOptionsGetReal, PetscOptionsStringToReal, not_collective, errors = int)]
    pub fn real(&self, name: &str) -> Result<Option<Real>> {
        self.scalar_like(name, REAL)
    }

    /// Returns a scalar option; a complex number is written as `1.5+2i`.
    #[wraps(PetscOptionsGetScalar, PetscOptionsStringToScalar, not_collective, errors = int)]
    pub fn scalar(&self, name: &str) -> Result<Option<Scalar>> {
        self.scalar_like(name, SCALAR)
    }

    /// Returns a string option; the string is empty if the option has no value.
    ///
    /// # Errors
    /// `ARG_WRONG` for an invalid name.
    #[wraps(PetscOptionsGetString, not_collective)]
    pub fn string(&self, name: &str) -> Result<Option<String>> {
        Ok(self.find(name)?.map(Option::unwrap_or_default))
    }

    /// Returns an option of any type that implements `FromStr`. Not collective.
    ///
    /// # Errors
    /// `USER_INPUT`, with the message of the parser, if the value cannot be parsed.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest_session(|petsc| {
    /// petsc.options().insert_str("-steps 12 -host 127.0.0.1")?;
    /// assert_eq!(petsc.options().parse::<usize>("-steps")?, Some(12));
    /// let host = petsc.options().parse::<std::net::Ipv4Addr>("-host")?;
    /// assert_eq!(host.map(|h| h.is_loopback()), Some(true));
    /// # Ok(()) })
    /// ```
    pub fn parse<T: FromStr>(&self, name: &str) -> Result<Option<T>>
    where
        T::Err: std::fmt::Display,
    {
        crate::not_collective!();
        let Some(value) = self.find(name)? else {
            return Ok(None);
        };
        let text = value.unwrap_or_default();
        text.parse().map(Some).map_err(|error| self.wrong(name, &format!("{text:?}: {error}")))
    }

    /// Returns the position of the option's value in `list`. Upper and lower case are equivalent.
    /// Not collective.
    ///
    /// # Errors
    /// `USER_INPUT` if the value is not in the list. The message suggests a similar name, if there
    /// is one.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest_session(|petsc| {
    /// petsc.options().insert_str("-method newton")?;
    /// let method = petsc.options().elist("-method", &["picard", "Newton"])?;
    /// assert_eq!(method, Some(1));
    /// # Ok(()) })
    /// ```
    #[wraps(PetscOptionsGetEList, PetscOptionsGetEnum)]
    pub fn elist(&self, name: &str, list: &[&str]) -> Result<Option<usize>> {
        crate::not_collective!();
        let Some(value) = self.find(name)? else {
            return Ok(None);
        };
        let text = value.unwrap_or_default();
        if let Some(i) = list.iter().position(|e| e.eq_ignore_ascii_case(&text)) {
            return Ok(Some(i));
        }
        let mut message = format!("{text:?} is none of {}", list.join(", "));
        if let Some(near) = suggest::nearest(&text, list.iter().copied()).first() {
            message.push_str(&format!("; did you mean {near}?"));
        }
        Err(self.wrong(name, &message))
    }

    /// Returns the Boolean values of an option whose value is a comma-separated list.
    #[wraps(PetscOptionsGetBoolArray, not_collective, errors = int)]
    pub fn bools(&self, name: &str) -> Result<Option<Vec<bool>>> {
        let list = self.list(name, BOOL)?;
        Ok(list.map(|list| list.into_iter().map(ffi::to_bool).collect()))
    }

    /// Returns the integers of an option whose value is a comma-separated list of numbers and
    /// ranges. The range `3-6` means 3, 4, 5, and `0-10:5` means 0, 5.
    ///
    /// # Errors
    /// The errors of [`int`](Self::int); `USER_INPUT` for a range that is not increasing.
    #[wraps(PetscOptionsGetIntArray, not_collective)]
    pub fn ints(&self, name: &str) -> Result<Option<Vec<Int>>> {
        let Some(text) = self.needed(name, INT.what)? else {
            return Ok(None);
        };
        let mut list = Vec::new();
        for item in items(&text) {
            // A leading minus is a sign.
            let Some(dash) = item[1..].find('-').map(|i| i + 1) else {
                list.push(self.one(name, item, INT)?);
                continue;
            };
            let (end, step) = item[dash + 1..].split_once(':').unwrap_or((&item[dash + 1..], "1"));
            let start = self.one(name, &item[..dash], INT)?;
            let end = self.one(name, end, INT)?;
            let step = usize::try_from(self.one(name, step, INT)?).unwrap_or(0);
            if end <= start || step == 0 {
                return Err(self.wrong(name, &format!("the range {item:?} is not increasing")));
            }
            list.extend((start..end).step_by(step));
        }
        Ok(Some(list))
    }

    /// Returns the real numbers of an option whose value is a comma-separated list.
    #[wraps(PetscOptionsGetRealArray, not_collective, errors = int)]
    pub fn reals(&self, name: &str) -> Result<Option<Vec<Real>>> {
        self.list(name, REAL)
    }

    /// Returns the scalars of an option whose value is a comma-separated list.
    #[wraps(PetscOptionsGetScalarArray, not_collective, errors = int)]
    pub fn scalars(&self, name: &str) -> Result<Option<Vec<Scalar>>> {
        self.list(name, SCALAR)
    }

    /// Returns the strings of an option whose value is a comma-separated list.
    ///
    /// # Errors
    /// `ARG_WRONG` for an invalid name.
    #[wraps(PetscOptionsGetStringArray, not_collective)]
    pub fn strings(&self, name: &str) -> Result<Option<Vec<String>>> {
        let value = self.find(name)?;
        Ok(value.map(|v| items(&v.unwrap_or_default()).map(str::to_owned).collect()))
    }

    /// Returns the value of an option that requires one.
    fn needed(&self, name: &str, what: &str) -> Result<Option<String>> {
        match self.find(name)? {
            None => Ok(None),
            Some(Some(text)) => Ok(Some(text)),
            Some(None) => Err(self.wrong(name, &format!("needs {what}"))),
        }
    }

    fn scalar_like<T: Default>(&self, name: &str, kind: Kind<T>) -> Result<Option<T>> {
        let text = self.needed(name, kind.what)?;
        text.map(|text| self.one(name, &text, kind)).transpose()
    }

    fn list<T: Default>(&self, name: &str, kind: Kind<T>) -> Result<Option<Vec<T>>> {
        let text = self.needed(name, kind.what)?;
        text.map(|text| items(&text).map(|i| self.one(name, i, kind)).collect()).transpose()
    }

    fn one<T: Default>(&self, name: &str, text: &str, kind: Kind<T>) -> Result<T> {
        let mut value = T::default();
        let c_text = ffi::c_string(text)?;
        // SAFETY: a NUL-terminated string and a valid out-pointer.
        let code = unsafe { (kind.parse)(c_text.as_ptr(), &raw mut value) };
        match ffi::check("PetscOptionsStringTo", code) {
            Ok(()) => Ok(value),
            Err(_) => Err(self.wrong(name, &format!("{text:?} is not {}", kind.what))),
        }
    }

    fn wrong(&self, name: &str, message: &str) -> Error {
        let name = name.trim_start_matches('-');
        let text = format!("option -{}{name}: {message}", self.prefix);
        Error::new(ErrorCode::USER_INPUT, text)
    }
}

fn items(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|i| !i.is_empty())
}

struct Kind<T> {
    what: &'static str,
    parse: Parser<T>,
}

impl<T> Clone for Kind<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Kind<T> {}

const BOOL: Kind<sys::PetscBool> =
    Kind { what: "a yes or no (true, false, on, off, 1, 0)", parse: sys::PetscOptionsStringToBool };
const INT: Kind<Int> = Kind { what: "a whole number", parse: sys::PetscOptionsStringToInt };
const REAL: Kind<Real> = Kind { what: "a number", parse: sys::PetscOptionsStringToReal };
const SCALAR: Kind<Scalar> = Kind { what: "a scalar", parse: sys::PetscOptionsStringToScalar };

/// Returns the value of an option in the global database for an object with this prefix.
pub(crate) fn of_object(prefix: Option<String>, name: &CStr) -> Result<Option<String>> {
    let prefix = prefix.map(|p| ffi::c_string(&p)).transpose()?;
    let prefix = prefix.as_ref().map_or(ptr::null(), |p| p.as_ptr());
    let mut text: [c_char; 256] = [0; 256];
    // SAFETY: the global database; NULL or a NUL-terminated prefix; a buffer of the given size.
    let set: bool = unsafe {
        get!(PetscOptionsGetString(
            ptr::null_mut(),
            prefix,
            name.as_ptr(),
            text.as_mut_ptr(),
            text.len(),
            _
        ))
    }?;
    if !set {
        return Ok(None);
    }
    // SAFETY: PETSc wrote a NUL-terminated string.
    Ok(unsafe { ffi::str_from_ptr(text.as_ptr()) })
}
