//! Multi-echo images: NIfTI (`.nii`, `.nii.gz`) and NumPy (`.npy`) files. The last axis contains
//! the echoes.

use std::path::Path;

use ndarray::{ArrayD, Axis, Ix4};
use ndarray_npy::npy::header::Header;
use ndarray_npy::{ReadNpyError, ReadNpyExt as _};
use nifti::{
    NiftiHeader, NiftiObject as _, NiftiVolume as _, RandomAccessNiftiVolume as _, ReaderOptions,
};

use super::fit::Voxels;

/// A volume with echoes.
#[derive(Clone, Debug)]
pub struct Scan {
    /// The numbers of voxels along x, y and z.
    pub size: [usize; 3],
    /// The edge lengths of a voxel; 1 if the file does not contain them.
    pub spacing: [f32; 3],
    /// The number of echoes.
    pub echoes: usize,
    /// Whether rows are ordered downward, as in arrays; in NIfTI files, y points upward.
    pub down: bool,
    /// The signals, echo by echo, with x running fastest.
    pub data: Vec<f32>,
}

impl Scan {
    /// Returns the number of voxels of one echo.
    #[must_use]
    pub fn voxels(&self) -> usize {
        self.size.iter().product()
    }
}

impl Voxels for Scan {
    fn len(&self) -> usize {
        self.voxels()
    }

    fn signal(&self, echo: usize, voxel: usize) -> f64 {
        f64::from(self.data[echo * self.voxels() + voxel])
    }
}

/// Reads an image; the file extension determines the format.
///
/// # Errors
/// One line with the name of the file and a description.
pub fn read(path: &Path) -> Result<Scan, String> {
    let name = path.to_string_lossy().to_lowercase();
    let scan = if name.ends_with(".npy") {
        read_npy(path)
    } else if name.ends_with(".nii") || name.ends_with(".nii.gz") {
        read_nifti(path)
    } else {
        Err("unknown format: use .npy, .nii or .nii.gz".into())
    };
    scan.map_err(|e| format!("{}: {e}", path.display()))
}

/// Reads a mask: an image of one echo, whose nonzero voxels are selected.
///
/// # Errors
/// See [`read`]; a mask of another size.
pub fn read_mask(path: &Path, like: &Scan) -> Result<Vec<bool>, String> {
    let name = path.display();
    let scan = read(path)?;
    // A two-dimensional NumPy array has the shape of an image with one row and echoes.
    let n = like.voxels();
    if scan.data.len() != n {
        return Err(format!("{name}: {} entries, the image has {n} voxels", scan.data.len()));
    }
    if scan.echoes == 1 {
        return Ok(scan.data.iter().map(|&v| v != 0.0).collect());
    }
    let (columns, rows) = (scan.echoes, scan.voxels());
    let at = |v: usize| scan.data[(v % columns) * rows + v / columns];
    Ok((0..n).map(|v| at(v) != 0.0).collect())
}

fn read_nifti(path: &Path) -> Result<Scan, String> {
    let object = ReaderOptions::new().read_file(path).map_err(|e| e.to_string())?;
    let header: &NiftiHeader = object.header();
    let spacing = [header.pixdim[1], header.pixdim[2], header.pixdim[3]];
    let volume = object.volume();
    let dim: Vec<usize> = volume.dim().iter().map(|&d| usize::from(d)).collect();
    if dim.len() > 4 && dim[4..].iter().any(|&d| d != 1) {
        return Err(format!("{} axes, expected x, y, z and echoes", dim.len()));
    }
    let size = [0, 1, 2].map(|i| dim.get(i).copied().unwrap_or(1));
    let echoes = dim.get(3).copied().unwrap_or(1);
    let n: usize = size.iter().product();
    let mut data = vec![0.0; n * echoes];
    for e in 0..echoes {
        for z in 0..size[2] {
            for y in 0..size[1] {
                for x in 0..size[0] {
                    let at = [x as u16, y as u16, z as u16, e as u16];
                    let at = &at[..dim.len().min(4)];
                    data[e * n + x + size[0] * (y + size[1] * z)] =
                        volume.get_f32(at).map_err(|e| e.to_string())?;
                }
            }
        }
    }
    Ok(Scan {
        size,
        spacing: spacing.map(|s| if s > 0.0 { s } else { 1.0 }),
        echoes,
        down: false,
        data,
    })
}

fn read_npy(path: &Path) -> Result<Scan, String> {
    let bytes = std::fs::read(path).map_err(|e| e.to_string())?;
    let mut values = numbers(&bytes)?;
    let axes = values.ndim();
    if !(2..=4).contains(&axes) {
        return Err(format!("{axes} axes, expected rows, columns and echoes"));
    }
    // Rows are y, columns are x; z precedes both.
    while values.ndim() < 4 {
        values.insert_axis_inplace(Axis(0));
    }
    let values = values.into_dimensionality::<Ix4>().map_err(|e| e.to_string())?;
    let (nz, ny, nx, echoes) = values.dim();
    let n = nx * ny * nz;
    let mut data = vec![0.0; n * echoes];
    for ((z, y, x, e), &value) in values.indexed_iter() {
        data[e * n + x + nx * (y + ny * z)] = value;
    }
    Ok(Scan { size: [nx, ny, nz], spacing: [1.0; 3], echoes, down: true, data })
}

/// Returns the values of a file in NumPy format with any real type.
fn numbers(bytes: &[u8]) -> Result<ArrayD<f32>, String> {
    let header = Header::from_reader(&mut &*bytes).map_err(|e| e.to_string())?;
    // Memory is allocated before the values are read; each value has at least one byte.
    let entries = header.shape.iter().try_fold(1, |n: usize, &m| n.checked_mul(m));
    if entries.is_none_or(|n| n > bytes.len()) {
        return Err(format!("{} bytes for an array of {:?}", bytes.len(), header.shape));
    }
    macro_rules! attempt {
        ($($kind:ty: $as_f32:expr,)*) => {$(
            match ArrayD::<$kind>::read_npy(bytes) {
                Ok(all) => return Ok(all.mapv($as_f32)),
                Err(ReadNpyError::WrongDescriptor(_)) => {}
                Err(e) => return Err(e.to_string()),
            }
        )*};
    }
    attempt! {
        f32: |v| v,
        f64: |v| v as f32,
        i16: f32::from,
        u16: f32::from,
        i32: |v| v as f32,
        u32: |v| v as f32,
        u8: f32::from,
        i8: f32::from,
    }
    match ArrayD::<bool>::read_npy(bytes) {
        Ok(all) => Ok(all.mapv(|v| f32::from(u8::from(v)))),
        Err(ReadNpyError::WrongDescriptor(kind)) => {
            Err(format!("values of type {kind}, expected real numbers"))
        }
        Err(e) => Err(e.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn a_header_of_a_larger_array_than_its_file_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("large.npy");
        let written = |shape: &str| {
            let header = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}");
            let header = format!("{header:117}\n");
            let bytes = [b"\x93NUMPY\x01\x00\x76\x00", header.as_bytes(), &[0; 48]].concat();
            std::fs::write(&path, bytes).unwrap();
            read(&path)
        };
        assert_eq!(written("(2, 2, 3)").unwrap().echoes, 3);
        for shape in ["(2, 2, 32212254720)", "(4294967296, 4294967296, 1)"] {
            let error = written(shape).unwrap_err();
            assert!(error.contains("176 bytes for an array of ["), "{error}");
        }
    }
}
