//! Words and numbers of a mesh file, separated as PETSc's viewers separate them.

use std::fmt;
use std::io::BufRead;

/// PETSc reads words and lines into buffers of 4096 bytes without checking their length.
const LONGEST_WORD: usize = 512;
const LONGEST_LINE: usize = 4000;

/// An error in a file, and its position.
#[derive(Debug)]
pub(super) struct Fault {
    place: String,
    what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

pub(super) type Outcome<T> = Result<T, Fault>;

/// Encoding of numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Encoding {
    Text,
    BigEndian,
    LittleEndian,
}

pub(super) struct Source<R> {
    reader: R,
    pub(super) encoding: Encoding,
    byte: u64,
    line: u64,
    /// The line where the last word or number begins.
    begun: u64,
}

impl<R: BufRead> Source<R> {
    pub(super) fn new(reader: R, encoding: Encoding) -> Self {
        Self { reader, encoding, byte: 0, line: 1, begun: 1 }
    }

    pub(super) fn fault<T>(&self, what: impl Into<String>) -> Outcome<T> {
        let place = match self.encoding {
            Encoding::Text => format!("line {}", self.begun),
            _ => format!("byte {}", self.byte),
        };
        let what = what.into();
        Err(Fault { place, what })
    }

    /// Returns the next byte without consuming it.
    fn peek(&mut self) -> Outcome<Option<u8>> {
        match self.reader.fill_buf() {
            Ok(bytes) => Ok(bytes.first().copied()),
            Err(error) => self.fault(error.to_string()),
        }
    }

    fn take(&mut self, byte: u8) {
        self.reader.consume(1);
        self.byte += 1;
        self.line += u64::from(byte == b'\n');
    }

    pub(super) fn byte(&mut self) -> Outcome<u8> {
        match self.peek()? {
            Some(byte) => {
                self.take(byte);
                Ok(byte)
            }
            None => self.fault(EARLY),
        }
    }

    /// Reads bytes up to one that `ends` them, which is consumed too.
    fn until(&mut self, ends: impl Fn(u8) -> bool, longest: usize) -> Outcome<String> {
        self.begun = self.line;
        let mut text = Vec::new();
        while let Some(byte) = self.peek()? {
            self.take(byte);
            if ends(byte) {
                break;
            }
            if text.len() == longest {
                return self.fault(format!("more than {longest} bytes in a row"));
            }
            text.push(byte);
        }
        Ok(String::from_utf8_lossy(&text).into_owned())
    }

    fn skip(&mut self, skips: impl Fn(u8) -> bool) -> Outcome<()> {
        while let Some(byte) = self.peek()?.filter(|byte| skips(*byte)) {
            self.take(byte);
        }
        Ok(())
    }

    /// Reads the next word, and the byte after it; the word is empty at the end of the file.
    pub(super) fn word_or_end(&mut self) -> Outcome<String> {
        let ends = |byte| byte == 0 || is_space(byte);
        self.skip(ends)?;
        self.until(ends, LONGEST_WORD)
    }

    pub(super) fn word(&mut self) -> Outcome<String> {
        let word = self.word_or_end()?;
        if word.is_empty() {
            return self.fault(EARLY);
        }
        Ok(word)
    }

    pub(super) fn rest_of_line(&mut self) -> Outcome<String> {
        self.until(|byte| byte == b'\n', LONGEST_LINE)
    }

    /// Reads an integer of `width` bytes, or decimal digits whose value fits into them.
    fn integer(&mut self, width: usize) -> Outcome<i64> {
        if self.encoding == Encoding::Text {
            self.skip(is_space)?;
            let word = self.until(is_space, LONGEST_WORD)?;
            let number = word.parse().ok();
            let fits = |n: &i64| width == 8 || i32::try_from(*n).is_ok();
            return match number.filter(fits) {
                Some(number) => Ok(number),
                None if word.is_empty() => self.fault(EARLY),
                None => self.fault(format!("{word:?} is not an integer of {width} bytes")),
            };
        }
        Ok(if width == 8 {
            self.number(i64::from_be_bytes, i64::from_le_bytes)?
        } else {
            self.number(i32::from_be_bytes, i32::from_le_bytes)?.into()
        })
    }

    /// Reads an `int` of C.
    pub(super) fn int(&mut self) -> Outcome<i64> {
        self.integer(4)
    }

    /// Reads a `long` of C.
    pub(super) fn long(&mut self) -> Outcome<i64> {
        self.integer(8)
    }

    /// Skips `n` numbers of type `double`.
    pub(super) fn reals(&mut self, n: usize) -> Outcome<()> {
        for _ in 0..n {
            if self.encoding != Encoding::Text {
                self.number(f64::from_be_bytes, f64::from_le_bytes)?;
                continue;
            }
            self.skip(is_space)?;
            let word = self.until(is_space, LONGEST_WORD)?;
            if word.is_empty() {
                return self.fault(EARLY);
            }
            if word.parse::<f64>().is_err() {
                return self.fault(format!("{word:?} is not a number"));
            }
        }
        Ok(())
    }

    fn number<T, const N: usize>(
        &mut self,
        big: fn([u8; N]) -> T,
        little: fn([u8; N]) -> T,
    ) -> Outcome<T> {
        let mut bytes = [0; N];
        for byte in &mut bytes {
            *byte = self.byte()?;
        }
        Ok(match self.encoding {
            Encoding::BigEndian => big(bytes),
            _ => little(bytes),
        })
    }
}

const EARLY: &str = "the file ends too early";

/// The same as `isspace` in the locale C.
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

/// Checks that the word `found` is the expected one.
pub(super) fn check_word<R: BufRead>(source: &Source<R>, word: &str, found: &str) -> Outcome<()> {
    if word == found {
        return Ok(());
    }
    source.fault(format!("expected {word}, found {found:?}"))
}
