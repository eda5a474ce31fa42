//! Formats of figures.

/// The output format of fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// A figure for each field
    Png,
    /// A VTK file for each field, for example for ParaView
    Vtk,
    /// An animation
    Gif,
}
