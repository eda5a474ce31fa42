//! Tasks of the petsc-rs workspace: `cargo xtask <task>`.
fn main() {}
