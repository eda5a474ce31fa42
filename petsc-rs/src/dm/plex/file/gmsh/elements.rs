//! Section of elements: cells, and faces, edges and points with tags.

use std::io::BufRead;

use super::{Gmsh, INT, Version};
use crate::dm::plex::file::cell::Element;
use crate::dm::plex::file::source::{Encoding, Outcome, Source};

/// Number of integers that PETSc allocates for an element of version 2.2.
const ELEMENT_ROOM: i64 = 1005;

impl<R: BufRead> Gmsh<R> {
    pub(super) fn elements(&mut self) -> Outcome<()> {
        match self.format.version {
            Version::V22 => self.elements_with_tags()?,
            _ => self.elements_of_entities()?,
        }
        // PETSc uses the order of the first cell.
        match self.mesh.orders.iter().rposition(Option::is_some) {
            None | Some(0) => {
                self.source.fault("the file contains no elements of dimension 1, 2 or 3")
            }
            Some(dim) if self.mesh.orders[dim].is_some_and(|(_, same)| !same) => {
                let what = format!("cells of dimension {dim} have different orders");
                self.source.fault(what)
            }
            Some(_) => Ok(()),
        }
    }

    fn elements_with_tags(&mut self) -> Outcome<()> {
        let total = self.count_in_words(1)?;
        let mut left = total;
        while left > 0 {
            let (first, second, tags) =
                (self.source.int()?, self.source.int()?, self.source.int()?);
            let text = self.source.encoding == Encoding::Text;
            let (number, count) = if text { (second, 1) } else { (first, second) };
            let element = self.element_type(number)?;
            let nodes = i64::try_from(element.nodes).unwrap_or(i64::MAX);
            if tags < 0 || 1 + tags + nodes > ELEMENT_ROOM {
                return self.source.fault(format!("an element has {tags} tags"));
            }
            if count < 1 {
                return self.source.fault(format!("a block has {count} elements"));
            }
            left = self.part(count, left, total)?;
            for _ in 0..count {
                for _ in 0..tags + i64::from(!text) {
                    self.source.int()?;
                }
                self.element(element, Source::int)?;
            }
        }
        Ok(())
    }

    fn elements_of_entities(&mut self) -> Outcome<()> {
        let (blocks, total) = (self.count(1)?, self.count(1)?);
        let long = self.format.version == Version::V41;
        if long {
            self.size()?;
            self.size()?;
        }
        let mut left = total;
        for _ in 0..blocks {
            let mut info = [0; 3];
            for number in &mut info {
                *number = self.source.int()?;
            }
            // Version 4.0 has the tag first.
            let [first, second, number] = info;
            let (tag, dim) = if long { (second, first) } else { (first, second) };
            self.check_entity(dim, tag)?;
            let element = self.element_type(number)?;
            if usize::try_from(dim) != Ok(element.dim) {
                let what =
                    format!("elements of type {number} cannot be on an entity of dimension {dim}");
                return self.source.fault(what);
            }
            let each = 1 + i64::try_from(element.nodes).unwrap_or(i64::MAX);
            let count = self.count(each)?;
            left = self.part(count, left, total)?;
            let width = if long { INT } else { 4 };
            self.buffer = self.buffer.max(count.saturating_mul(each * width));
            let read = if long && self.format.wide { Source::long } else { Source::int };
            for _ in 0..count {
                read(&mut self.source)?;
                self.element(element, read)?;
            }
        }
        self.check_end(left, total)
    }

    fn element_type(&self, number: i64) -> Outcome<Element> {
        match Element::of_type(number) {
            Some(element) => Ok(element),
            None => self
                .source
                .fault(format!("PETSc does not support elements of Gmsh's type {number}")),
        }
    }

    /// Reads the nodes of an element, and checks that they exist and no corner occurs twice.
    fn element(
        &mut self,
        element: Element,
        read: fn(&mut Source<R>) -> Outcome<i64>,
    ) -> Outcome<()> {
        let mut corners = [0; 8];
        for i in 0..element.nodes {
            let node = read(&mut self.source)?;
            self.check_node(node)?;
            if i >= element.corners {
                continue;
            }
            if corners[..i].contains(&node) {
                return self.source.fault(format!("node {node} is twice a corner of an element"));
            }
            corners[i] = node;
            self.mesh.corners.insert(node);
        }
        let (order, same) = self.mesh.orders[element.dim].unwrap_or((element.order, true));
        self.mesh.orders[element.dim] = Some((order, same && order == element.order));
        Ok(())
    }
}
