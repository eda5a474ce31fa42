//! Operations of all DMs: vectors, transfers, matrices, hierarchies, coordinates, files, solvers.

use std::path::{Path, PathBuf};

use petsc_rs::dm::ColoringKind;
use petsc_rs::ksp::Tolerances;
use petsc_rs::{
    Comm, Dm, FileMode, Ksp, Object as _, Result, Scalar, ScalarExt as _, Snes, Vector, VectorType,
    Viewer, ViewerFormat,
};

use crate::dice::Dice;
use crate::vector;
use crate::world::{Lease, Operation, World, ask};
use crate::{composite, dmda, dmstag, matrix, plex};

/// The operations of this class.
pub(crate) const TABLE: &[Operation] = &[
    Operation { name: "Dm create", run: |w, d| create(w, d).map(drop) },
    Operation { name: "Dm drop", run: |w, d| w.dms.discard(d) },
    Operation {
        name: "Dm::share",
        run: |w, d| {
            let dm = any(w, d)?.share()?;
            w.dms.keep(dm);
            Ok(())
        },
    },
    Operation { name: "Dm ask", run: |w, d| ask(&mut *any(w, d)?, d) },
    Operation {
        name: "Dm prefix",
        run: |w, d| {
            let mut dm = any(w, d)?;
            if d.coin() {
                dm.set_options_prefix("attacked_")
            } else {
                dm.append_options_prefix("again_")
            }
        },
    },
    Operation {
        name: "Dm::create_global_vector",
        run: |w, d| {
            let x = any(w, d)?.create_global_vector()?;
            w.vectors.keep(x);
            Ok(())
        },
    },
    Operation {
        name: "Dm::create_local_vector",
        run: |w, d| {
            let x = any(w, d)?.create_local_vector()?;
            w.vectors.keep(x);
            Ok(())
        },
    },
    Operation {
        name: "Dm::global_vector",
        run: |w, d| {
            let dm = any(w, d)?.share()?;
            let mut x = dm.global_vector()?;
            x.set(d.scalar())?;
            w.play(d);
            x.sum().map(drop)
        },
    },
    Operation {
        name: "Dm::local_vector",
        run: |w, d| {
            let dm = any(w, d)?.share()?;
            let mut x = dm.local_vector()?;
            x.set(d.scalar())?;
            let lent = x.array()?;
            let before = vector::bits(&lent);
            w.play(d);
            assert!(vector::bits(&lent) == before, "a lent array has changed");
            Ok(())
        },
    },
    Operation {
        name: "Dm::ghosted",
        run: |w, d| {
            let dm = any(w, d)?.share()?;
            let x = global(w, d, &dm)?;
            let local = dm.ghosted(&x)?;
            w.play(d);
            local.sum().map(drop)
        },
    },
    Operation {
        name: "Dm::global_to_local",
        run: |w, d| {
            let dm = any(w, d)?;
            let (x, mut y) = (global(w, d, &dm)?, local(w, d, &dm)?);
            dm.global_to_local(&x, d.mode(), &mut y)
        },
    },
    Operation {
        name: "Dm::global_to_local_begin",
        run: |w, d| {
            let dm = any(w, d)?.share()?;
            let (x, mut y) = (global(w, d, &dm)?, local(w, d, &dm)?);
            let transfer = dm.global_to_local_begin(&x, d.mode(), &mut y)?;
            w.play(d);
            if d.coin() { transfer.finish() } else { Ok(()) }
        },
    },
    Operation {
        name: "Dm::local_to_global",
        run: |w, d| {
            let dm = any(w, d)?;
            let (x, mut y) = (local(w, d, &dm)?, global(w, d, &dm)?);
            dm.local_to_global(&x, d.mode(), &mut y)
        },
    },
    Operation {
        name: "Dm::local_to_global_begin",
        run: |w, d| {
            let dm = any(w, d)?.share()?;
            let (x, mut y) = (local(w, d, &dm)?, global(w, d, &dm)?);
            let transfer = dm.local_to_global_begin(&x, d.mode(), &mut y)?;
            w.play(d);
            if d.coin() { transfer.finish() } else { Ok(()) }
        },
    },
    Operation {
        name: "Dm::local_to_local",
        run: |w, d| {
            let dm = any(w, d)?;
            let (x, mut y) = (local(w, d, &dm)?, local(w, d, &dm)?);
            dm.local_to_local(&x, d.mode(), &mut y)
        },
    },
    Operation {
        name: "Dm::create_matrix",
        run: |w, d| {
            let a = any(w, d)?.create_matrix()?;
            w.matrices.keep(a);
            Ok(())
        },
    },
    Operation { name: "Dm::set_mat_type", run: |w, d| any(w, d)?.set_mat_type(matrix::kind(d)) },
    Operation { name: "Dm::set_vec_type", run: |w, d| any(w, d)?.set_vec_type(d.pick(VECTORS)) },
    Operation {
        name: "Dm::local_to_global_map",
        run: |w, d| {
            let map = any(w, d)?.local_to_global_map()?;
            w.maps.keep(map);
            Ok(())
        },
    },
    Operation {
        name: "Dm::refine",
        run: |w, d| {
            let fine = small(w, d)?.refine()?;
            w.dms.keep(fine);
            Ok(())
        },
    },
    Operation {
        name: "Dm::coarsen",
        run: |w, d| {
            let coarse = any(w, d)?.coarsen()?;
            w.dms.keep(coarse);
            Ok(())
        },
    },
    Operation { name: "Dm::create_interpolation", run: interpolation },
    Operation {
        name: "Dm::create_injection",
        run: |w, d| {
            let (coarse, fine) = pair(w, d)?;
            let a = coarse.create_injection(&fine)?;
            w.matrices.keep(a);
            Ok(())
        },
    },
    Operation {
        name: "Dm::create_coloring",
        run: |w, d| {
            let kind = d.pick(&[ColoringKind::Global, ColoringKind::Local]);
            let coloring = any(w, d)?.create_coloring(kind)?;
            coloring.colors()?;
            w.play(d);
            for set in coloring.index_sets()? {
                w.sets.keep(set);
            }
            Ok(())
        },
    },
    Operation {
        name: "Dm::coordinates",
        run: |w, d| {
            let dm = any(w, d)?;
            let x = if d.coin() { dm.coordinates()? } else { dm.local_coordinates()? };
            if let Some(x) = x {
                w.vectors.keep(x);
            }
            Ok(())
        },
    },
    Operation {
        name: "Dm::set_coordinates",
        run: |w, d| {
            let mut dm = any(w, d)?;
            let of = dm.coordinate_dm()?;
            let x = global(w, d, &of)?;
            dm.set_coordinates(&x)
        },
    },
    Operation {
        name: "Dm::coordinate_dm",
        run: |w, d| {
            let of = any(w, d)?.coordinate_dm()?;
            if d.chance(20) {
                w.dms.keep(of);
            }
            Ok(())
        },
    },
    Operation { name: "Dm::bounding_box", run: |w, d| any(w, d)?.bounding_box().map(drop) },
    Operation { name: "Dm view", run: view },
    Operation { name: "Dm vector file", run: vector_file },
    Operation { name: "Ksp::set_dm", run: ksp_set_dm },
    Operation { name: "Ksp::solve_in_place", run: ksp_solve },
    Operation {
        name: "Ksp::dm",
        run: |w, d| {
            if let Some(ksp) = w.ksps.find(d, |_| true) {
                let dm = ksp.dm()?;
                w.dms.keep(dm);
            }
            Ok(())
        },
    },
    Operation {
        name: "Snes::set_dm",
        run: |w, d| {
            let dm = any(w, d)?;
            let mut snes = nonlinear(w, d)?;
            snes.set_dm(&dm)
        },
    },
    Operation {
        name: "Snes::dm",
        run: |w, d| {
            let dm = nonlinear(w, d)?.dm()?;
            w.dms.keep(dm);
            Ok(())
        },
    },
    Operation { name: "Snes on a DM", run: snes_solve },
    Operation { name: "Snes drop", run: |w, d| w.sneses.discard(d) },
];

const VECTORS: &[VectorType<'static>] = &[
    VectorType::STANDARD,
    VectorType::SEQ,
    VectorType::MPI,
    VectorType::NEST,
    VectorType::new(c"shared"),
    VectorType::new(c"seqcuda"),
];

/// A DM of any type.
fn create(world: &World, dice: &mut Dice) -> Result<Lease<Dm>> {
    let dm = match dice.below(10) {
        0..5 => dmda::create(world, dice)?.into_dm(),
        5 => dmstag::create(world, dice)?.into_dm(),
        6..8 => plex::create(world, dice)?.into_dm(),
        _ => composite::create(world, dice)?,
    };
    Ok(world.dms.lease(dm))
}

/// One of the pool, mostly.
pub(crate) fn any(world: &World, dice: &mut Dice) -> Result<Lease<Dm>> {
    if dice.chance(8) {
        return create(world, dice);
    }
    match world.dms.find(dice, |_| true) {
        Some(dm) if dice.chance(30) => Ok(world.dms.lease(dm.share()?)),
        Some(dm) => Ok(dm),
        None => create(world, dice),
    }
}

/// A handle of one of this type.
pub(crate) fn named(world: &World, dice: &mut Dice, kind: &str) -> Result<Option<Dm>> {
    if dice.chance(15) {
        return Ok(None);
    }
    let found = world.dms.find(dice, |dm| dm.is_type(kind).unwrap_or(false));
    found.map(|dm| dm.share()).transpose()
}

/// A DM with more unknowns or points is not refined further.
const MANY: usize = 400;

fn small(world: &World, dice: &mut Dice) -> Result<Lease<Dm>> {
    let dm = any(world, dice)?;
    // Most points of a mesh may have no unknowns.
    let points = dm.as_plex().map_or(Ok(0), |mesh| mesh.points().map(Iterator::count))?;
    // Not in the search: it may run a callback.
    let unknowns = dm.create_global_vector()?.len()?;
    if points.max(unknowns) < MANY { Ok(dm) } else { create(world, dice) }
}

/// A global vector of the DM, or rarely another one.
pub(crate) fn global(world: &World, dice: &mut Dice, dm: &Dm) -> Result<Lease<Vector>> {
    let x = dm.create_global_vector()?;
    like(world, dice, x)
}

/// A local vector of the DM, or rarely another one.
fn local(world: &World, dice: &mut Dice, dm: &Dm) -> Result<Lease<Vector>> {
    let x = dm.create_local_vector()?;
    like(world, dice, x)
}

fn like(world: &World, dice: &mut Dice, mut x: Vector) -> Result<Lease<Vector>> {
    if dice.coin() {
        return vector::like(world, dice, &x);
    }
    x.set(dice.scalar())?;
    Ok(world.vectors.lease(x))
}

/// A coarse and a fine DM, mostly of the same hierarchy.
fn pair(world: &World, dice: &mut Dice) -> Result<(Dm, Dm)> {
    if dice.chance(15) {
        return Ok((any(world, dice)?.share()?, any(world, dice)?.share()?));
    }
    let coarse = match named(world, dice, "da")? {
        Some(dm) => dm,
        None => dmda::create(world, dice)?.into_dm(),
    };
    // A callback refines the same DM again in each call.
    let fine = if dice.coin() && coarse.create_global_vector()?.len()? < MANY {
        coarse.refine()?
    } else {
        let (coarse, fine) = (coarse.coarsen()?, coarse);
        return Ok((coarse, fine));
    };
    world.dms.keep(fine.share()?);
    Ok((coarse, fine))
}

fn interpolation(world: &World, dice: &mut Dice) -> Result<()> {
    let (coarse, fine) = pair(world, dice)?;
    let made = coarse.create_interpolation(&fine)?;
    world.matrices.keep(made.matrix);
    if let Some(scale) = made.scale {
        world.vectors.keep(scale);
    }
    Ok(())
}

/// A file that goes with the value. Its name is the same on all ranks.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new(dice: &mut Dice, ending: &str) -> Self {
        let name = format!("petsc-attack-{:016x}.{ending}", dice.seed());
        Self(std::env::temp_dir().join(name))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
        let info = self.0.with_extension("info");
        let _ = std::fs::remove_file(info);
    }
}

/// A viewer of a kind by chance that writes to a new file.
fn writer(comm: &Comm, dice: &mut Dice) -> Result<(Scratch, Viewer)> {
    let kind = dice.pick(&["txt", "bin", "bin", "vts", "vtu", "vtk", "h5"]);
    let file = Scratch::new(dice, kind);
    let viewer = match kind {
        "txt" => Viewer::ascii(comm, &file.0)?,
        "bin" => Viewer::binary(comm, &file.0, FileMode::Write)?,
        #[cfg(petsc_have_hdf5)]
        "h5" => Viewer::hdf5(comm, &file.0, FileMode::Write)?,
        _ => Viewer::vtk(comm, &file.0)?,
    };
    Ok((file, viewer))
}

/// The DM, or a vector of it, to a file.
fn view(world: &World, dice: &mut Dice) -> Result<()> {
    let dm = any(world, dice)?;
    let comm = dm.comm()?;
    let (_file, viewer) = writer(&comm, dice)?;
    if dice.coin() {
        let formats = [
            ViewerFormat::Default,
            ViewerFormat::Info,
            ViewerFormat::InfoDetail,
            ViewerFormat::Matlab,
        ];
        viewer.with_format(dice.pick(&formats), |viewer| dm.view(viewer))?;
    }
    if dice.chance(70) {
        global(world, dice, &dm)?.view(&viewer)?;
    }
    viewer.close()
}

/// A vector to a binary file, and from there to another one.
fn vector_file(world: &World, dice: &mut Dice) -> Result<()> {
    let dm = any(world, dice)?;
    let comm = dm.comm()?;
    let file = Scratch::new(dice, "bin");
    let viewer = Viewer::binary(&comm, &file.0, FileMode::Write)?;
    global(world, dice, &dm)?.view(&viewer)?;
    viewer.close()?;
    let viewer = Viewer::binary(&comm, &file.0, FileMode::Read)?;
    if dice.chance(80) {
        dm.create_global_vector()?.read(&viewer)
    } else {
        any(world, dice)?.create_global_vector()?.read(&viewer)
    }
}

fn linear(world: &World, dice: &mut Dice) -> Result<Lease<Ksp>> {
    if dice.coin() {
        if let Some(ksp) = world.ksps.find(dice, |_| true) {
            return Ok(ksp);
        }
    }
    let mut ksp = Ksp::new(&world.comm(dice))?;
    ksp.set_tolerances(Tolerances { max_iterations: 20.into(), ..Default::default() })?;
    Ok(world.ksps.lease(ksp))
}

fn ksp_set_dm(world: &World, dice: &mut Dice) -> Result<()> {
    let dm = any(world, dice)?;
    let mut ksp = linear(world, dice)?;
    ksp.set_dm(&dm)?;
    if dice.coin() {
        return ksp.set_dm_active(dice.coin());
    }
    Ok(())
}

/// A solve with operators and a right-hand side that closures make on the DM.
fn ksp_solve(world: &World, dice: &mut Dice) -> Result<()> {
    let dm = any(world, dice)?;
    let mut ksp = linear(world, dice)?;
    ksp.set_dm(&dm)?;
    let (away, seed) = (world.away(), dice.seed());
    ksp.set_compute_operators(move |ksp, a, p| {
        away.play(seed);
        ksp.dm()?;
        p.zero_entries()?;
        p.assemble()?;
        p.shift(Scalar::from_real(2.0))?;
        a.assemble()
    })?;
    ksp.set_compute_rhs(|_, b| b.set(Scalar::from_real(1.0)))?;
    drop(dm);
    ksp.solve_in_place_unchecked().map(drop)
}

fn nonlinear(world: &World, dice: &mut Dice) -> Result<Lease<Snes>> {
    if dice.chance(60) {
        if let Some(snes) = world.sneses.find(dice, |_| true) {
            return Ok(snes);
        }
    }
    Ok(world.sneses.lease(Snes::new(&world.comm(dice))?))
}

/// A solve of `u - 1 = 0` on a DM.
fn snes_solve(world: &World, dice: &mut Dice) -> Result<()> {
    let dm = any(world, dice)?.share()?;
    let mut snes = nonlinear(world, dice)?;
    snes.set_dm(&dm)?;
    let (away, seed) = (world.away(), dice.seed());
    if dice.coin() && dm.is_type("da")? {
        let dof = dm.as_dmda()?.layout()?.dof;
        dmda::residual(&mut snes, dof, away, seed)?;
    } else {
        let residual = dm.create_global_vector()?;
        snes.set_function(&residual, move |_, x, y| {
            away.play(seed);
            y.copy_from(x)?;
            y.shift(Scalar::from_real(-1.0))
        })?;
    }
    let mut x = global(world, dice, &dm)?;
    snes.solve_unchecked(None, &mut x).map(drop)
}
