//! A callback that fails, by an error or a panic, on some ranks or on all, ends the job soon, with
//! the reason, once.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

// In a module, so that `--skip fault::` leaves them out by name.
mod fault;
