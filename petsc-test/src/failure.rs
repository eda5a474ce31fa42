//! Assertions on errors.

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
    use petsc_rs::{Error, ErrorCode};

    use super::compare;

    fn mismatch(found: petsc_rs::Result<()>, text: &str) -> String {
        compare(found, ErrorCode::ARG_WRONG, text)
            .err()
            .unwrap_or_default()
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
}
