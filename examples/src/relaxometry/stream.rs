//! NIfTI images that are never held as a whole: slices are read with all their echoes, maps are written slice by slice.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use super::read::Scan;
use super::write::{HEADER, header};

/// An image whose slices are read when they are wanted.
#[derive(Debug)]
pub struct Slices {
    file: File,
    /// Voxels along x, y, z.
    pub size: [usize; 3],
    /// Lengths of a voxel.
    pub spacing: [f32; 3],
    /// Number of echoes.
    pub echoes: usize,
    start: u64,
    big: bool,
    number: Number,
    /// Factor and addend of the numbers stored.
    scale: Option<(f32, f32)>,
}

/// The types of numbers in a file.
#[derive(Clone, Copy, Debug)]
enum Number {
    U8,
    I8,
    I16,
    U16,
    I32,
    F32,
    F64,
}

impl Number {
    fn of(code: i16) -> Option<Self> {
        Some(match code {
            2 => Self::U8,
            4 => Self::I16,
            8 => Self::I32,
            16 => Self::F32,
            64 => Self::F64,
            256 => Self::I8,
            512 => Self::U16,
            _ => return None,
        })
    }

    fn bytes(self) -> usize {
        match self {
            Self::U8 | Self::I8 => 1,
            Self::I16 | Self::U16 => 2,
            Self::I32 | Self::F32 => 4,
            Self::F64 => 8,
        }
    }

    /// From bytes, the least significant one first.
    fn value(self, b: &[u8]) -> f32 {
        match self {
            Self::U8 => f32::from(b[0]),
            Self::I8 => f32::from(i8::from_le_bytes([b[0]])),
            Self::I16 => f32::from(i16::from_le_bytes([b[0], b[1]])),
            Self::U16 => f32::from(u16::from_le_bytes([b[0], b[1]])),
            Self::I32 => i32::from_le_bytes([b[0], b[1], b[2], b[3]]) as f32,
            Self::F32 => f32::from_le_bytes([b[0], b[1], b[2], b[3]]),
            Self::F64 => {
                f64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]) as f32
            }
        }
    }
}

impl Slices {
    /// Opens an image that is not compressed.
    ///
    /// # Errors
    /// One line that names the file and what is wrong with it.
    pub fn open(path: &Path) -> Result<Self, String> {
        Self::parse(path).map_err(|e| format!("{}: {e}", path.display()))
    }

    fn parse(path: &Path) -> Result<Self, String> {
        if !path.to_string_lossy().to_lowercase().ends_with(".nii") {
            return Err("only .nii can be read by slices; unpack .nii.gz first".into());
        }
        let file = File::open(path).map_err(|e| e.to_string())?;
        let mut head = [0; HEADER];
        file.read_exact_at(&mut head, 0)
            .map_err(|_| "too short for a header".to_owned())?;
        let big = match [head[0], head[1], head[2], head[3]] {
            [92, 1, 0, 0] => false,
            [0, 0, 1, 92] => true,
            _ => return Err("no header of NIfTI-1".into()),
        };
        if &head[344..348] != b"n+1\0" {
            return Err("not one file of header and numbers".into());
        }
        let field = |number: Number, at: usize| {
            let mut b = [0; 8];
            let n = number.bytes();
            b[..n].copy_from_slice(&head[at..at + n]);
            if big {
                b[..n].reverse();
            }
            number.value(&b)
        };
        let dim = |i: usize| match field(Number::I16, 40 + 2 * i) {
            n if i as f32 <= field(Number::I16, 40) && n > 0.0 => n as usize,
            _ => 1,
        };
        if (5..8).any(|i| dim(i) != 1) {
            return Err("wanted x, y, z and echoes".into());
        }
        let code = field(Number::I16, 70) as i16;
        let number = Number::of(code).ok_or_else(|| format!("numbers of type {code}"))?;
        let (slope, addend) = (field(Number::F32, 112), field(Number::F32, 116));
        let image = Self {
            size: [1, 2, 3].map(dim),
            spacing: [1, 2, 3]
                .map(|i| field(Number::F32, 76 + 4 * i))
                .map(|s| if s > 0.0 { s } else { 1.0 }),
            echoes: dim(4),
            start: field(Number::F32, 108) as u64,
            big,
            number,
            scale: (slope != 0.0).then_some((slope, addend)),
            file,
        };
        let [nx, ny, nz] = image.size;
        let wanted = image.start + (nx * ny * nz * image.echoes * number.bytes()) as u64;
        let length = image.file.metadata().map_err(|e| e.to_string())?.len();
        if length < wanted {
            return Err(format!("{length} bytes, the header speaks of {wanted}"));
        }
        Ok(image)
    }

    /// Appends the numbers of a slice of one echo.
    fn plane(&self, echo: usize, z: usize, to: &mut Vec<f32>) -> Result<(), String> {
        let ([nx, ny, nz], size) = (self.size, self.number.bytes());
        let mut bytes = vec![0; nx * ny * size];
        let at = self.start + ((echo * nz + z) * bytes.len()) as u64;
        self.file
            .read_exact_at(&mut bytes, at)
            .map_err(|e| format!("slice {}: {e}", z + 1))?;
        to.extend(bytes.chunks_exact_mut(size).map(|b| {
            if self.big {
                b.reverse();
            }
            let v = self.number.value(b);
            self.scale.map_or(v, |(slope, addend)| v * slope + addend)
        }));
        Ok(())
    }

    /// A slice with all its echoes.
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

    /// As [`noise_threshold`](super::noise_threshold): keeps the brightest hundredth of the first echo.
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

/// A map that ranks write slice by slice, each its own.
#[derive(Debug)]
pub struct SliceWriter {
    file: File,
    voxels: usize,
}

impl SliceWriter {
    /// A file for a map in the geometry of an image; of all ranks, the first one makes it.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn create(path: &Path, like: &Slices) -> std::io::Result<()> {
        let file = File::create(path)?;
        file.write_all_at(&header(like.size, like.spacing), 0)?;
        file.set_len((HEADER + 4 * like.size.iter().product::<usize>()) as u64)
    }

    /// Opens one that was made.
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
