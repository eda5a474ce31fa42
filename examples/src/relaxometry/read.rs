//! Multi-echo images: NIfTI (`.nii`, `.nii.gz`) and numpy (`.npy`), the echoes being the last axis.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use nifti::{
    NiftiHeader, NiftiObject as _, NiftiVolume as _, RandomAccessNiftiVolume as _, ReaderOptions,
};
use npyz::{DType, NpyFile, Order};

use super::fit::Voxels;

/// A volume of echoes.
#[derive(Clone, Debug)]
pub struct Scan {
    /// Voxels along x, y, z.
    pub size: [usize; 3],
    /// Lengths of a voxel, 1 if the file does not say.
    pub spacing: [f32; 3],
    /// Number of echoes.
    pub echoes: usize,
    /// Whether rows go downwards, as in arrays of numbers; in NIfTI y goes up.
    pub down: bool,
    /// Echo by echo, x running fastest.
    pub data: Vec<f32>,
}

impl Scan {
    /// Number of voxels of one echo.
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

/// Reads an image by the ending of its name.
///
/// # Errors
/// One line that names the file and what is wrong with it.
pub fn read(path: &Path) -> Result<Scan, String> {
    let name = path.to_string_lossy().to_lowercase();
    let scan = if name.ends_with(".npy") {
        read_npy(path)
    } else if name.ends_with(".nii") || name.ends_with(".nii.gz") {
        read_nifti(path)
    } else {
        Err("neither .npy, .nii nor .nii.gz".into())
    };
    scan.map_err(|e| format!("{}: {e}", path.display()))
}

/// Reads a mask: an image of one echo, voxels that are not zero count.
///
/// # Errors
/// As [`read`]; a mask of another size.
pub fn read_mask(path: &Path, like: &Scan) -> Result<Vec<bool>, String> {
    let name = path.display();
    let scan = read(path)?;
    // A plane in numpy looks like lines of echoes.
    let n = like.voxels();
    if scan.data.len() != n {
        return Err(format!(
            "{name}: {} entries, the image has {n} voxels",
            scan.data.len()
        ));
    }
    if scan.echoes == 1 {
        return Ok(scan.data.iter().map(|&v| v != 0.0).collect());
    }
    let (columns, rows) = (scan.echoes, scan.voxels());
    let at = |v: usize| scan.data[(v % columns) * rows + v / columns];
    Ok((0..n).map(|v| at(v) != 0.0).collect())
}

fn read_nifti(path: &Path) -> Result<Scan, String> {
    let object = ReaderOptions::new()
        .read_file(path)
        .map_err(|e| e.to_string())?;
    let header: &NiftiHeader = object.header();
    let spacing = [header.pixdim[1], header.pixdim[2], header.pixdim[3]];
    let volume = object.volume();
    let dim: Vec<usize> = volume.dim().iter().map(|&d| usize::from(d)).collect();
    if dim.len() > 4 && dim[4..].iter().any(|&d| d != 1) {
        return Err(format!("{} axes, wanted x, y, z and echoes", dim.len()));
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
    let file = File::open(path).map_err(|e| e.to_string())?;
    let npy = NpyFile::new(BufReader::new(file)).map_err(|e| e.to_string())?;
    let (shape, order) = (npy.shape().to_vec(), npy.order());
    let values = numbers(npy)?;
    let lens: Vec<usize> = shape.iter().map(|&d| d as usize).collect();
    // Rows are y, columns x; before them comes z.
    let [nz, ny, nx, echoes] = match lens[..] {
        [y, x, e] => [1, y, x, e],
        [z, y, x, e] => [z, y, x, e],
        [y, x] => [1, 1, y, x],
        _ => {
            return Err(format!(
                "{} axes, wanted rows, columns and echoes",
                lens.len()
            ));
        }
    };
    let n = nx * ny * nz;
    let mut data = vec![0.0; n * echoes];
    for e in 0..echoes {
        for v in 0..n {
            let from = match order {
                Order::C => v * echoes + e,
                Order::Fortran => {
                    let (x, y, z) = (v % nx, v / nx % ny, v / (nx * ny));
                    z + nz * (y + ny * (x + nx * e))
                }
            };
            data[e * n + v] = values[from];
        }
    }
    Ok(Scan {
        size: [nx, ny, nz],
        spacing: [1.0; 3],
        echoes,
        down: true,
        data,
    })
}

fn numbers(npy: NpyFile<BufReader<File>>) -> Result<Vec<f32>, String> {
    let DType::Plain(kind) = npy.dtype() else {
        return Err("an array of structures, wanted numbers".into());
    };
    let text = kind.to_string();
    macro_rules! as_f32 {
        ($t:ty) => {
            npy.into_vec::<$t>()
                .map(|all| all.into_iter().map(|v| v as f32).collect())
                .map_err(|e| e.to_string())
        };
    }
    match text.trim_start_matches(['<', '>', '|', '=']) {
        "f4" => npy.into_vec::<f32>().map_err(|e| e.to_string()),
        "f8" => as_f32!(f64),
        "i2" => as_f32!(i16),
        "u2" => as_f32!(u16),
        "i4" => as_f32!(i32),
        "u4" => as_f32!(u32),
        "u1" => as_f32!(u8),
        "i1" => as_f32!(i8),
        "b1" => npy
            .into_vec::<bool>()
            .map(|all| all.into_iter().map(|v| f32::from(u8::from(v))).collect())
            .map_err(|e| e.to_string()),
        other => Err(format!("numbers of type {other}, wanted real ones")),
    }
}
