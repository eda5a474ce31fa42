//! Checks of Gmsh files before `DMPlexCreateGmsh` reads them.
//!
//! PETSc uses node tags as positions in a table, assumes that tags of entities exist, and uses
//! counts as sizes of arrays on the stack. The functions here check what PETSc's reader reads,
//! section by section (versions 2.2, 4.0 and 4.1, text and binary).

mod elements;
mod periodic;

use std::collections::HashSet;
use std::io::BufRead;

use super::source::{Encoding, Outcome, Source, check_word};
use crate::Int;

/// Bytes of a `PetscInt`.
const INT: i64 = Int::BITS as i64 / 8;
/// Number of tags that PETSc stores for an element, entity or node.
const TAGS: i64 = 16;
/// Number of characters of a physical name, including the NUL.
const NAME_ROOM: usize = 130;

/// Checks a file from its first byte.
pub(super) fn check<R: BufRead>(reader: R) -> Outcome<()> {
    let mut source = Source::new(reader, Encoding::Text);
    let format = Format::read(&mut source)?;
    let mut file = Gmsh { source, format, mesh: Mesh::default(), buffer: 0 };
    file.check()
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Version {
    V22,
    V40,
    V41,
}

#[derive(Clone, Copy, Debug)]
struct Format {
    version: Version,
    /// Whether sizes and node tags have eight bytes.
    wide: bool,
}

impl Format {
    /// Reads the first section, which defines the encoding of the others.
    fn read<R: BufRead>(source: &mut Source<R>) -> Outcome<Self> {
        let first = section(source)?;
        check_word(source, "$MeshFormat", &first)?;
        let version = match source.word()?.as_str() {
            "2.2" => Version::V22,
            "4" | "4.0" => Version::V40,
            "4.1" => Version::V41,
            other => {
                let what = format!(
                    "version {other} of Gmsh's format is not supported: use 2.2, 4.0 or 4.1"
                );
                return source.fault(what);
            }
        };
        let binary = match source.word()?.as_str() {
            "0" => false,
            "1" => true,
            other => return source.fault(format!("the file type must be 0 or 1, not {other}")),
        };
        let wide = match (source.word()?.as_str(), version) {
            ("8", _) => true,
            ("4", Version::V41) => false,
            (other, _) => return source.fault(format!("the data size {other} is not supported")),
        };
        if binary {
            source.encoding = Encoding::LittleEndian;
            source.encoding = match source.int()? {
                1 => Encoding::LittleEndian,
                0x0100_0000 => Encoding::BigEndian,
                other => {
                    return source
                        .fault(format!("{other:#x} is not the number 1 in any byte order"));
                }
            };
        }
        end(source, "$EndMeshFormat")?;
        Ok(Self { version, wide })
    }
}

/// Reads the name of the next section that is not a comment; empty at the end of the file.
fn section<R: BufRead>(source: &mut Source<R>) -> Outcome<String> {
    loop {
        let name = source.word_or_end()?;
        if name != "$Comments" {
            return Ok(name);
        }
        while source.word()? != "$EndComments" {}
    }
}

fn end<R: BufRead>(source: &mut Source<R>, name: &str) -> Outcome<()> {
    let found = source.word()?;
    check_word(source, name, &found)
}

/// Data to which later parts of a file refer.
#[derive(Default)]
struct Mesh {
    /// Tags of the entities of each dimension, if the section exists.
    entities: Option<[HashSet<i64>; 4]>,
    nodes: HashSet<i64>,
    /// Nodes that are corners of an element.
    corners: HashSet<i64>,
    /// Order of the first element of each dimension, and whether all elements have this order.
    orders: [Option<(usize, bool)>; 4],
}

struct Gmsh<R> {
    source: Source<R>,
    format: Format,
    mesh: Mesh,
    /// Size in bytes of PETSc's buffer for integers. PETSc enlarges the buffer when necessary.
    buffer: i64,
}

impl<R: BufRead> Gmsh<R> {
    fn check(&mut self) -> Outcome<()> {
        let mut name = section(&mut self.source)?;
        // Written by Neper.
        for extra in ["MeshVersion", "Domain"] {
            if name == format!("${extra}") {
                self.source.word()?;
                name = self.after(&format!("$End{extra}"))?;
            }
        }
        if name == "$PhysicalNames" {
            self.names()?;
            name = self.after("$EndPhysicalNames")?;
        }
        if self.format.version != Version::V22 && name == "$Entities" {
            self.entities()?;
            name = self.after("$EndEntities")?;
        } else if self.format.version == Version::V40 {
            check_word(&self.source, "$Entities", &name)?;
        }
        check_word(&self.source, "$Nodes", &name)?;
        self.nodes()?;
        name = self.after("$EndNodes")?;
        check_word(&self.source, "$Elements", &name)?;
        self.elements()?;
        name = self.after("$EndElements")?;
        if name == "$Periodic" {
            let pairs = self.periodic()?;
            end(&mut self.source, "$EndPeriodic")?;
            self.check_pairs(pairs)?;
        }
        Ok(())
    }

    /// Reads the end of a section and returns the name of the next one.
    fn after(&mut self, name: &str) -> Outcome<String> {
        end(&mut self.source, name)?;
        section(&mut self.source)
    }

    /// Reads a number that PETSc converts to `PetscInt`.
    fn size(&mut self) -> Outcome<i64> {
        let wide = self.format.version != Version::V41 || self.format.wide;
        let size = if wide { self.source.long()? } else { self.source.int()? };
        if Int::try_from(size).is_err() {
            let what = format!("{size} does not fit into the {}-bit PetscInt", Int::BITS);
            return self.source.fault(what);
        }
        Ok(size)
    }

    /// Reads the number of items that PETSc reads at once as `each` numbers.
    fn count(&mut self, each: i64) -> Outcome<i64> {
        let count = self.size()?;
        self.check_count(count, each)
    }

    fn check_count(&self, count: i64, each: i64) -> Outcome<i64> {
        if count < 0 {
            return self.source.fault(format!("the count {count} is negative"));
        }
        if Int::try_from(count.saturating_mul(each)).is_err() {
            let what = format!("{count} items of {each} numbers are too many for PETSc");
            return self.source.fault(what);
        }
        Ok(count)
    }

    /// Reads a count that is text in binary files too.
    fn count_in_words(&mut self, each: i64) -> Outcome<i64> {
        let word = self.source.word()?;
        match word.parse::<i32>() {
            Ok(count) => self.check_count(count.into(), each),
            Err(_) => self.source.fault(format!("{word:?} is not a count")),
        }
    }

    fn int_in_words(&mut self) -> Outcome<i64> {
        let word = self.source.word()?;
        match word.parse::<i32>() {
            Ok(number) => Ok(number.into()),
            Err(_) => self.source.fault(format!("{word:?} is not an integer")),
        }
    }

    fn names(&mut self) -> Outcome<()> {
        for _ in 0..self.count_in_words(1)? {
            self.int_in_words()?;
            self.int_in_words()?;
            let line = self.source.rest_of_line()?;
            // PETSc copies up to the last colon, or, without one, up to the last quotation mark.
            let last = line.rfind(':').or_else(|| line.rfind('"'));
            let quoted = line.starts_with('"') && line.rfind('"') > Some(0);
            if !quoted || last.is_none_or(|last| last > NAME_ROOM) {
                let what = format!(
                    "{line:?} is not a quoted name, after one blank, of less than {NAME_ROOM} bytes"
                );
                return self.source.fault(what);
            }
        }
        Ok(())
    }

    fn entities(&mut self) -> Outcome<()> {
        let mut counts = [0; 4];
        for count in &mut counts {
            *count = self.count(1)?;
        }
        let mut entities: [HashSet<i64>; 4] = Default::default();
        for (dim, count) in counts.into_iter().enumerate() {
            for _ in 0..count {
                entities[dim].insert(self.source.int()?);
                let point = dim == 0 && self.format.version == Version::V41;
                self.source.reals(if point { 3 } else { 6 })?;
                let tags = self.tags()?;
                if self.format.version == Version::V41 && tags > TAGS {
                    let what = format!("{tags} physical tags, but PETSc supports only {TAGS}");
                    return self.source.fault(what);
                }
                if dim > 0 {
                    self.tags()?;
                }
            }
        }
        self.mesh.entities = Some(entities);
        Ok(())
    }

    /// Reads a list of tags and returns their number.
    fn tags(&mut self) -> Outcome<i64> {
        let count = self.count(1)?;
        self.buffer = self.buffer.max(count.saturating_mul(4));
        for _ in 0..count {
            self.source.int()?;
        }
        Ok(count)
    }

    fn check_entity(&self, dim: i64, tag: i64) -> Outcome<()> {
        let Some(entities) = &self.mesh.entities else {
            return Ok(());
        };
        let known = usize::try_from(dim).ok().and_then(|dim| entities.get(dim));
        if known.is_some_and(|known| known.contains(&tag)) {
            return Ok(());
        }
        self.source.fault(format!("there is no entity {tag} of dimension {dim}"))
    }

    fn nodes(&mut self) -> Outcome<()> {
        match self.format.version {
            Version::V22 => {
                let total = self.count_in_words(TAGS)?;
                for _ in 0..total {
                    self.node_by_int()?;
                }
            }
            Version::V40 => self.nodes_in_blocks()?,
            Version::V41 => self.nodes_by_size()?,
        }
        self.check_spread()
    }

    fn node_by_int(&mut self) -> Outcome<()> {
        let tag = self.source.int()?;
        self.add_node(tag)?;
        self.source.reals(3)
    }

    fn add_node(&mut self, tag: i64) -> Outcome<()> {
        if !self.mesh.nodes.insert(tag) {
            return self.source.fault(format!("node {tag} occurs twice"));
        }
        Ok(())
    }

    fn nodes_in_blocks(&mut self) -> Outcome<()> {
        let (blocks, total) = (self.count(1)?, self.count(TAGS)?);
        let mut left = total;
        for _ in 0..blocks {
            for _ in 0..3 {
                self.source.int()?;
            }
            // A node has 28 bytes in binary files.
            let count = self.count(28)?;
            left = self.part(count, left, total)?;
            for _ in 0..count {
                self.node_by_int()?;
            }
        }
        self.check_end(left, total)
    }

    fn nodes_by_size(&mut self) -> Outcome<()> {
        let (blocks, total) = (self.count(1)?, self.count(TAGS)?);
        let (least, most) = (self.size()?, self.size()?);
        if least > most || most == i64::from(Int::MAX) {
            return self
                .source
                .fault(format!("node tags from {least} to {most} are not a valid range"));
        }
        let mut left = total;
        for _ in 0..blocks {
            let (dim, tag) = (self.source.int()?, self.source.int()?);
            if self.source.int()? != 0 {
                return self.source.fault("PETSc does not support parametric coordinates");
            }
            self.check_entity(dim, tag)?;
            let count = self.count(3)?;
            left = self.part(count, left, total)?;
            for _ in 0..count {
                let tag = self.size()?;
                self.add_node(tag)?;
            }
            for _ in 0..count {
                self.source.reals(3)?;
            }
        }
        self.check_end(left, total)
    }

    /// Returns the rest of `total` after a block of `count` items.
    fn part(&self, count: i64, left: i64, total: i64) -> Outcome<i64> {
        if count > left {
            let what =
                format!("the blocks contain more than the {total} items that the section declares");
            return self.source.fault(what);
        }
        Ok(left - count)
    }

    fn check_end(&self, left: i64, total: i64) -> Outcome<()> {
        if left > 0 {
            let what = format!("{left} of {total} items of the section are missing");
            return self.source.fault(what);
        }
        Ok(())
    }

    /// PETSc creates a table of all tags between the least and the greatest.
    fn check_spread(&self) -> Outcome<()> {
        let nodes = &self.mesh.nodes;
        let (Some(least), Some(most)) = (nodes.iter().min(), nodes.iter().max()) else {
            return self.source.fault("the file contains no nodes");
        };
        let most_places = 1_000_000 + 100 * i64::try_from(nodes.len()).unwrap_or(0);
        if most.saturating_sub(*least) >= most_places || *most == i64::from(Int::MAX) {
            let n = nodes.len();
            let what = format!(
                "the tags of the {n} nodes range from {least} to {most}: renumber the nodes"
            );
            return self.source.fault(what);
        }
        Ok(())
    }

    fn check_node(&self, node: i64) -> Outcome<()> {
        if self.mesh.nodes.contains(&node) {
            return Ok(());
        }
        self.source.fault(format!("there is no node {node}"))
    }
}
