//! I3: a communicator comes from a session only, and everything else from a communicator.
use petsc_rs::prelude::*;

fn main() {
    let comm = Comm::default();
    let _ = Vector::new(&comm, 3);
    let _ = Vector { raw: std::ptr::null_mut() };
}
