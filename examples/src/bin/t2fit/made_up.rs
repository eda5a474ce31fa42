//! A synthetic volume, for measurements of speed and errors.

use std::time::Instant;

use mpi::collective::SystemOperation;
use mpi::traits::CommunicatorCollectives;
use petsc_rs::prelude::*;
use workshop::app::input_error;
use workshop::relaxometry::{Flag, Maps, Synthetic, fit};

use crate::TIMES;
use crate::args::{Args, settings};
use crate::progress::{bar, speed};

pub(crate) fn synthetic(petsc: &Petsc, args: &Args, size: &[usize]) -> Result<()> {
    let &[nx, ny, nz] = size else {
        return Err(input_error("--synthetic needs three sizes"));
    };
    if nx == 0 || ny == 0 || nz == 0 {
        return Err(input_error("--synthetic needs positive sizes"));
    }
    let settings = settings(args, TIMES.to_vec());
    let comm = petsc.world();
    let voxels = nx * ny;
    let list: Vec<usize> = (0..voxels).collect();
    let progress = bar(petsc, voxels * nz / comm.size() as usize);
    let (mut seconds, mut sums) = (0.0, [0.0; 3]);
    // One slice at a time, so that the memory does not depend on the number of slices.
    for number in (comm.rank() as usize..nz).step_by(comm.size() as usize) {
        let slice = Synthetic::slice(&settings.times, voxels, number, args.noise);
        let mut maps = Maps::new(settings.model, voxels);
        let started = Instant::now();
        fit(petsc.self_comm(), &slice, &list, &settings, &mut maps, |n| progress.inc(n as u64))?;
        seconds += started.elapsed().as_secs_f64();
        for (v, t2) in slice.t2.iter().enumerate() {
            if maps.flags[v] == Flag::Fitted as u8 {
                let error = maps.parameters[1][v] - t2;
                sums[0] += 1.0;
                sums[1] += (error / t2).abs();
                // The fraction of voxels whose exact value is within one standard error; 68 % for
                // correct standard errors.
                sums[2] += f64::from(u8::from(error.abs() <= maps.errors[1][v]));
            }
        }
    }
    progress.finish_and_clear();
    let mut total = [0.0; 3];
    comm.mpi().all_reduce_into(&sums[..], &mut total[..], SystemOperation::sum());
    petsc.print(format_args!(
        "{nx} x {ny} x {nz} voxels: {} fitted, mean error of T2 {:.2} %, truth within one standard error for {:.1} %\n",
        total[0],
        100.0 * total[1] / total[0],
        100.0 * total[2] / total[0]
    ))?;
    speed(petsc, voxels * nz, seconds)
}
