//! Spectral transformations.

use petsc_rs::matrix::Structure;
use petsc_rs::{Ksp, KspType, PcType, Result};
use slepc_rs::st::MatMode;
use slepc_rs::{St, StType};

use crate::dice::Dice;
use crate::eps;
use crate::solvers::{self, Interruption};
use crate::world::{Lease, Operation, World, ask};

pub(crate) const TYPES: &[StType<'static>] = &[
    StType::SHIFT,
    StType::SHIFT,
    StType::SINVERT,
    StType::CAYLEY,
    StType::PRECOND,
    StType::FILTER,
    StType::SHELL,
];

/// The operations of this class.
pub(crate) const TABLE: &[Operation] = &[
    Operation { name: "St create", run: |w, d| create(w, d).map(drop) },
    Operation { name: "St drop", run: |w, d| w.transformations.discard(d) },
    Operation {
        name: "St::share",
        run: |w, d| {
            let st = any(w, d)?.share()?;
            w.transformations.keep(st);
            Ok(())
        },
    },
    Operation { name: "St ask", run: |w, d| ask(&mut *any(w, d)?, d) },
    Operation { name: "St::set_type", run: |w, d| any(w, d)?.set_type(d.pick(TYPES)) },
    Operation { name: "St::set_from_options", run: |w, d| any(w, d)?.set_from_options() },
    Operation { name: "St settings", run: settings },
    Operation { name: "St answers", run: answers },
    Operation {
        name: "St::ksp",
        run: |w, d| {
            let ksp = any(w, d)?.ksp()?;
            w.ksps.keep(ksp);
            Ok(())
        },
    },
    Operation {
        name: "St::ksp type",
        run: |w, d| {
            let mut ksp = any(w, d)?.ksp()?;
            ksp.set_type(d.pick(&[KspType::PREONLY, KspType::GMRES, KspType::BCGS]))?;
            ksp.pc()?.set_type(d.pick(&[
                PcType::LU,
                PcType::JACOBI,
                PcType::CHOLESKY,
                PcType::NONE,
            ]))?;
            w.ksps.keep(ksp);
            Ok(())
        },
    },
    Operation {
        name: "St::set_ksp",
        run: |w, d| {
            let mut st = any(w, d)?;
            let ksp = match w.ksps.find(d, |_| true) {
                Some(ksp) => ksp,
                None => w.ksps.lease(Ksp::new(&w.comm(d))?),
            };
            st.set_ksp(&ksp)
        },
    },
    Operation {
        name: "St::set_preconditioner_matrix",
        run: |w, d| {
            let mut st = any(w, d)?;
            if d.chance(20) {
                return st.set_preconditioner_matrix(None);
            }
            let p = solvers::operator(w, d)?;
            st.set_preconditioner_matrix(Some(&p))
        },
    },
    Operation { name: "St shell", run: shell },
    Operation { name: "St filter", run: filter },
];

fn create(world: &World, dice: &mut Dice) -> Result<Lease<St>> {
    if dice.chance(70) {
        let st = eps::any(world, dice)?.st()?;
        return Ok(world.transformations.lease(st));
    }
    let mut st = St::new(&world.comm(dice))?;
    if dice.chance(70) {
        st.set_type(dice.pick(TYPES))?;
    }
    Ok(world.transformations.lease(st))
}

pub(crate) fn any(world: &World, dice: &mut Dice) -> Result<Lease<St>> {
    if dice.chance(20) {
        return create(world, dice);
    }
    match world.transformations.find(dice, |_| true) {
        Some(st) => Ok(st),
        None => create(world, dice),
    }
}

/// Mostly one of a type.
fn of_type(world: &World, dice: &mut Dice, kind: StType<'static>) -> Result<Lease<St>> {
    let mut st = any(world, dice)?;
    if dice.chance(85) {
        st.set_type(kind)?;
    }
    Ok(st)
}

fn settings(world: &World, dice: &mut Dice) -> Result<()> {
    match dice.below(6) {
        0 => of_type(world, dice, StType::CAYLEY)?.set_cayley_antishift(dice.scalar()),
        1 => any(world, dice)?.set_transform(dice.coin()),
        2 => any(world, dice)?.set_mat_mode(dice.pick(&[
            MatMode::Copy,
            MatMode::InPlace,
            MatMode::Shell,
        ])),
        3 => any(world, dice)?.set_mat_structure(dice.pick(&[
            Structure::Unknown,
            Structure::Subset,
            Structure::Different,
        ])),
        _ => any(world, dice)?.set_shift(dice.scalar()),
    }
}

fn answers(world: &World, dice: &mut Dice) -> Result<()> {
    let st = any(world, dice)?;
    st.shift()?;
    st.transform()?;
    st.mat_mode()?;
    if dice.chance(20) {
        st.cayley_antishift()?;
        st.precond_ksp_has_matrix()?;
    }
    Ok(())
}

fn shell(world: &World, dice: &mut Dice) -> Result<()> {
    let mut st = of_type(world, dice, StType::SHELL)?;
    let now = Interruption::new(world, dice);
    match dice.below(4) {
        0 => st.set_shell_apply_transpose(move |x, y| {
            now.happen()?;
            y.copy_from(x)
        }),
        1 => st.set_shell_back_transform(move |value| {
            now.happen()?;
            Ok(value * 2.0)
        }),
        _ => st.set_shell_apply(move |x, y| {
            now.happen()?;
            y.copy_from(x)
        }),
    }
}

fn filter(world: &World, dice: &mut Dice) -> Result<()> {
    let mut st = of_type(world, dice, StType::FILTER)?;
    let start = dice.real();
    match dice.below(4) {
        0 => st.set_filter_interval(start, start + 1.0),
        1 => st.set_filter_range(start - 2.0, start + 5.0),
        2 => st.set_filter_degree(dice.below(60)),
        _ => {
            st.filter_interval()?;
            st.filter_range()?;
            st.filter_degree().map(drop)
        }
    }
}
