//! Section of periodic nodes.

use std::collections::HashMap;
use std::io::BufRead;

use super::{Gmsh, INT, Version};
use crate::dm::plex::file::source::{Encoding, Outcome};

impl<R: BufRead> Gmsh<R> {
    /// Returns the primary node of each periodic node.
    pub(super) fn periodic(&mut self) -> Outcome<HashMap<i64, i64>> {
        let mut pairs = HashMap::new();
        if self.format.version == Version::V41 {
            for _ in 0..self.count(1)? {
                self.link_by_size(&mut pairs)?;
            }
            return Ok(pairs);
        }
        let words = self.format.version == Version::V22 || self.source.encoding == Encoding::Text;
        let links = if words { self.count_in_words(1)? } else { self.source.int()? };
        for _ in 0..links {
            self.link_by_int(words, &mut pairs)?;
        }
        Ok(pairs)
    }

    fn link_by_size(&mut self, pairs: &mut HashMap<i64, i64>) -> Outcome<()> {
        for _ in 0..3 {
            self.source.int()?;
        }
        let numbers = self.count(1)?;
        match usize::try_from(numbers) {
            Ok(n) if n <= 16 => self.source.reals(n)?,
            _ => {
                return self.source.fault(format!(
                    "a transformation has {numbers} numbers, but at most 16 are supported"
                ));
            }
        }
        let count = self.count(2)?;
        // PETSc allocates half of the memory of the pairs, unless the buffer was longer before.
        self.buffer = self.buffer.max(count.saturating_mul(INT));
        if count.saturating_mul(2 * INT) > self.buffer {
            let what = format!(
                "PETSc cannot read {count} periodic nodes from this version of the format: save the mesh as version 2.2"
            );
            return self.source.fault(what);
        }
        for _ in 0..count {
            let (node, primary) = (self.size()?, self.size()?);
            self.pair(node, primary, pairs)?;
        }
        Ok(())
    }

    fn link_by_int(&mut self, words: bool, pairs: &mut HashMap<i64, i64>) -> Outcome<()> {
        let read = |file: &mut Self| {
            if words { file.int_in_words() } else { file.source.int() }
        };
        for _ in 0..3 {
            read(self)?;
        }
        let count = if words {
            let mut word = self.source.word()?;
            if word == "Affine" {
                self.source.rest_of_line()?;
                word = self.source.word()?;
            }
            word.parse().ok()
        } else {
            match self.source.long()? {
                -1 => {
                    self.source.reals(16)?;
                    Some(self.source.long()?)
                }
                count => Some(count),
            }
        };
        let Some(count) = count.filter(|count| *count >= 0) else {
            return self.source.fault("the number of periodic nodes is missing");
        };
        for _ in 0..count {
            let (node, primary) = (read(self)?, read(self)?);
            self.pair(node, primary, pairs)?;
        }
        Ok(())
    }

    fn pair(&self, node: i64, primary: i64, pairs: &mut HashMap<i64, i64>) -> Outcome<()> {
        self.check_node(node)?;
        self.check_node(primary)?;
        pairs.insert(node, primary);
        Ok(())
    }

    /// PETSc follows the pairs to a node without a primary node. If the first node is a corner,
    /// that node must be one too.
    pub(super) fn check_pairs(&self, mut pairs: HashMap<i64, i64>) -> Outcome<()> {
        let nodes: Vec<i64> = pairs.keys().copied().collect();
        for node in nodes {
            let (mut last, mut path) = (node, Vec::new());
            while let Some(&next) = pairs.get(&last).filter(|next| **next != last) {
                path.push(last);
                if path.len() > pairs.len() {
                    return self
                        .source
                        .fault(format!("the periodic nodes form a cycle that contains {node}"));
                }
                last = next;
            }
            let corners = &self.mesh.corners;
            if corners.contains(&node) && !corners.contains(&last) {
                let what = format!(
                    "node {last} is not a corner of an element, but the corner {node} is periodic to it"
                );
                return self.source.fault(what);
            }
            pairs.extend(path.into_iter().map(|node| (node, last)));
        }
        Ok(())
    }
}
