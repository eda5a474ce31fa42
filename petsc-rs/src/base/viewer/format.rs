//! Formats and file modes.

use petsc_macros::wraps;

use crate::error::{Error, Result};
use crate::file::Access;
use crate::sys;

macro_rules! formats {
    ($($(#[$meta:meta])* $name:ident = $raw:ident),* $(,)?) => {
        /// How a viewer writes objects. Which formats mean something depends on the object.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        #[doc(alias = "PetscViewerFormat")]
        pub enum ViewerFormat {
            $($(#[$meta])* $name,)*
        }

        impl ViewerFormat {
            pub(crate) fn to_raw(self) -> sys::PetscViewerFormat {
                match self {
                    $(Self::$name => sys::$raw,)*
                }
            }
        }

        impl TryFrom<sys::PetscViewerFormat> for ViewerFormat {
            type Error = Error;

            fn try_from(raw: sys::PetscViewerFormat) -> Result<Self> {
                match raw {
                    $(sys::$raw => Ok(Self::$name),)*
                    other => Err(Error::argument(format!(
                        "PETSc's viewer format {other} has no name here"
                    ))),
                }
            }
        }
    };
}

formats! {
    /// What the object and the viewer agree on.
    Default = PETSC_VIEWER_DEFAULT,
    /// Statements of MATLAB.
    Matlab = PETSC_VIEWER_ASCII_MATLAB,
    /// Statements of Mathematica.
    Mathematica = PETSC_VIEWER_ASCII_MATHEMATICA,
    /// As the implementation stores it.
    Impl = PETSC_VIEWER_ASCII_IMPL,
    /// A summary.
    Info = PETSC_VIEWER_ASCII_INFO,
    /// A longer summary.
    InfoDetail = PETSC_VIEWER_ASCII_INFO_DETAIL,
    /// The same for all types of the class.
    Common = PETSC_VIEWER_ASCII_COMMON,
    /// Upper triangle of a symmetric matrix.
    Symmodu = PETSC_VIEWER_ASCII_SYMMODU,
    /// With indices.
    Index = PETSC_VIEWER_ASCII_INDEX,
    /// With the zeros of a sparse matrix.
    Dense = PETSC_VIEWER_ASCII_DENSE,
    /// Matrix Market.
    MatrixMarket = PETSC_VIEWER_ASCII_MATRIXMARKET,
    /// Meshes for PCICE.
    Pcice = PETSC_VIEWER_ASCII_PCICE,
    /// Statements of Python.
    Python = PETSC_VIEWER_ASCII_PYTHON,
    /// A summary of a factored matrix.
    FactorInfo = PETSC_VIEWER_ASCII_FACTOR_INFO,
    /// LaTeX.
    Latex = PETSC_VIEWER_ASCII_LATEX,
    /// XML, of the log.
    Xml = PETSC_VIEWER_ASCII_XML,
    /// Input of a flame graph, of the log.
    Flamegraph = PETSC_VIEWER_ASCII_FLAMEGRAPH,
    /// GLVis.
    Glvis = PETSC_VIEWER_ASCII_GLVIS,
    /// Values separated by commas.
    Csv = PETSC_VIEWER_ASCII_CSV,
    /// A line graph.
    DrawLineGraph = PETSC_VIEWER_DRAW_LG,
    /// Contours.
    DrawContour = PETSC_VIEWER_DRAW_CONTOUR,
    /// VTK, structured grid.
    VtkVts = PETSC_VIEWER_VTK_VTS,
    /// VTK, rectilinear grid.
    VtkVtr = PETSC_VIEWER_VTK_VTR,
    /// VTK, unstructured grid.
    VtkVtu = PETSC_VIEWER_VTK_VTU,
    /// Binary, with a script that loads it in MATLAB.
    BinaryMatlab = PETSC_VIEWER_BINARY_MATLAB,
    /// As the implementation stores it, in a file.
    Native = PETSC_VIEWER_NATIVE,
    /// HDF5 for PETSc.
    Hdf5Petsc = PETSC_VIEWER_HDF5_PETSC,
    /// HDF5 for pictures.
    Hdf5Viz = PETSC_VIEWER_HDF5_VIZ,
    /// HDF5 with XDMF.
    Hdf5Xdmf = PETSC_VIEWER_HDF5_XDMF,
    /// HDF5 as MATLAB saves it.
    Hdf5Mat = PETSC_VIEWER_HDF5_MAT,
    /// None of them.
    NoFormat = PETSC_VIEWER_NOFORMAT,
    /// How well the work is distributed.
    LoadBalance = PETSC_VIEWER_LOAD_BALANCE,
    /// What failed.
    Failed = PETSC_VIEWER_FAILED,
    /// Everything.
    All = PETSC_VIEWER_ALL,
}

/// What a file is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[wraps(PetscFileMode)]
pub enum FileMode {
    /// Read.
    Read,
    /// Replace.
    Write,
    /// Write at the end.
    Append,
    /// Read and write.
    Update,
    /// Read, and write at the end.
    AppendUpdate,
}

impl FileMode {
    pub(crate) fn to_raw(self) -> sys::PetscFileMode {
        match self {
            Self::Read => sys::FILE_MODE_READ,
            Self::Write => sys::FILE_MODE_WRITE,
            Self::Append => sys::FILE_MODE_APPEND,
            Self::Update => sys::FILE_MODE_UPDATE,
            Self::AppendUpdate => sys::FILE_MODE_APPEND_UPDATE,
        }
    }

    /// What rank 0 tries.
    pub(crate) fn access(self) -> Access {
        match self {
            Self::Read => Access::Read,
            Self::Update => Access::Update,
            Self::Write | Self::Append | Self::AppendUpdate => Access::Write,
        }
    }
}
