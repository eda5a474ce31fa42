//! Numbers that remember which variables they depend on.

use std::cell::RefCell;
use std::ops::{Add, Div, Mul, Neg, Sub};

use super::number::{Number, derived_operators};
use crate::Scalar;

/// A value, and which variables went into it. What is not computed because of a branch is not seen.
///
/// Each result of two numbers is an entry of a list of this thread, which names the two: eight bytes
/// an operation, however many variables there are.
#[derive(Clone, Copy, Debug)]
pub struct Traced {
    value: Scalar,
    node: u32,
}

/// What a constant depends on: nothing.
const NOTHING: u32 = 0;

thread_local! {
    static NODES: RefCell<Vec<Node>> = const { RefCell::new(Vec::new()) };
}

#[derive(Clone, Copy, Debug)]
enum Node {
    Nothing,
    Variable(u32),
    Both(u32, u32),
}

/// The time in which numbers are traced; at its end the list is emptied.
#[derive(Debug)]
pub(super) struct Trace(());

impl Trace {
    /// Begins a trace; none if one is running.
    pub(super) fn begin() -> Option<Self> {
        NODES.with_borrow_mut(|nodes| {
            nodes.is_empty().then(|| {
                nodes.push(Node::Nothing);
                Self(())
            })
        })
    }

    /// The variables that each number depends on, in ascending order.
    pub(super) fn variables(&self, numbers: &[Traced]) -> Vec<Vec<usize>> {
        NODES.with_borrow(|nodes| {
            let mut seen = vec![usize::MAX; nodes.len()];
            let (mut stack, mut all) = (Vec::new(), Vec::with_capacity(numbers.len()));
            for (row, number) in numbers.iter().enumerate() {
                let mut found = Vec::new();
                stack.push(number.node);
                while let Some(node) = stack.pop() {
                    let Some(mark) = seen.get_mut(node as usize) else {
                        continue; // of an earlier trace
                    };
                    if *mark == row {
                        continue;
                    }
                    *mark = row;
                    match nodes[node as usize] {
                        Node::Nothing => {}
                        Node::Variable(v) => found.push(v as usize),
                        Node::Both(a, b) => stack.extend([a, b]),
                    }
                }
                found.sort_unstable();
                found.dedup();
                all.push(found);
            }
            all
        })
    }
}

impl Drop for Trace {
    fn drop(&mut self) {
        NODES.take();
    }
}

#[expect(
    clippy::panic,
    reason = "operators cannot return an error; callers catch it like any panic"
)]
fn push(node: Node) -> u32 {
    NODES.with_borrow_mut(|nodes| match u32::try_from(nodes.len()) {
        Ok(place) => {
            nodes.push(node);
            place
        }
        Err(_) => panic!("a trace holds four thousand million operations at most"),
    })
}

impl Traced {
    #[inline]
    fn both(self, b: Self, value: Scalar) -> Self {
        let node = match (self.node, b.node) {
            (a, b) if a == b || b == NOTHING => a,
            (NOTHING, b) => b,
            (a, b) => push(Node::Both(a, b)),
        };
        Self { value, node }
    }
}

impl Number for Traced {
    fn value(self) -> Scalar {
        self.value
    }

    fn variable(value: Scalar, direction: usize) -> Self {
        // Beyond the range of u32 there would be no room for the list.
        let direction = u32::try_from(direction).unwrap_or(u32::MAX);
        let node = push(Node::Variable(direction));
        Self { value, node }
    }

    fn chain(self, value: Scalar, _derivative: Scalar) -> Self {
        Self { value, ..self }
    }
}

impl From<Scalar> for Traced {
    fn from(value: Scalar) -> Self {
        Self {
            value,
            node: NOTHING,
        }
    }
}

impl Neg for Traced {
    type Output = Self;
    fn neg(self) -> Self {
        self.chain(-self.value, self.value)
    }
}

macro_rules! operators {
    ($($op:ident $method:ident,)*) => {$(
        impl $op for Traced {
            type Output = Self;
            fn $method(self, b: Self) -> Self {
                self.both(b, self.value.$method(b.value))
            }
        }
        impl $op<Scalar> for Traced {
            type Output = Self;
            fn $method(self, b: Scalar) -> Self {
                self.chain(self.value.$method(b), b)
            }
        }
    )*};
}

operators!(Add add, Sub sub, Mul mul, Div div,);
derived_operators!([] Traced);
