//! The curve fit of the workshop.

use petsc_rs::prelude::*;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng as _, SeedableRng as _};
use workshop::relaxometry::Workshop;

use crate::TIMES;
use crate::args::Args;

pub(crate) fn workshop(petsc: &Petsc, args: &Args) -> Result<()> {
    let (amplitude, t2) = (1.0, 85.0);
    let mut random = Xoshiro256PlusPlus::seed_from_u64(7);
    let mut normal = || {
        (0..12).map(|_| (random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64).sum::<f64>() - 6.0
    };
    let curve = Workshop {
        times: TIMES.to_vec(),
        signal: TIMES.iter().map(|t| amplitude * (-t / t2).exp() + args.noise * normal()).collect(),
    };
    let (a, fitted, converged) = curve.fit(petsc.world())?;
    petsc.print(format_args!(
        "--- TAO MRI T2 fit ---\n\
         True parameters: amplitude = {amplitude:.3}, T2 = {t2:.3} ms\n\
         Estimated parameters: amplitude = {a:.3}, T2 = {fitted:.3} ms\n\
         Final objective value: {:.3e}\n\
         {converged}\n",
        converged.objective
    ))
}
