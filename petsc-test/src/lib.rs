//! Test harness for MPI programs.
