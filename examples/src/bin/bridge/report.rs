//! The printed report and the files.

use std::fs;
use std::path::Path;
use std::time::Instant;

use petsc_rs::prelude::*;
use slepc_rs::eps::Converged;
use workshop::app::agree;
use workshop::digits::significant;
use workshop::picture::Format;
use workshop::structure::{self, Exact, Modes, Problem, Sheet, Slice};

use super::{Args, Deck};

pub(super) fn summary(
    petsc: &Petsc,
    args: &Args,
    (deck, problem): (&Deck, &Problem),
    modes: &Modes,
    started: Instant,
) -> Result<()> {
    let grid = format!("{} m x {} m on {} x {} points", args.length, args.width, args.nx, args.ny);
    let name = match (deck, &args.stiffness, &args.mass) {
        (Deck::Plate(plate), ..) => format!(
            "plate of {grid}, {} m thick, E {:.0} GPa, nu {}, {} kg/m³, edges {}",
            plate.thickness,
            plate.material.young / 1e9,
            plate.material.poisson,
            plate.material.density,
            plate.edges
        ),
        (_, None, _) => format!("membrane of {grid}"),
        (_, Some(k), None) => format!("{}, mass 1", k.display()),
        (_, Some(k), Some(m)) => format!("{}, {}", k.display(), m.display()),
    };
    let mut rows = vec![("structure", name), ("unknowns", problem.unknowns()?.to_string())];
    if modes.massless > 0 {
        let text = "unknowns have no mass: the mass matrix is singular, and their infinite frequencies \
                    are not computed";
        rows.push(("note", format!("{} {text}", modes.massless)));
    }
    if problem.shift < 0.0 {
        let text = "target omega² =";
        rows.push(("shift", format!("{text} {:.3e} 1/s²", problem.shift)));
    }
    if !modes.symmetric {
        let text = "the matrices are not symmetric: solved as an unsymmetric problem";
        rows.push(("note", text.into()));
    }
    let [eps, st, ksp, pc] = &modes.method;
    rows.push(("solver", format!("{eps} + {st}, {ksp} + {pc}")));
    rows.push(("found", found(modes)));
    let unstable = modes.modes.iter().filter(|m| m.buckles()).count();
    if unstable > 0 {
        let text = "negative omega²: the stiffness matrix is indefinite, and the structure buckles";
        rows.push(("note", format!("{unstable} modes have a {text}")));
    } else if modes.symmetric && !problem.has_positive_diagonal()? {
        let text = "the stiffness matrix is indefinite, and the structure buckles in modes that are not listed";
        rows.push(("note", text.into()));
    }
    rows.push((
        "ranks, time",
        format!("{}, {:.2} s", petsc.world().size(), started.elapsed().as_secs_f64()),
    ));
    for (key, value) in rows {
        petsc.print(format_args!("{key:>20}  {value}\n"))?;
    }
    Ok(())
}

/// Returns the accuracy of the modes, instead of the converged reason of the solver.
fn found(modes: &Modes) -> String {
    let resolved = modes.modes.iter().filter(|m| !m.rigid);
    let worst = resolved.fold(0.0_f64, |worst, mode| worst.max(mode.error));
    let Converged { pairs, iterations, .. } = modes.converged;
    let count = format!("{pairs} eigenpairs after {iterations} iterations");
    match worst {
        0.0..1e-3 => format!("{count}, relative errors of omega² up to {worst:.1e}"),
        _ => format!(
            "{count}: INACCURATE, relative errors of omega² up to {worst:.1e}; the matrices have entries of very \
             different sizes, or -eps_tol and -st_ksp_rtol are too large"
        ),
    }
}

/// Prints whether all modes in an interval were computed.
pub(super) fn count(petsc: &Petsc, (from, to): (f64, f64), slice: &Slice) -> Result<()> {
    let (below, up_to) = slice.below;
    let found = slice.modes.modes.len();
    if slice.ends.0 <= 0.0 && below > 0 {
        petsc.print(format_args!(
            "{:>20}  {below} modes have a negative omega²: the stiffness matrix is indefinite, and the structure buckles\n",
            "note"
        ))?;
    }
    petsc.print(format_args!(
        "{:>20}  {} modes below {from} Hz and {} below {to} Hz, by the inertia of K - omega²·M: {} between\n",
        "counted",
        below,
        up_to,
        up_to - below
    ))?;
    petsc.print(format_args!(
        "{:>20}  {found} modes, with {} factorizations: none is missing\n",
        "found", slice.cuts
    ))
}

/// Prints each mode of the deck with its exact value.
pub(super) fn beside_exact(petsc: &Petsc, exact: &[Exact], modes: &Modes) -> Result<()> {
    petsc.print(format_args!(
        "\n{:>4} {:>7} {:>20} {:>14} {:>12} {:>12} {:>12}\n",
        "mode", "waves", "omega² 1/s²", "frequency Hz", "error", "to exact", "to continuum"
    ))?;
    for (i, (mode, exact)) in modes.modes.iter().zip(exact).enumerate() {
        petsc.print(format_args!(
            "{:>4} {:>7} {:>20} {:>14} {:>12.1e} {:>12.1e} {:>12.1e}\n",
            i + 1,
            format!("{} x {}", exact.p, exact.q),
            significant(mode.eigenvalue, 12),
            significant(mode.frequency, 9),
            mode.error,
            (mode.eigenvalue - exact.discrete).abs() / exact.discrete,
            (mode.eigenvalue - exact.continuum).abs() / exact.continuum,
        ))?;
    }
    Ok(())
}

/// Prints damped modes.
pub(super) fn damped(
    petsc: &Petsc,
    (problem, damping): (&Problem, &Matrix),
    nev: usize,
    out: Option<&Path>,
) -> Result<()> {
    let (modes, converged) = structure::solve_damped(petsc.world(), problem, damping, nev)?;
    petsc.print(format_args!(
        "{:>20}  {}\n{:>20}  {converged}\n\n",
        "unknowns",
        problem.unknowns()?,
        "found"
    ))?;
    petsc.print(format_args!(
        "{:>4} {:>16} {:>16} {:>14} {:>10} {:>10}\n",
        "mode", "Re lambda 1/s", "Im lambda 1/s", "frequency Hz", "damping", "backward"
    ))?;
    for (i, mode) in modes.iter().enumerate() {
        petsc.print(format_args!(
            "{:>4} {:>16} {:>16} {:>14} {:>10} {:>10.1e}\n",
            i + 1,
            significant(mode.value.re, 8),
            significant(mode.value.im, 8),
            significant(mode.frequency, 8),
            significant(mode.ratio, 5),
            mode.error
        ))?;
    }
    let Some(out) = out else {
        return Ok(());
    };
    let mut text = String::from("mode,real,imaginary,frequency,ratio,error\n");
    for (i, mode) in modes.iter().enumerate() {
        let (value, hz, ratio) = (mode.value, mode.frequency, mode.ratio);
        let error = mode.error;
        text += &format!(
            "{},{:.15e},{:.15e},{hz:.15e},{ratio:.15e},{error:.3e}\n",
            i + 1,
            value.re,
            value.im
        );
    }
    write(petsc, out, "modes.csv", &text)
}

/// Prints the modes; for a plate, with the frequency parameter `ω·a²·√(ρh/D)` of the literature.
pub(super) fn table(petsc: &Petsc, deck: &Deck, modes: &Modes) -> Result<()> {
    let plate = match deck {
        Deck::Plate(plate) => Some(plate),
        _ => None,
    };
    petsc.print(format_args!(
        "\n{:>4} {:>20} {:>14} {:>12}{}\n",
        "mode",
        "omega² 1/s²",
        "frequency Hz",
        "error",
        plate.map_or("", |_| "  omega·a²·sqrt(rho·h/D)")
    ))?;
    for (i, mode) in modes.modes.iter().enumerate() {
        let number = i + 1;
        if mode.rigid {
            let text = "moves without bending";
            petsc.print(format_args!("{number:>4} {:>20} {:>14}  {text}\n", 0, 0))?;
            continue;
        }
        let value = significant(mode.eigenvalue, 10);
        if mode.buckles() {
            let time = significant((-mode.eigenvalue).sqrt().recip(), 6);
            let (none, error) = ("-", mode.error);
            petsc.print(format_args!(
                "{number:>4} {value:>20} {none:>14} {error:>12.1e}  buckles: grows by a factor of e in {time} s\n"
            ))?;
            continue;
        }
        let hertz = significant(mode.frequency, 9);
        petsc.print(format_args!("{number:>4} {value:>20} {hertz:>14} {:>12.1e}", mode.error))?;
        if let Some(plate) = plate {
            petsc.print(format_args!("  {:>22.5}", plate.parameter(mode.frequency)))?;
        }
        if mode.imaginary != 0.0 {
            petsc.print(format_args!("  complex, imaginary part {:.3e}", mode.imaginary))?;
        }
        petsc.print(format_args!("\n"))?;
    }
    Ok(())
}

pub(super) fn write_modes(petsc: &Petsc, out: &Path, modes: &Modes) -> Result<()> {
    let mut text = String::from("mode,omega2,frequency,error\n");
    for (i, mode) in modes.modes.iter().enumerate() {
        let (value, hz, error) = (mode.eigenvalue, mode.frequency, mode.error);
        text += &format!("{},{value:.15e},{hz:.15e},{error:.3e}\n", i + 1);
    }
    write(petsc, out, "modes.csv", &text)
}

pub(super) fn write_shapes(
    petsc: &Petsc,
    (out, formats): (&Path, &[Format]),
    sheet: &Sheet,
    modes: &Modes,
) -> Result<()> {
    let comm = petsc.world();
    let files = structure::write_shapes(comm, out, sheet, &modes.modes, formats)?;
    petsc.print(format_args!(
        "{:>20}  {files} figures of mode shapes in {}\n",
        "written",
        out.display()
    ))?;
    if Scalar::IS_COMPLEX && formats.contains(&Format::Vtk) {
        petsc.print(format_args!(
            "{:>20}  VTK files of mode shapes need a PETSc with real scalars\n",
            "not written"
        ))?;
    }
    Ok(())
}

/// Writes a file on the first rank.
pub(super) fn write(petsc: &Petsc, out: &Path, name: &str, text: &str) -> Result<()> {
    let mut outcome = Ok(());
    if petsc.world().rank() == 0 {
        outcome = fs::create_dir_all(out).and_then(|()| fs::write(out.join(name), text));
    }
    agree(petsc.world(), outcome.map_err(|e| format!("{}: {e}", out.join(name).display())))?;
    petsc.print(format_args!("{:>20}  {name} in {}\n", "written", out.display()))
}
