//! Assertions on errors and panics.

use std::panic::{AssertUnwindSafe, catch_unwind};

use petsc_rs::{ErrorCode, Result};

/// Asserts that a call failed with this code.
///
/// ```
/// # use petsc_rs::prelude::*;
/// # use petsc_rs::ErrorCode;
/// # petsc_rs::doctest(|comm| {
/// let x = Vector::new(comm, 10)?;
/// petsc_test::assert_code(x.value(99), ErrorCode::ARG_OUTOFRANGE);
/// # Ok(()) })
/// ```
///
/// # Panics
/// If the call succeeded, or failed with another code.
#[track_caller]
pub fn assert_code<T>(result: Result<T>, code: ErrorCode) {
    assert_error(result, code, "");
}

/// Asserts that a call failed with this code, and that the message contains a text.
///
/// # Panics
/// If the call succeeded, or failed with another code or message.
#[track_caller]
pub fn assert_error<T>(result: Result<T>, code: ErrorCode, text: &str) {
    if let Err(mismatch) = compare(result, code, text) {
        #[expect(clippy::panic, reason = "an assertion")]
        {
            panic!("{mismatch}");
        }
    }
}

/// Asserts that a closure panics with a message that contains a text.
///
/// ```
/// # use petsc_rs::prelude::*;
/// # petsc_rs::doctest(|comm| {
/// let x = Vector::new(comm, 10)?;
/// petsc_test::assert_panics(|| x.array().map(|entries| entries[99]), "index out of bounds");
/// # Ok(()) })
/// ```
///
/// # Panics
/// If the closure returns, or panics with another message.
#[track_caller]
pub fn assert_panics<T>(body: impl FnOnce() -> T, text: &str) {
    let message = catch_unwind(AssertUnwindSafe(body)).err().map(|payload| {
        let word = payload.downcast_ref::<&str>().map(ToString::to_string);
        word.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_default()
    });
    let found = message.as_ref().is_some_and(|found| found.contains(text));
    assert!(found, "no panic with `{text}`, but {message:?}");
}

/// Returns how the result of a call differs from the expected error.
fn compare<T>(result: Result<T>, code: ErrorCode, text: &str) -> std::result::Result<(), String> {
    let Err(error) = result else {
        return Err(format!("the call succeeded instead of failing with {code}"));
    };
    if error.code() != code {
        return Err(format!("{} instead of {code}: {error}", error.code()));
    }
    if !error.to_string().contains(text) {
        return Err(format!("`{text}` is not in the message: {error}"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::panic::resume_unwind;

    use petsc_rs::{Error, ErrorCode};

    use super::{assert_panics, compare};

    fn mismatch(found: petsc_rs::Result<()>, text: &str) -> String {
        compare(found, ErrorCode::ARG_WRONG, text).err().unwrap_or_default()
    }

    #[test]
    fn code_and_message_must_both_agree() {
        let wrong = || Error::new(ErrorCode::ARG_WRONG, "two rows");
        assert_eq!(mismatch(Err(wrong()), "two"), "");
        assert!(mismatch(Err(wrong()), "three").starts_with("`three` is not in the message: "));
        let other = Error::new(ErrorCode::ARG_SIZ, "two rows");
        assert!(mismatch(Err(other), "two").contains(" instead of "));
        assert!(mismatch(Ok(()), "two").starts_with("the call succeeded"));
    }

    #[test]
    fn a_panic_must_have_the_message() {
        let two = || resume_unwind(Box::new("two rows"));
        assert_panics(two, "two");
        assert_panics(|| resume_unwind(Box::new(String::from("3 rows"))), "3");
        let found = "no panic with `three`, but ";
        assert_panics(|| assert_panics(two, "three"), &format!("{found}Some(\"two rows\")"));
        assert_panics(|| assert_panics(|| 1, "three"), &format!("{found}None"));
    }
}
