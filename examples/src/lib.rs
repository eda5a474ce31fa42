//! Applications of the parallel-computing workshop.
