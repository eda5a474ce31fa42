//! Files that all ranks write together.

use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, Seek as _, SeekFrom, Write};
use std::path::Path;

use mpi::traits::CommunicatorCollectives;
use petsc_rs::{Comm, Result};

use super::bim::Variant;
use super::phenotype::Status;
use super::scan::Genotypes as _;
use super::simulate::Simulation;
use crate::app::agree;
use crate::mpi_basics::chunk;

/// Writes the heading and then the text of each rank, in the order of the ranks. Collective.
///
/// # Errors
/// A file that cannot be written, on any rank.
pub fn write_table(comm: &Comm, path: &Path, heading: &str, own: &str) -> Result<()> {
    let mut lengths = vec![0_u64; comm.size() as usize];
    let length = own.len() as u64;
    comm.mpi().all_gather_into(&length, &mut lengths[..]);
    let before: u64 = lengths[..comm.rank() as usize].iter().sum();
    create(comm, path, heading)?;
    write_at(comm, path, heading.len() as u64 + before, |file| file.write_all(own.as_bytes()))
}

/// Rank 0 creates the file with its heading; the other ranks open it afterwards.
fn create(comm: &Comm, path: &Path, beginning: impl AsRef<[u8]>) -> Result<()> {
    let made = if comm.rank() == 0 {
        File::create(path).and_then(|mut file| file.write_all(beginning.as_ref()))
    } else {
        Ok(())
    };
    agree(comm, made.map_err(|e| format!("{}: {e}", path.display())))
}

fn write_at(
    comm: &Comm,
    path: &Path,
    offset: u64,
    body: impl FnOnce(&mut BufWriter<File>) -> std::io::Result<()>,
) -> Result<()> {
    let write = || {
        let mut file = OpenOptions::new().write(true).open(path)?;
        file.seek(SeekFrom::Start(offset))?;
        let mut file = BufWriter::with_capacity(1 << 20, file);
        body(&mut file)?;
        file.flush()
    };
    agree(comm, write().map_err(|e| format!("{}: {e}", path.display())))
}

/// Writes simulated genotypes as `.bed`, `.bim` and `.fam` files. Collective.
///
/// # Errors
/// A file that cannot be written, on any rank.
pub fn save_plink(
    comm: &Comm,
    prefix: &Path,
    simulation: &Simulation,
    variants: usize,
    status: &[Status],
) -> Result<()> {
    let file = |extension: &str| {
        let mut name = prefix.as_os_str().to_owned();
        name.push(extension);
        std::path::PathBuf::from(name)
    };
    if let (0, Some(folder)) = (comm.rank(), prefix.parent()) {
        // If the directory cannot be created, creating the file fails with the reason.
        let _ = fs::create_dir_all(folder);
    }
    let fam: String = status
        .iter()
        .enumerate()
        .map(|(i, status)| {
            let code = match status {
                Status::Case => 2,
                Status::Control => 1,
                Status::Missing => -9,
            };
            format!("sample{0} sample{0} 0 0 0 {code}\n", i + 1)
        })
        .collect();
    create(comm, &file(".fam"), fam)?;
    let own = chunk(variants, comm.size() as usize, comm.rank() as usize);
    let lines: String = own.clone().map(|j| line(&simulation.variant_info(j))).collect();
    write_table(comm, &file(".bim"), "", &lines)?;
    let bed = file(".bed");
    create(comm, &bed, [0x6c, 0x1b, 1])?;
    let mut simulation = simulation.clone();
    let offset = 3 + own.start as u64 * simulation.stride() as u64;
    write_at(comm, &bed, offset, |file| {
        own.into_iter().try_for_each(|j| file.write_all(simulation.variant(j)))
    })
}

fn line(v: &Variant<'_>) -> String {
    format!("{}\t{}\t0\t{}\t{}\t{}\n", v.chromosome, v.id, v.position, v.first, v.second)
}
