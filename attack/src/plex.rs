//! Meshes (`DmPlex`): creation, topology, labels, geometry, unknowns.

use petsc_rs::dm::{BoundaryType, DmPlex};
use petsc_rs::{Int, Real, Result};

use crate::dice::Dice;
use crate::dm::{self, Scratch};
use crate::section;
use crate::world::{Operation, World};

/// The operations of this class.
pub(crate) const TABLE: &[Operation] = &[
    Operation {
        name: "DmPlex create",
        run: |w, d| {
            let mesh = create(w, d)?;
            w.dms.keep(mesh.into_dm());
            Ok(())
        },
    },
    Operation {
        name: "DmPlex::from_cells",
        run: |w, d| {
            let mesh = from_cells(w, d)?;
            w.dms.keep(mesh.into_dm());
            Ok(())
        },
    },
    Operation {
        name: "DmPlex::from_file",
        run: |w, d| {
            let mesh = from_file(w, d)?;
            w.dms.keep(mesh.into_dm());
            Ok(())
        },
    },
    Operation {
        name: "DmPlex::distribute",
        run: |w, d| {
            let mesh = any(w, d)?.distribute(d.below(3))?;
            w.dms.keep(mesh.into_dm());
            Ok(())
        },
    },
    Operation {
        name: "DmPlex::refine_uniformly",
        run: |w, d| {
            let mesh = any(w, d)?;
            if mesh.points()?.count() < 400 {
                let fine = mesh.refine_uniformly()?;
                w.dms.keep(fine.into_dm());
            }
            Ok(())
        },
    },
    Operation { name: "DmPlex topology", run: topology },
    Operation {
        name: "DmPlex::cone",
        run: |w, d| {
            let mesh = any(w, d)?;
            let point = point(d, &mesh)?;
            let (cone, support) = (mesh.cone(point)?, mesh.support(point)?);
            let before = (cone.to_vec(), support.to_vec());
            w.play(d);
            assert!((cone, support) == (&before.0, &before.1), "a cone has changed");
            Ok(())
        },
    },
    Operation { name: "DmPlex around", run: around },
    Operation { name: "DmPlex geometry", run: geometry },
    Operation { name: "DmPlex labels", run: labels },
    Operation {
        name: "DmPlex::set_label",
        run: |w, d| {
            let mut mesh = any(w, d)?;
            let n = mesh.points()?.count();
            let points = d.indices(5, n);
            let value = value(d);
            mesh.set_label(label(d), &points, value)
        },
    },
    Operation {
        name: "DmPlex::mark_boundary",
        run: |w, d| {
            let value = value(d);
            any(w, d)?.mark_boundary(label(d), value)
        },
    },
    Operation { name: "DmPlex::with_section", run: with_section },
    Operation {
        name: "DmPlex unknowns",
        run: |w, d| {
            let mesh = any(w, d)?;
            let point = point(d, &mesh)?;
            if let Some(layout) = mesh.layout()? {
                w.sections.keep(layout);
                mesh.closure_indices(point)?;
            }
            Ok(())
        },
    },
    Operation {
        name: "DmPlex shared points",
        run: |w, d| {
            let mesh = any(w, d)?;
            mesh.owners()?;
            if let Some(forest) = mesh.point_star_forest()? {
                w.forests.keep(forest);
            }
            Ok(())
        },
    },
];

/// A small mesh, often with unknowns.
pub(crate) fn create(world: &World, dice: &mut Dice) -> Result<DmPlex> {
    let mesh = match dice.below(10) {
        0 => from_cells(world, dice)?,
        1 => from_file(world, dice)?,
        2 => DmPlex::from_options(&world.comm(dice))?,
        _ => new_box(world, dice)?,
    };
    if dice.coin() {
        return Ok(mesh);
    }
    let comm = world.comm(dice);
    let section = section::filled(mesh.section(&comm)?, dice).build()?;
    mesh.with_section(&section)
}

fn new_box(world: &World, dice: &mut Dice) -> Result<DmPlex> {
    let comm = world.comm(dice);
    let dim = dice.pick(&[1, 2, 2, 2, 3]);
    let most = [8, 4, 2][dim - 1];
    let faces: Vec<usize> = (0..dim).map(|_| dice.below(most) + 1).collect();
    let mut mesh = DmPlex::box_mesh(&comm, faces).simplex(dice.coin());
    if dice.chance(20) {
        let kinds = [BoundaryType::None, BoundaryType::Periodic, BoundaryType::Ghosted];
        let boundaries: Vec<_> = (0..dim).map(|_| dice.pick(&kinds)).collect();
        mesh = mesh.boundaries(boundaries).simplex(false);
    }
    if dice.chance(30) {
        let lower: Vec<Real> = (0..dim).map(|_| dice.real()).collect();
        let upper: Vec<Real> = lower.iter().map(|x| x + 2.0).collect();
        mesh = mesh.lower(lower).upper(upper);
    }
    mesh.build()
}

/// Cells that may not fit together: corners by chance.
fn from_cells(world: &World, dice: &mut Dice) -> Result<DmPlex> {
    let comm = world.comm(dice);
    if dice.coin() {
        let vertices = [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [2.0, 0.5]];
        let cells = [[0, 1, 2], [1, 3, 2], [1, 4, 3]];
        let first = dice.below(3);
        return DmPlex::from_cells(&comm, 2, &cells[first..], &vertices);
    }
    match dice.below(6) {
        0 => by_chance::<2, 1>(&comm, dice, 1),
        1 => by_chance::<3, 2>(&comm, dice, 2),
        2 => by_chance::<4, 2>(&comm, dice, 2),
        3 => by_chance::<3, 3>(&comm, dice, 2),
        4 => by_chance::<4, 3>(&comm, dice, 3),
        _ => by_chance::<8, 3>(&comm, dice, 3),
    }
}

fn by_chance<const CORNERS: usize, const SPACE: usize>(
    comm: &petsc_rs::Comm,
    dice: &mut Dice,
    dim: usize,
) -> Result<DmPlex> {
    let n = CORNERS + dice.below(4);
    let vertices: Vec<[Real; SPACE]> =
        (0..n).map(|_| std::array::from_fn(|_| dice.real())).collect();
    let wild = dice.chance(10);
    let cells: Vec<[Int; CORNERS]> = (0..dice.below(3))
        .map(|_| {
            let first = dice.below(n);
            let corner = |i| Int::try_from((first + i) % n).unwrap_or(0);
            std::array::from_fn(|i| if wild { dice.index(n) } else { corner(i) })
        })
        .collect();
    DmPlex::from_cells(comm, dim, &cells, &vertices)
}

const GMSH: &str = "$MeshFormat\n2.2 0 8\n$EndMeshFormat\n$Nodes\n4\n1 0 0 0\n2 1 0 0\n3 1 1 0\n4 0 1 0\n$EndNodes\n\
    $Elements\n4\n1 1 2 5 1 1 2\n2 1 2 5 1 2 3\n3 2 2 7 1 1 2 3\n4 2 2 8 1 1 3 4\n$EndElements\n";

/// A file of Gmsh, mostly whole.
fn from_file(world: &World, dice: &mut Dice) -> Result<DmPlex> {
    let comm = world.comm(dice);
    let file = Scratch::new(dice, "msh");
    let mut text = GMSH.as_bytes().to_vec();
    while dice.chance(20) {
        let at = dice.below(text.len());
        text[at] = dice.pick(b"0123456789 -.\n$");
    }
    std::fs::write(file.path(), text)
        .map_err(|error| petsc_rs::Error::new(petsc_rs::ErrorCode::FILE_OPEN, error.to_string()))?;
    DmPlex::from_file(&comm, file.path())
}

fn any(world: &World, dice: &mut Dice) -> Result<DmPlex> {
    match dm::named(world, dice, "plex")? {
        Some(mesh) => mesh.into_plex(),
        None => {
            let mesh = create(world, dice)?.into_dm();
            world.dms.keep(mesh.share()?);
            mesh.into_plex()
        }
    }
}

fn point(dice: &mut Dice, mesh: &DmPlex) -> Result<Int> {
    Ok(dice.index(mesh.points()?.count()))
}

fn label(dice: &mut Dice) -> &'static str {
    dice.pick(&["marker", "mine", "mine", "other", "depth", "celltype", ""])
}

fn value(dice: &mut Dice) -> Int {
    dice.pick(&[0, 1, 1, 2, 7, -1, -2, Int::MAX])
}

fn topology(world: &World, dice: &mut Dice) -> Result<()> {
    let mesh = any(world, dice)?;
    match dice.below(9) {
        0 => mesh.depth().map(drop),
        1 => mesh.points_of_depth(dice.below(5)).map(drop),
        2 => mesh.points_of_height(dice.below(5)).map(drop),
        3 => mesh.cells().map(drop),
        4 => mesh.faces().map(drop),
        5 => mesh.vertices().map(drop),
        6 => mesh.overlap().map(drop),
        7 => mesh.coordinate_dimension().map(drop),
        _ => mesh.check(),
    }
}

fn around(world: &World, dice: &mut Dice) -> Result<()> {
    let mesh = any(world, dice)?;
    let point = point(dice, &mesh)?;
    match dice.below(4) {
        0 => mesh.closure(point).map(drop),
        1 => mesh.star(point).map(drop),
        2 => mesh.cone_orientation(point).map(drop),
        _ => mesh.cell_type(point).map(drop),
    }
}

fn geometry(world: &World, dice: &mut Dice) -> Result<()> {
    let mesh = any(world, dice)?;
    let point = if dice.coin() { dice.index(mesh.cells()?.count()) } else { point(dice, &mesh)? };
    match dice.below(4) {
        0 => mesh.geometry(point).map(drop),
        1 => mesh.affine_map(point).map(drop),
        2 => mesh.cell_coordinates(point).map(drop),
        _ => mesh.is_periodic().map(drop),
    }
}

fn labels(world: &World, dice: &mut Dice) -> Result<()> {
    let mesh = any(world, dice)?;
    let name = label(dice);
    match dice.below(5) {
        0 => mesh.labels().map(drop),
        1 => mesh.has_label(name).map(drop),
        2 => {
            let point = point(dice, &mesh)?;
            mesh.label_value(name, point).map(drop)
        }
        3 => mesh.points_with_label(name, value(dice)).map(drop),
        _ => mesh.label_values(name).map(drop),
    }
}

fn with_section(world: &World, dice: &mut Dice) -> Result<()> {
    let mesh = any(world, dice)?;
    let other = if dice.chance(10) { world.sections.find(dice, |_| true) } else { None };
    let section = match other {
        Some(section) => section.share()?,
        None => section::filled(mesh.section(&world.comm(dice))?, dice).build()?,
    };
    let made = mesh.with_section(&section)?;
    world.sections.keep(section);
    world.dms.keep(made.into_dm());
    Ok(())
}
