//! Checks of PLY files before `DMPlexCreatePLYFromFile` reads them.

use std::io::BufRead;

use super::source::{Encoding, Outcome, Source, check_word};
use crate::Int;

/// Number of characters that PETSc allocates, including the NUL.
const TYPE_ROOM: usize = 16;
const NAME_ROOM: usize = 1024;
/// Number of vertex properties that PETSc supports.
const PROPERTIES: usize = 16;

/// Checks a file from its first byte.
pub(super) fn check<R: BufRead>(reader: R) -> Outcome<()> {
    let mut source = Source::new(reader, Encoding::Text);
    expect(&mut source, &["ply", "format"])?;
    let encoding = match source.word()?.as_str() {
        "binary_little_endian" => Encoding::LittleEndian,
        "binary_big_endian" => Encoding::BigEndian,
        other => return source.fault(format!("PETSc does not read PLY files of format {other:?}")),
    };
    expect(&mut source, &["1.0"])?;
    let mut word = source.word()?;
    while word == "comment" {
        source.rest_of_line()?;
        word = source.word()?;
    }
    check_word(&source, "element", &word)?;
    expect(&mut source, &["vertex"])?;
    let vertices = count(&mut source)?;
    let mut widths = Vec::new();
    word = source.word()?;
    while word == "property" {
        widths.push(property(&mut source)?);
        if widths.len() > PROPERTIES {
            return source.fault(format!("a vertex has more than {PROPERTIES} properties"));
        }
        word = source.word()?;
    }
    check_word(&source, "element", &word)?;
    expect(&mut source, &["face"])?;
    let faces = count(&mut source)?;
    expect(&mut source, &["property", "list", "uint8"])?;
    short(&mut source, TYPE_ROOM)?;
    expect(&mut source, &["vertex_indices", "end_header"])?;
    source.encoding = encoding;
    if i64::from(vertices) * 3 + i64::from(faces) > i64::from(Int::MAX) || faces == 0 {
        return source
            .fault(format!("{vertices} vertices and {faces} faces are too many or too few"));
    }
    for _ in 0..vertices {
        for _ in 0..widths.iter().sum::<usize>() {
            source.byte()?;
        }
    }
    check_faces(&mut source, vertices, faces)
}

fn expect<R: BufRead>(source: &mut Source<R>, words: &[&str]) -> Outcome<()> {
    for word in words {
        let found = source.word()?;
        check_word(source, word, &found)?;
    }
    Ok(())
}

fn short<R: BufRead>(source: &mut Source<R>, room: usize) -> Outcome<String> {
    let word = source.word()?;
    if word.len() >= room {
        return source.fault(format!("{word:?} has {room} bytes or more"));
    }
    Ok(word)
}

fn count<R: BufRead>(source: &mut Source<R>) -> Outcome<i32> {
    let word = source.word()?;
    match word.parse() {
        Ok(count) if count >= 0 => Ok(count),
        _ => source.fault(format!("{word:?} is not a count")),
    }
}

/// Reads a property of a vertex, and returns the number of bytes that PETSc reads for it.
fn property<R: BufRead>(source: &mut Source<R>) -> Outcome<usize> {
    let kind = short(source, TYPE_ROOM)?;
    short(source, NAME_ROOM)?;
    match kind.as_str() {
        "float32" => Ok(4),
        // PETSc reads a PetscInt into an int.
        "int32" if Int::BITS == 32 => Ok(4),
        "uint8" => Ok(1),
        _ => source.fault(format!("PETSc does not support vertex properties of type {kind:?}")),
    }
}

/// Checks that all faces are triangles, or all are quadrilaterals.
fn check_faces<R: BufRead>(source: &mut Source<R>, vertices: i32, faces: i32) -> Outcome<()> {
    let mut size = None;
    for _ in 0..faces {
        let corners = usize::from(source.byte()?);
        if !matches!(corners, 3 | 4) || *size.get_or_insert(corners) != corners {
            return source.fault(format!("a face has {corners} corners"));
        }
        let mut before = [-1; 4];
        for i in 0..corners {
            let corner = if Int::BITS == 32 { source.int()? } else { source.long()? };
            if !(0..i64::from(vertices)).contains(&corner) || before.contains(&corner) {
                let what = format!(
                    "corner {corner} of a face occurs twice, or is not among {vertices} vertices"
                );
                return source.fault(what);
            }
            before[i] = corner;
        }
    }
    Ok(())
}
