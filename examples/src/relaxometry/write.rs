//! Maps as NIfTI files.

use std::fs;
use std::path::Path;

use super::read::Scan;

/// The length of [`header`].
pub(super) const HEADER: usize = 352;

/// Returns the header of a map of 32-bit little-endian floating-point numbers.
pub(super) fn header(size: [usize; 3], spacing: [f32; 3]) -> [u8; HEADER] {
    let mut header = [0_u8; HEADER];
    let mut put = |at: usize, bytes: &[u8]| header[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, &348_i32.to_le_bytes());
    let [x, y, z] = size.map(|n| n as i16);
    for (i, n) in [3, x, y, z, 1, 1, 1, 1].into_iter().enumerate() {
        put(40 + 2 * i, &n.to_le_bytes());
    }
    // The code of 32-bit floating-point numbers.
    put(70, &16_i16.to_le_bytes());
    put(72, &32_i16.to_le_bytes());
    put(76, &1_f32.to_le_bytes());
    for (i, s) in spacing.into_iter().enumerate() {
        put(80 + 4 * i, &s.to_le_bytes());
    }
    put(108, &352_f32.to_le_bytes());
    put(112, &1_f32.to_le_bytes());
    put(344, b"n+1\0");
    header
}

/// Writes a map of 32-bit floating-point numbers with the geometry of a scan, as one NIfTI-1 file
/// with header and values. The header is written here, because the writer of the crate `nifti`
/// needs another release of `ndarray`.
///
/// # Errors
/// A file that cannot be written.
pub fn write_nifti(path: &Path, scan: &Scan, map: &[f64]) -> std::io::Result<()> {
    let mut bytes = header(scan.size, scan.spacing).to_vec();
    bytes.reserve(4 * map.len());
    for &value in map {
        bytes.extend_from_slice(&(value as f32).to_le_bytes());
    }
    fs::write(path, bytes)
}
