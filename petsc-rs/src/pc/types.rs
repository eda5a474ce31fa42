//! Names of preconditioners. Plugins and [`Petsc::register_pc`](crate::Petsc::register_pc) can
//! register more names.

use crate::type_names::type_names;

type_names! {
    /// Name of a preconditioner, for `-pc_type` and [`PcRef::set_type`](super::PcRef::set_type).
    #[doc(alias = "PCType")]
    PcType;
    /// No preconditioning.
    NONE = c"none",
    /// Jacobi: divides by the diagonal of the matrix.
    JACOBI = c"jacobi",
    /// Successive over-relaxation, Gauss–Seidel and their symmetric forms.
    SOR = c"sor",
    /// LU factorization.
    LU = c"lu",
    /// QR factorization, for least squares.
    QR = c"qr",
    /// A preconditioner written in Rust, see [`PcRef::set_shell`](super::PcRef::set_shell).
    SHELL = c"shell",
    /// Algebraic multigrid of the AmgX library.
    AMGX = c"amgx",
    /// Block Jacobi: a solver on each diagonal block. By default, each rank has one block.
    BJACOBI = c"bjacobi",
    /// Multigrid: geometric, or with interpolations from the application.
    MG = c"mg",
    /// Symmetric over-relaxation with Eisenstat's trick.
    EISENSTAT = c"eisenstat",
    /// Incomplete LU factorization.
    ILU = c"ilu",
    /// Incomplete Cholesky factorization.
    ICC = c"icc",
    /// Additive Schwarz with overlap.
    ASM = c"asm",
    /// Additive Schwarz with subdomains that may span several ranks.
    GASM = c"gasm",
    /// A linear solver used as a preconditioner.
    KSP = c"ksp",
    /// Block Jacobi on GPUs with Kokkos.
    BJKOKKOS = c"bjkokkos",
    /// Sum or product of several preconditioners.
    COMPOSITE = c"composite",
    /// Solves the whole system on each of several groups of ranks.
    REDUNDANT = c"redundant",
    /// Sparse approximate inverse of the SPAI library.
    SPAI = c"spai",
    /// Balancing Neumann–Neumann domain decomposition.
    NN = c"nn",
    /// Cholesky factorization.
    CHOLESKY = c"cholesky",
    /// Point-block Jacobi: inverts small dense diagonal blocks.
    PBJACOBI = c"pbjacobi",
    /// Point-block Jacobi with blocks of different sizes.
    VPBJACOBI = c"vpbjacobi",
    /// Multiplies with the preconditioning matrix, which is already an approximate inverse.
    MAT = c"mat",
    /// The preconditioners of the hypre library.
    HYPRE = c"hypre",
    /// The preconditioners of the pARMS library.
    PARMS = c"parms",
    /// Field split: one solver for each field.
    FIELDSPLIT = c"fieldsplit",
    /// Direct solver of Tufo and Fischer.
    TFS = c"tfs",
    /// Algebraic multigrid of the ML library.
    ML = c"ml",
    /// Galerkin projection onto a coarse space.
    GALERKIN = c"galerkin",
    /// Two-level method with a wirebasket coarse space.
    EXOTIC = c"exotic",
    /// Projection onto one column of the matrix after another.
    CP = c"cp",
    /// Least-squares commutator, for Schur complements.
    LSC = c"lsc",
    /// A preconditioner written in Python.
    PYTHON = c"python",
    /// Semicoarsening multigrid of hypre (PFMG) on structured grids.
    PFMG = c"pfmg",
    /// Semicoarsening multigrid of hypre (SMG), more robust than PFMG.
    SMG = c"smg",
    /// PFMG for systems of equations.
    SYSPFMG = c"syspfmg",
    /// Eliminates the rows that have only a diagonal entry, redistributes the other rows among the
    /// ranks, and solves their system.
    REDISTRIBUTE = c"redistribute",
    /// Singular value decomposition, for small singular systems.
    SVD = c"svd",
    /// PETSc's algebraic multigrid with smoothed aggregation.
    GAMG = c"gamg",
    /// Balancing domain decomposition by constraints.
    BDDC = c"bddc",
    /// Kaczmarz projections.
    KACZMARZ = c"kaczmarz",
    /// Gathers the system on fewer ranks and solves it there.
    TELESCOPE = c"telescope",
    /// Solves small problems on patches around points of a mesh.
    PATCH = c"patch",
    /// Limited-memory variable metric (quasi-Newton) approximation.
    LMVM = c"lmvm",
    /// Hybrid multigrid: the levels are built from the matrix of one component.
    HMG = c"hmg",
    /// Deflation of a subspace.
    DEFLATION = c"deflation",
    /// Multilevel domain decomposition of the HPDDM library.
    HPDDM = c"hpddm",
    /// Hierarchical matrices of the H2Opus library.
    H2OPUS = c"h2opus",
    /// Sends the system to a linear solver server on other MPI ranks.
    MPI = c"mpi",
}
