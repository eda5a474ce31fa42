//! Damaged files of meshes give an error on all ranks, and C does not see them.

use std::fs;
use std::path::Path;

use crate::damaged_files::{Dice, mutations};
use crate::options::shared_dir;
use petsc_rs::ErrorCode;
use petsc_rs::dm::DmPlex;
use petsc_rs::prelude::*;
use petsc_test::assert_error;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Encoding {
    Text,
    Big,
    Little,
}

/// Writes words, and numbers as the encoding has them.
struct Writer {
    bytes: Vec<u8>,
    encoding: Encoding,
    /// Sizes have eight bytes.
    wide: bool,
}

impl Writer {
    fn words(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
    }

    fn number<const N: usize>(&mut self, text: &str, big: [u8; N]) {
        let mut bytes = big;
        match self.encoding {
            Encoding::Text => return self.words(&format!("{text} ")),
            Encoding::Big => {}
            Encoding::Little => bytes.reverse(),
        }
        self.bytes.extend_from_slice(&bytes);
    }

    fn ints(&mut self, values: &[i32]) {
        for value in values {
            self.number(&value.to_string(), value.to_be_bytes());
        }
    }

    fn sizes(&mut self, values: &[i32]) {
        for value in values {
            if self.wide {
                self.number(&value.to_string(), i64::from(*value).to_be_bytes());
            } else {
                self.ints(&[*value]);
            }
        }
    }

    fn reals(&mut self, values: &[f64]) {
        for value in values {
            self.number(&value.to_string(), value.to_be_bytes());
        }
    }

    fn floats(&mut self, values: &[f32]) {
        for value in values {
            self.number(&value.to_string(), value.to_be_bytes());
        }
    }
}

/// A version of Gmsh's format, and what a damaged file says.
#[derive(Clone, Copy, Debug)]
struct Mesh {
    version: &'static str,
    encoding: Encoding,
    /// Bytes of sizes in version 4.1.
    size: usize,
    nodes: i32,
    corner: i32,
    last: i32,
    tags: i32,
    kind: i32,
    entity: i32,
    elements: i32,
}

impl Mesh {
    fn new(version: &'static str, encoding: Encoding, size: usize) -> Self {
        Self {
            version,
            encoding,
            size,
            nodes: 4,
            corner: 4,
            last: 4,
            tags: 1,
            kind: 2,
            entity: 1,
            elements: 3,
        }
    }

    fn all() -> impl Iterator<Item = Self> {
        use Encoding::{Big, Little, Text};
        let versions = [("2.2", 8), ("4", 8), ("4.1", 8), ("4.1", 4)];
        let encodings = [Text, Little, Big];
        versions.into_iter().flat_map(move |(version, size)| {
            encodings.map(|encoding| Self::new(version, encoding, size))
        })
    }

    /// A rectangle of two triangles, with a physical line below.
    fn write(&self) -> Vec<u8> {
        let mut w = Writer {
            bytes: Vec::new(),
            encoding: self.encoding,
            wide: self.version != "4.1" || self.size == 8,
        };
        let binary = i32::from(self.encoding != Encoding::Text);
        w.words(&format!("$MeshFormat\n{} {binary} {}\n", self.version, self.size));
        if binary == 1 {
            w.ints(&[1]);
        }
        w.words("\n$EndMeshFormat\n$PhysicalNames\n1\n2 9 \"body\"\n$EndPhysicalNames\n");
        if self.version != "2.2" {
            w.words("$Entities\n");
            w.sizes(&[0, 1, 1, 0]);
            for (count, physical, bounds) in [(1, 5, &[][..]), (self.tags, 9, &[1])] {
                w.ints(&[1]);
                w.reals(&[0.0, 0.0, 0.0, 2.0, 1.0, 0.0]);
                w.sizes(&[count]);
                w.ints(&[physical]);
                w.sizes(&[i32::try_from(bounds.len()).unwrap_or(0)]);
                w.ints(bounds);
            }
            w.words("\n$EndEntities\n");
        }
        w.words("$Nodes\n");
        self.write_nodes(&mut w);
        w.words("\n$EndNodes\n$Elements\n");
        self.write_elements(&mut w);
        w.words("\n$EndElements\n");
        w.bytes
    }

    fn write_nodes(&self, w: &mut Writer) {
        let places = [[0.0, 0.0], [2.0, 0.0], [2.0, 1.0], [0.0, 1.0]];
        let tags = [1, 2, 3, self.last];
        match self.version {
            "2.2" => w.words(&format!("{}\n", self.nodes)),
            "4" => {
                w.sizes(&[1, self.nodes]);
                w.ints(&[1, 2, 0]);
                w.sizes(&[4]);
            }
            _ => {
                w.sizes(&[1, self.nodes, 1, self.last]);
                w.ints(&[2, 1, 0]);
                w.sizes(&[4]);
                w.sizes(&tags);
            }
        }
        for ([x, y], tag) in places.into_iter().zip(tags) {
            if self.version != "4.1" {
                w.ints(&[tag]);
            }
            w.reals(&[x, y, 0.0]);
        }
    }

    fn write_elements(&self, w: &mut Writer) {
        let triangles = [[2, 1, 2, 3], [3, 1, 3, self.corner]];
        if self.version == "2.2" {
            w.words(&format!("{}\n", self.elements));
            if self.encoding == Encoding::Text {
                w.ints(&[1, 1, 1, 5, 1, 2]);
                for [id, a, b, c] in triangles {
                    w.ints(&[id, self.kind, self.tags, 9, a, b, c]);
                }
            } else {
                w.ints(&[1, 1, 1, 1, 5, 1, 2, self.kind, 2, self.tags]);
                for [id, a, b, c] in triangles {
                    w.ints(&[id, 9, a, b, c]);
                }
            }
            return;
        }
        w.sizes(&[2, self.elements]);
        let new = self.version == "4.1";
        if new {
            w.sizes(&[1, 3]);
        }
        let mut block = |dim, entity, kind, elements: &[&[i32]]| {
            w.ints(&if new { [dim, entity, kind] } else { [entity, dim, kind] });
            w.sizes(&[i32::try_from(elements.len()).unwrap_or(0)]);
            for element in elements {
                if new {
                    w.sizes(element);
                } else {
                    w.ints(element);
                }
            }
        };
        block(1, 1, 1, &[&[1, 1, 2]]);
        block(2, self.entity, self.kind, &[&triangles[0], &triangles[1]]);
    }
}

fn load(comm: &Comm, path: &Path, bytes: &[u8]) -> Result<DmPlex> {
    comm.barrier()?;
    if comm.rank() == 0 {
        fs::write(path, bytes)?;
    }
    comm.barrier()?;
    DmPlex::from_file(comm, path)
}

/// Loads a damaged file, whose error must be this on all ranks.
#[track_caller]
fn refused(comm: &Comm, path: &Path, bytes: &[u8], what: &str) {
    let Err(error) = load(comm, path, bytes) else {
        panic!("{what}: loaded");
    };
    assert_eq!(error.code(), ErrorCode::FILE_UNEXPECTED, "{error}");
    assert!(error.is_collective(), "{error}");
    let begin = format!("{}, ", path.display());
    let said = error.message().starts_with(&begin) && error.message().contains(what);
    assert!(said, "{error}\n{what}");
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn files_of_gmsh_are_read_in_all_versions_and_encodings(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let path = shared_dir(petsc)?.join("good.msh");
    for file in Mesh::all() {
        let mesh = load(comm, &path, &file.write())?;
        if comm.rank() == 0 {
            let counts = (mesh.cells()?.count(), mesh.faces()?.count());
            assert_eq!(counts, (2, 5), "{file:?}");
            let lower = mesh.points_with_label("Face Sets", 5)?;
            assert_eq!(mesh.geometry(lower[0])?.centroid, [1.0, 0.0, 0.0]);
            assert_eq!(mesh.points_with_label("Cell Sets", 9)?.len(), 2);
        }
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn damaged_files_of_gmsh_are_refused(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let path = shared_dir(petsc)?.join("bad.msh");
    for good in Mesh::all() {
        let refused = |file: Mesh, what: &str| refused(comm, &path, &file.write(), what);
        let corner = |corner| Mesh { corner, ..good };
        refused(corner(99), "there is no node 99");
        refused(corner(100_000_000), "there is no node 100000000");
        refused(corner(-7), "there is no node -7");
        refused(corner(3), "node 3 is twice a corner of an element");
        refused(Mesh { last: 2, ..good }, "node 2 occurs twice");
        let last = 2_000_000_000;
        let what = "the tags of the 4 nodes range from 1 to 2000000000: renumber the nodes";
        refused(Mesh { last, corner: last, ..good }, what);
        refused(Mesh { kind: 77, ..good }, "PETSc does not support elements of Gmsh's type 77");
        refused(Mesh { nodes: -4, ..good }, "the count -4 is negative");
        if Int::BITS == 32 {
            let nodes = 200_000_000;
            refused(Mesh { nodes, ..good }, "too many for PETSc");
        }
        if good.version == "2.2" {
            refused(Mesh { tags: -1, ..good }, "an element has -1 tags");
            refused(Mesh { tags: 1002, ..good }, "an element has 1002 tags");
        } else {
            refused(Mesh { tags: -1, ..good }, "the count -1 is negative");
            refused(Mesh { entity: 7, ..good }, "there is no entity 7 of dimension 2");
            let what = "the blocks contain more than the 3 items that the section declares";
            refused(Mesh { nodes: 3, ..good }, what);
            refused(Mesh { nodes: 5, ..good }, "1 of 5 items of the section are missing");
            refused(Mesh { elements: 4, ..good }, "1 of 4 items of the section are missing");
            let what = "elements of type 4 cannot be on an entity of dimension 2";
            refused(Mesh { kind: 4, ..good }, what);
        }
        let bytes = good.write();
        let short = &bytes[..bytes.len() - 20];
        self::refused(comm, &path, short, "the file ends too early");
    }
    Ok(())
}

/// Damages of which one version and encoding is enough.
#[petsc_test::test(ranks = [1, 2])]
fn details_of_gmsh_are_checked(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let path = shared_dir(petsc)?.join("bad.msh");
    let text = |version| {
        let bytes = Mesh::new(version, Encoding::Text, 8).write();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let (old, new) = (text("2.2"), text("4.1"));
    load(comm, &path, old.as_bytes())?;
    let refused = |file: String, what: &str| refused(comm, &path, file.as_bytes(), what);
    refused(old.replace("2.2 0", "3.0 0"), "line 2: version 3.0 of Gmsh's format");
    refused(old.replace("$Nodes", "$Knots"), "expected $Nodes, found \"$Knots\"");
    refused(
        old.replace("2 9 \"body\"", "2 9  \"body\""),
        "line 7: \" \\\"body\\\"\" is not a quoted name",
    );
    refused(old.replace("body", &"body".repeat(40)), "is not a quoted name");
    refused(old.replace("body", &"body".repeat(2000)), "more than 4000 bytes in a row");
    refused(old.replace("$Nodes", &"$Nodes".repeat(100)), "more than 512 bytes in a row");
    refused(new.replace("2 1 0 4 ", "2 1 1 4 "), "PETSc does not support parametric coordinates");
    refused(new.replace("1 4 1 4 ", "1 4 5 4 "), "node tags from 5 to 4");
    // Triangles of order 1 and 2; nothing but a line; nothing but a point.
    let mixed = old.replace("3 2 1 9 1 3 4 ", "3 9 1 9 1 2 3 4 1 2 ");
    refused(mixed, "cells of dimension 2 have different orders");
    let begin = old.find("$Elements").unwrap_or(0);
    let points = format!("{}$Elements\n1\n1 15 0 3\n$EndElements\n", &old[..begin]);
    refused(points, "the file contains no elements of dimension 1, 2 or 3");
    let periodic = |file: &str, links: &str| format!("{file}$Periodic\n{links}\n$EndPeriodic\n");
    refused(periodic(&old, "1\n1 1 1\n1\n1 99"), "there is no node 99");
    let circle = "1\n1 1 1\nAffine 1 0\n3\n1 2\n2 3\n3 2";
    refused(periodic(&old, circle), "the periodic nodes form a cycle that contains ");
    let lone = old.replace("$Nodes\n4\n", "$Nodes\n5\n9 0 0 0\n");
    let what = "node 9 is not a corner of an element, but the corner 1 is periodic to it";
    refused(periodic(&lone, "1\n1 1 1\n1\n1 9"), what);
    refused(periodic(&new, "1\n1 1 1\n17"), "a transformation has 17 numbers");
    let pairs = format!("1\n1 1 1\n0\n40\n{}", "1 1\n".repeat(40));
    refused(periodic(&new, &pairs), "PETSc cannot read 40 periodic nodes");
    load(comm, &path, periodic(&new, "1\n1 1 1\n0\n2\n1 1\n2 2\n").as_bytes())?;
    Ok(())
}

/// Two triangles in PLY.
fn ply(encoding: Encoding, corner: i32, corners: u8) -> Vec<u8> {
    let mut w = Writer { bytes: Vec::new(), encoding, wide: Int::BITS == 64 };
    let order = if encoding == Encoding::Big { "big" } else { "little" };
    w.words(&format!(
        "ply\nformat binary_{order}_endian 1.0\ncomment a square\nelement vertex 4\n"
    ));
    w.words("property float32 x\nproperty float32 y\nproperty float32 z\nproperty uint8 shade\n");
    w.words("element face 2\nproperty list uint8 int32 vertex_indices\nend_header\n");
    for [x, y] in [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]] {
        w.floats(&[x, y, 0.0]);
        w.bytes.push(7);
    }
    for face in [[0, 1, 2], [0, 2, corner]] {
        w.bytes.push(corners);
        w.sizes(&face);
    }
    w.bytes
}

#[petsc_test::test(ranks = [1])]
fn damaged_files_of_ply_are_refused(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let path = shared_dir(petsc)?.join("square.ply");
    for encoding in [Encoding::Big, Encoding::Little] {
        let good = ply(encoding, 3, 3);
        let mesh = load(comm, &path, &good)?;
        assert_eq!((mesh.cells()?.count(), mesh.faces()?.count()), (2, 5));
        let refused = |bytes: &[u8], what: &str| refused(comm, &path, bytes, what);
        refused(
            &ply(encoding, 4, 3),
            "corner 4 of a face occurs twice, or is not among 4 vertices",
        );
        refused(
            &ply(encoding, -1, 3),
            "corner -1 of a face occurs twice, or is not among 4 vertices",
        );
        refused(
            &ply(encoding, 2, 3),
            "corner 2 of a face occurs twice, or is not among 4 vertices",
        );
        refused(&ply(encoding, 3, 200), "a face has 200 corners");
        refused(&good[..good.len() - 1], "the file ends too early");
        let replace = |from: &str, to: &str| {
            let at = good.windows(from.len()).position(|w| w == from.as_bytes());
            let at = at.expect("part of the header");
            [&good[..at], to.as_bytes(), &good[at + from.len()..]].concat()
        };
        refused(&replace("float32 x", "float3200000000000 x"), "has 16 bytes or more");
        refused(&replace("uint8 int32", "uint8 int3200000000000"), "has 16 bytes or more");
        refused(&replace("face 2", "face 900000"), "the file ends too early");
        refused(&replace("vertex 4", "vertex -4"), "\"-4\" is not a count");
        refused(&replace("element face", "element edge"), "expected face, found \"edge\"");
        let many = "property uint8 shade\n".repeat(14);
        refused(&replace("property uint8 shade\n", &many), "more than 16 properties");
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn other_readers_of_petsc_get_no_files(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let folder = shared_dir(petsc)?;
    for name in ["mesh.cas", "mesh.dat", "mesh.h5"] {
        let error = load(comm, &folder.join(name), b"0 0").expect_err("not checked");
        assert_eq!(error.code(), ErrorCode::SUP, "{error}");
        assert!(
            error.is_collective() && error.message().contains("does not check the file"),
            "{error}"
        );
    }
    let several = load(comm, &folder.join("mesh.ply"), &ply(Encoding::Big, 3, 3)).err();
    assert_eq!(several.map(|e| e.code()), (comm.size() > 1).then_some(ErrorCode::SUP));
    // The file of an option is checked too.
    let path = folder.join("bad.msh");
    let bad = Mesh { corner: 99, ..Mesh::new("2.2", Encoding::Text, 8) };
    assert_error(
        load(comm, &path, &bad.write()),
        ErrorCode::FILE_UNEXPECTED,
        "there is no node 99",
    );
    petsc.options().scope(|options| {
        options.set("-dm_plex_filename", path.display())?;
        let error = DmPlex::from_options(comm).expect_err("damaged");
        assert!(error.message().contains("there is no node 99"), "{error}");
        Ok(())
    })
}

/// On one rank: what PETSc itself finds wrong, it finds on rank 0.
#[petsc_test::test(ranks = [1], timeout = 300)]
fn whatever_is_damaged_loads_or_is_refused(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let folder = shared_dir(petsc)?;
    let mut dice = Dice::new();
    let gmsh = Mesh::all().map(|mesh| (mesh.write(), "mesh.msh"));
    let ply = [Encoding::Big, Encoding::Little].map(|e| (ply(e, 3, 3), "mesh.ply"));
    for (good, name) in gmsh.chain(ply) {
        let path = folder.join(name);
        let (mut loaded, mut refused) = (0, 0);
        for _ in 0..mutations() / 3 {
            match load(comm, &path, &dice.damage(&good)) {
                Ok(mesh) => {
                    for cell in mesh.cells()? {
                        mesh.closure(cell)?;
                        mesh.cell_coordinates(cell)?;
                    }
                    loaded += 1;
                }
                Err(_) => refused += 1,
            }
            petsc.recover()?;
        }
        assert!(loaded > 0 && refused > 0, "{name}: {loaded} {refused}");
    }
    Ok(())
}
