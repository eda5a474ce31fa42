//! Names of preconditioners: an open set, to which plugins and
//! [`Petsc::register_pc`](crate::Petsc::register_pc) add.

use crate::type_names::type_names;

type_names! {
    /// Name of a preconditioner, for `-pc_type` and [`PcRef::set_type`](super::PcRef::set_type).
    #[doc(alias = "PCType")]
    PcType;
    /// No preconditioning.
    NONE = c"none",
    /// The diagonal of the matrix.
    JACOBI = c"jacobi",
    /// Successive over-relaxation, Gauss–Seidel and their symmetric forms.
    SOR = c"sor",
    /// LU factorisation.
    LU = c"lu",
    /// QR factorisation, for least squares.
    QR = c"qr",
    /// Code of the program, see [`PcRef::set_shell`](super::PcRef::set_shell).
    SHELL = c"shell",
    /// Algebraic multigrid of the library AmgX.
    AMGX = c"amgx",
    /// A solver on each block of the diagonal, one block a rank unless told otherwise.
    BJACOBI = c"bjacobi",
    /// Geometric multigrid, or any for which the program gives the interpolations.
    MG = c"mg",
    /// Symmetric over-relaxation with Eisenstat's trick.
    EISENSTAT = c"eisenstat",
    /// Incomplete LU factorisation.
    ILU = c"ilu",
    /// Incomplete Cholesky factorisation.
    ICC = c"icc",
    /// Additive Schwarz with overlap.
    ASM = c"asm",
    /// Additive Schwarz with subdomains that may span several ranks.
    GASM = c"gasm",
    /// A linear solver as preconditioner.
    KSP = c"ksp",
    /// Block Jacobi on a GPU by Kokkos.
    BJKOKKOS = c"bjkokkos",
    /// Sum or product of several preconditioners.
    COMPOSITE = c"composite",
    /// The whole system on each of several groups of ranks.
    REDUNDANT = c"redundant",
    /// Sparse approximate inverse of the library SPAI.
    SPAI = c"spai",
    /// Balancing Neumann–Neumann.
    NN = c"nn",
    /// Cholesky factorisation.
    CHOLESKY = c"cholesky",
    /// Jacobi with small dense blocks.
    PBJACOBI = c"pbjacobi",
    /// Jacobi with small dense blocks of different sizes.
    VPBJACOBI = c"vpbjacobi",
    /// The matrix for the preconditioner is its inverse already.
    MAT = c"mat",
    /// The preconditioners of the library hypre.
    HYPRE = c"hypre",
    /// The preconditioners of the library pARMS.
    PARMS = c"parms",
    /// A solver on each of several fields.
    FIELDSPLIT = c"fieldsplit",
    /// Tufo and Fischer's direct solver.
    TFS = c"tfs",
    /// Algebraic multigrid of the library ML.
    ML = c"ml",
    /// Galerkin projection onto a coarse space.
    GALERKIN = c"galerkin",
    /// Two levels with a wirebasket coarse space.
    EXOTIC = c"exotic",
    /// Projection on one column after another.
    CP = c"cp",
    /// Least-squares commutators, for Schur complements.
    LSC = c"lsc",
    /// A preconditioner written in Python.
    PYTHON = c"python",
    /// Semicoarsening multigrid of hypre on structured grids.
    PFMG = c"pfmg",
    /// Semicoarsening multigrid of hypre, the robust one.
    SMG = c"smg",
    /// PFMG for systems.
    SYSPFMG = c"syspfmg",
    /// Redistributes rows and solves the rest.
    REDISTRIBUTE = c"redistribute",
    /// Singular value decomposition, for small singular systems.
    SVD = c"svd",
    /// Algebraic multigrid by smoothed aggregation, PETSc's own.
    GAMG = c"gamg",
    /// Balancing domain decomposition by constraints.
    BDDC = c"bddc",
    /// Kaczmarz's projections.
    KACZMARZ = c"kaczmarz",
    /// Gathers the system on fewer ranks.
    TELESCOPE = c"telescope",
    /// Small problems around points of a mesh.
    PATCH = c"patch",
    /// Limited-memory variable metric.
    LMVM = c"lmvm",
    /// Multigrid whose levels come from one component.
    HMG = c"hmg",
    /// Deflation of a subspace.
    DEFLATION = c"deflation",
    /// Multilevel domain decomposition of the library HPDDM.
    HPDDM = c"hpddm",
    /// Hierarchical matrices of the library H2Opus.
    H2OPUS = c"h2opus",
    /// Sends the system to a server of MPI ranks.
    MPI = c"mpi",
}
