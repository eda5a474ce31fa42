//! Formats of pictures.

/// How fields are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// A picture each.
    Png,
    /// A file each, for ParaView and others.
    Vtk,
    /// A moving picture.
    Gif,
}
