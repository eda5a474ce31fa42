//! Formats and file modes.

use petsc_macros::wraps;

use crate::c_enum::c_enum;
use crate::file::Access;
use crate::sys;

c_enum! {
    /// Output format of a viewer. Which formats are supported depends on the object.
    #[derive(Hash)]
    #[doc(alias = "PetscViewerFormat")]
    ViewerFormat of PetscViewerFormat;
    /// The default format for the object and the viewer.
    Default = PETSC_VIEWER_DEFAULT,
    /// MATLAB commands.
    Matlab = PETSC_VIEWER_ASCII_MATLAB,
    /// Mathematica commands.
    Mathematica = PETSC_VIEWER_ASCII_MATHEMATICA,
    /// The storage format of the object's type.
    Impl = PETSC_VIEWER_ASCII_IMPL,
    /// A summary.
    Info = PETSC_VIEWER_ASCII_INFO,
    /// A detailed summary.
    InfoDetail = PETSC_VIEWER_ASCII_INFO_DETAIL,
    /// A format that is the same for all types of a class.
    Common = PETSC_VIEWER_ASCII_COMMON,
    /// Upper triangle of a symmetric matrix.
    Symmodu = PETSC_VIEWER_ASCII_SYMMODU,
    /// With indices.
    Index = PETSC_VIEWER_ASCII_INDEX,
    /// All entries, including the zeros of a sparse matrix.
    Dense = PETSC_VIEWER_ASCII_DENSE,
    /// Matrix Market.
    MatrixMarket = PETSC_VIEWER_ASCII_MATRIXMARKET,
    /// PCICE meshes.
    Pcice = PETSC_VIEWER_ASCII_PCICE,
    /// Python commands.
    Python = PETSC_VIEWER_ASCII_PYTHON,
    /// A summary of a factored matrix.
    FactorInfo = PETSC_VIEWER_ASCII_FACTOR_INFO,
    /// LaTeX.
    Latex = PETSC_VIEWER_ASCII_LATEX,
    /// XML, for the log.
    Xml = PETSC_VIEWER_ASCII_XML,
    /// Input for a flame graph, for the log.
    Flamegraph = PETSC_VIEWER_ASCII_FLAMEGRAPH,
    /// GLVis.
    Glvis = PETSC_VIEWER_ASCII_GLVIS,
    /// Comma-separated values.
    Csv = PETSC_VIEWER_ASCII_CSV,
    /// A line graph.
    DrawLineGraph = PETSC_VIEWER_DRAW_LG,
    /// Contour plot.
    DrawContour = PETSC_VIEWER_DRAW_CONTOUR,
    /// VTK, structured grid.
    VtkVts = PETSC_VIEWER_VTK_VTS,
    /// VTK, rectilinear grid.
    VtkVtr = PETSC_VIEWER_VTK_VTR,
    /// VTK, unstructured grid.
    VtkVtu = PETSC_VIEWER_VTK_VTU,
    /// Binary, with a script that loads the file in MATLAB.
    BinaryMatlab = PETSC_VIEWER_BINARY_MATLAB,
    /// The storage format of the object's type, in a file.
    Native = PETSC_VIEWER_NATIVE,
    /// HDF5 for PETSc.
    Hdf5Petsc = PETSC_VIEWER_HDF5_PETSC,
    /// HDF5 for visualization.
    Hdf5Viz = PETSC_VIEWER_HDF5_VIZ,
    /// HDF5 with XDMF.
    Hdf5Xdmf = PETSC_VIEWER_HDF5_XDMF,
    /// HDF5 in the layout of MATLAB.
    Hdf5Mat = PETSC_VIEWER_HDF5_MAT,
    /// No output.
    NoFormat = PETSC_VIEWER_NOFORMAT,
    /// Load balance.
    LoadBalance = PETSC_VIEWER_LOAD_BALANCE,
    /// Reasons of failures.
    Failed = PETSC_VIEWER_FAILED,
    /// All information.
    All = PETSC_VIEWER_ALL,
}

c_enum! {
    /// Mode in which a file is opened.
    #[derive(Hash)]
    #[wraps(PetscFileMode)]
    FileMode of PetscFileMode;
    /// Read only.
    Read = FILE_MODE_READ,
    /// Write, replacing the file.
    Write = FILE_MODE_WRITE,
    /// Append.
    Append = FILE_MODE_APPEND,
    /// Read and write.
    Update = FILE_MODE_UPDATE,
    /// Read and append.
    AppendUpdate = FILE_MODE_APPEND_UPDATE,
}

impl FileMode {
    /// Returns the access that rank 0 checks.
    pub(crate) fn access(self) -> Access {
        match self {
            Self::Read => Access::Read,
            Self::Update => Access::Update,
            Self::Write | Self::Append | Self::AppendUpdate => Access::Write,
        }
    }
}
