//! NIfTI images that do not fit into memory: slices are read with all their echoes, and maps are
//! written slice by slice.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use nifti::header::MAGIC_CODE_NIP1;
use nifti::{NiftiHeader, NiftiType};

use super::read::Scan;
use super::write::{HEADER, header};

/// An image whose slices are read on demand.
#[derive(Debug)]
pub struct Slices {
    file: File,
    /// The numbers of voxels along x, y and z.
    pub size: [usize; 3],
    /// The edge lengths of a voxel.
    pub spacing: [f32; 3],
    /// The number of echoes.
    pub echoes: usize,
    header: NiftiHeader,
    number: NiftiType,
}

impl Slices {
    /// Opens an image that is not compressed.
    ///
    /// # Errors
    /// One line with the name of the file and a description.
    pub fn open(path: &Path) -> Result<Self, String> {
        Self::parse(path).map_err(|e| format!("{}: {e}", path.display()))
    }

    fn parse(path: &Path) -> Result<Self, String> {
        if !path.to_string_lossy().to_lowercase().ends_with(".nii") {
            return Err("only .nii files can be read by slices: decompress .nii.gz first".into());
        }
        let file = File::open(path).map_err(|e| e.to_string())?;
        let header = NiftiHeader::from_reader(&file).map_err(|e| e.to_string())?;
        if header.magic != *MAGIC_CODE_NIP1 {
            return Err("header and values are not in one file".into());
        }
        let dim = header.dim().map_err(|e| e.to_string())?;
        let dim = |axis: usize| dim.get(axis).map_or(1, |&n| usize::from(n));
        if (4..7).any(|axis| dim(axis) != 1) {
            return Err("expected the axes x, y, z and echoes".into());
        }
        let image = Self {
            size: [0, 1, 2].map(dim),
            spacing: [1, 2, 3]
                .map(|axis| header.pixdim[axis])
                .map(|s| if s > 0.0 { s } else { 1.0 }),
            echoes: dim(3),
            number: header.data_type().map_err(|e| e.to_string())?,
            header,
            file,
        };
        let number = image.number.size_of();
        // For these types, no value can be read.
        image.value(&vec![0; number])?;
        let lengths = image.size.iter().chain([&image.echoes]);
        let bytes = lengths.copied().try_fold(number as u64, |n, m| n.checked_mul(m as u64));
        let wanted = bytes.and_then(|n| n.checked_add(image.start()));
        let length = image.file.metadata().map_err(|e| e.to_string())?.len();
        if wanted.is_none_or(|wanted| length < wanted) {
            let wanted = wanted.map_or("more than a file can contain".into(), |n| n.to_string());
            return Err(format!("{length} bytes, but the header needs {wanted}"));
        }
        Ok(image)
    }

    /// The offset of the values.
    fn start(&self) -> u64 {
        self.header.vox_offset as u64
    }

    fn value(&self, bytes: &[u8]) -> Result<f32, String> {
        let (slope, addend) = match (self.header.scl_slope, self.header.scl_inter) {
            // A slope of zero means that values are not scaled.
            (0.0, _) => (1.0, 0.0),
            scale => scale,
        };
        self.number
            .read_primitive_value(bytes, self.header.endianness, slope, addend)
            .map_err(|e| e.to_string())
    }

    /// Appends the values of a slice of one echo.
    fn plane(&self, echo: usize, z: usize, to: &mut Vec<f32>) -> Result<(), String> {
        let ([nx, ny, nz], size) = (self.size, self.number.size_of());
        let mut bytes = vec![0; nx * ny * size];
        let at = self.start() + ((echo * nz + z) * bytes.len()) as u64;
        self.file.read_exact_at(&mut bytes, at).map_err(|e| format!("slice {}: {e}", z + 1))?;
        for number in bytes.chunks_exact(size) {
            to.push(self.value(number)?);
        }
        Ok(())
    }

    /// Reads a slice with all its echoes.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn slice(&self, z: usize) -> Result<Scan, String> {
        let [nx, ny, _] = self.size;
        let mut data = Vec::with_capacity(nx * ny * self.echoes);
        for echo in 0..self.echoes {
            self.plane(echo, z, &mut data)?;
        }
        Ok(Scan {
            size: [nx, ny, 1],
            spacing: self.spacing,
            echoes: self.echoes,
            down: false,
            data,
        })
    }

    /// Returns the threshold for the background. See [`noise_threshold`](super::noise_threshold).
    /// Only the brightest hundredth of the first echo is kept in memory.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn noise_threshold(&self, share: f64) -> Result<f64, String> {
        let room = self.size.iter().product::<usize>() / 100 + 2;
        let (mut brightest, mut plane, mut count) = (Vec::new(), Vec::new(), 0);
        for z in 0..self.size[2] {
            plane.clear();
            self.plane(0, z, &mut plane)?;
            plane.retain(|s| s.is_finite());
            count += plane.len();
            brightest.append(&mut plane);
            if brightest.len() > room {
                brightest.select_nth_unstable_by(room - 1, |a, b| b.total_cmp(a));
                brightest.truncate(room);
            }
        }
        if count == 0 {
            return Ok(0.0);
        }
        let rank = (0.99 * (count - 1) as f64) as usize;
        let from_top = count - 1 - rank;
        let (_, value, _) = brightest.select_nth_unstable_by(from_top, |a, b| b.total_cmp(a));
        Ok(share * f64::from(*value))
    }
}

/// A map that the ranks write slice by slice.
#[derive(Debug)]
pub struct SliceWriter {
    file: File,
    voxels: usize,
}

impl SliceWriter {
    /// Creates a file for a map with the geometry of an image. Only the first rank calls this
    /// function.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn create(path: &Path, like: &Slices) -> std::io::Result<()> {
        let file = File::create(path)?;
        file.write_all_at(&header(like.size, like.spacing), 0)?;
        file.set_len((HEADER + 4 * like.size.iter().product::<usize>()) as u64)
    }

    /// Opens a file that [`create`](Self::create) has created.
    ///
    /// # Errors
    /// A file that cannot be opened.
    pub fn open(path: &Path, like: &Slices) -> std::io::Result<Self> {
        Ok(Self {
            file: File::options().write(true).open(path)?,
            voxels: like.size[0] * like.size[1],
        })
    }

    /// Writes a slice.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn write(&self, z: usize, map: impl Iterator<Item = f64>) -> std::io::Result<()> {
        let bytes: Vec<u8> = map.flat_map(|v| (v as f32).to_le_bytes()).collect();
        let at = HEADER + 4 * self.voxels * z;
        self.file.write_all_at(&bytes, at as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::{Slices, header};

    /// The offset of the values is a floating-point number in the file. This one is far beyond the
    /// end of any file.
    #[test]
    fn an_offset_beyond_the_end_of_any_file_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("far.nii");
        let mut bytes = header([2, 2, 1], [1.0; 3]).to_vec();
        bytes.extend([0; 16]);
        std::fs::write(&path, &bytes).unwrap();
        Slices::open(&path).unwrap();
        bytes[108..112].copy_from_slice(&f32::MAX.to_le_bytes());
        std::fs::write(&path, &bytes).unwrap();
        let error = Slices::open(&path).unwrap_err();
        assert!(error.contains("the header needs more than a file can contain"), "{error}");
    }
}
