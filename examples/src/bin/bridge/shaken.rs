//! Response to ground motion.

use std::fmt::Write as _;
use std::path::Path;

use petsc_rs::prelude::*;
use workshop::app::agree;
use workshop::digits::significant;
use workshop::picture::{Curve, draw_curves};
use workshop::structure::{self, Accelerogram, Mode, Participation, Problem, Ratio};

use super::{Args, report};

/// Prints the participation of the modes and the response to ground motion.
pub(super) fn report(petsc: &Petsc, args: &Args, problem: &Problem, modes: &[Mode]) -> Result<()> {
    let shares = structure::participation(problem, modes, args.direction)?;
    table(petsc, modes, &shares)?;
    let Some(path) = &args.ground else {
        return Ok(());
    };
    let ground = Accelerogram::read(petsc.world(), path)?;
    let answer = structure::respond(modes, &shares, &ground, Ratio::Same(args.ratio))?;
    let Some(strongest) = shares.strongest() else {
        return Ok(());
    };
    let unknown = structure::most_moved(&modes[strongest])?;
    let displacement = answer.at(modes, unknown)?;
    let force = answer.base_force();
    let ((i, largest), (j, strength)) = (structure::peak(&displacement), structure::peak(&force));
    let rows = [
        (
            "ground",
            format!(
                "{} accelerations in {} s, up to {:.3} m/s²; all modes are damped by {}",
                ground.times.len(),
                ground.times[ground.times.len() - 1] - ground.times[0],
                ground.peak(),
                args.ratio
            ),
        ),
        (
            "displacement",
            format!(
                "{largest:.6e} m after {:.3} s at unknown {unknown}, mainly in mode {}",
                ground.times[i] - ground.times[0],
                strongest + 1
            ),
        ),
        (
            "force on the base",
            format!("{strength:.6e} N after {:.3} s", ground.times[j] - ground.times[0]),
        ),
    ];
    petsc.print(format_args!("\n"))?;
    for (key, value) in rows {
        petsc.print(format_args!("{key:>20}  {value}\n"))?;
    }
    match &args.out {
        None => Ok(()),
        Some(out) => write(petsc, out, &ground, (&displacement, &force)),
    }
}

fn table(petsc: &Petsc, modes: &[Mode], shares: &Participation) -> Result<()> {
    petsc.print(format_args!(
        "\n{:>4} {:>14} {:>14} {:>16} {:>8} {:>8}\n",
        "mode", "frequency Hz", "factor sqrt kg", "effective kg", "share", "sum"
    ))?;
    let mut sum = 0.0;
    for (i, (mode, share)) in modes.iter().zip(&shares.shares).enumerate() {
        sum += share.mass;
        petsc.print(format_args!(
            "{:>4} {:>14} {:>14.4} {:>16.4} {:>8.4} {:>8.4}\n",
            i + 1,
            significant(mode.frequency, 9),
            share.factor.modulus(),
            share.mass,
            share.mass / shares.total,
            sum / shares.total
        ))?;
    }
    petsc.print(format_args!(
        "{:>20}  {:.4} of {:.4} kg of the mass in this direction\n",
        "modes have", sum, shares.total
    ))
}

fn write(
    petsc: &Petsc,
    out: &Path,
    ground: &Accelerogram,
    (displacement, force): (&[f64], &[f64]),
) -> Result<()> {
    let mut text = String::from("time,ground,displacement,force\n");
    let columns = ground.accelerations.iter().zip(displacement).zip(force);
    for (time, ((ground, displacement), force)) in ground.times.iter().zip(columns) {
        writeln!(text, "{time},{ground:e},{displacement:.12e},{force:.12e}")
            .map_err(|e| e.to_string())?;
    }
    report::write(petsc, out, "response.csv", &text)?;
    let mut outcome = Ok(());
    if petsc.world().rank() == 0 {
        let points: Vec<(f64, f64)> =
            ground.times.iter().copied().zip(displacement.iter().copied()).collect();
        let curve = Curve { name: "displacement".into(), points: &points };
        let title = "Displacement against the ground";
        let path = out.join("response.png");
        outcome = draw_curves(&path, &[curve], title, ("time in s", "in m"))
            .map_err(|e| format!("{}: {e}", path.display()));
    }
    agree(petsc.world(), outcome)
}
