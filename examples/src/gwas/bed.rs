//! Genotypes with two bits each: `.bed` files, mapped into memory.

use std::fs::File;
use std::path::Path;

use memmap2::{Advice, Mmap};

use super::Mistake;
use super::scan::Genotypes;

const MAGIC: [u8; 2] = [0x6c, 0x1b];

/// A `.bed` file. Only the genotypes that are counted are read from disk.
#[derive(Debug)]
pub struct Bed {
    map: Mmap,
    stride: usize,
}

impl Bed {
    /// Opens a file with `variants` variants of `samples` samples.
    ///
    /// The file must not be modified while it is open.
    ///
    /// # Errors
    /// The file is not a PLINK file, is not ordered by variants, or has the wrong size.
    pub fn open(path: &Path, samples: usize, variants: usize) -> Result<Self, Mistake> {
        let fail = |message: String| Mistake::new(path, 0, message);
        let file = File::open(path).map_err(|e| fail(e.to_string()))?;
        let map = map(&file).map_err(|e| fail(e.to_string()))?;
        if map.len() < 3 || map[..2] != MAGIC {
            return Err(fail("not a PLINK bed file: it does not start with 6c 1b".into()));
        }
        match map[2] {
            1 => {}
            0 => {
                let text = "the file is ordered by samples: convert it with plink --make-bed";
                return Err(fail(text.into()));
            }
            other => {
                return Err(fail(format!("unknown order {other:#04x} in the third byte")));
            }
        }
        let stride = samples.div_ceil(4);
        let expected = stride.checked_mul(variants).and_then(|n| n.checked_add(3));
        if Some(map.len()) != expected {
            let complete = (map.len() - 3) / stride.max(1);
            return Err(fail(format!(
                "{} bytes instead of {} for {variants} variants of {samples} samples: {}",
                map.len(),
                expected.map_or("too many".into(), |n| n.to_string()),
                if complete < variants {
                    format!("it ends in variant {}", complete + 1)
                } else {
                    "there are more".into()
                }
            )));
        }
        Ok(Self { map, stride })
    }

    /// Tells the operating system that the genotypes of these variants will be read soon.
    pub fn will_read(&self, variants: std::ops::Range<usize>) {
        let (from, len) = (3 + variants.start * self.stride, variants.len() * self.stride);
        // This is only advice. If the system ignores it, the scan is slower.
        let _ = self.map.advise_range(Advice::WillNeed, from, len);
    }
}

#[expect(unsafe_code, reason = "another process could modify the mapped file")]
fn map(file: &File) -> std::io::Result<Mmap> {
    // SAFETY: the file is open for reading, and the documentation of `Bed::open` forbids
    // modifications while it is open. The bytes are only counted: every value is a valid genotype.
    unsafe { Mmap::map(file) }
}

impl Genotypes for Bed {
    fn variant(&mut self, index: usize) -> &[u8] {
        let start = 3 + index * self.stride;
        &self.map[start..start + self.stride]
    }
}
