//! What the applications of the parallel-computing workshop are made of.

pub mod app;
pub mod bratu;
pub mod heat;
pub mod matpower;
pub mod network;
pub mod picture;
pub mod wave;
