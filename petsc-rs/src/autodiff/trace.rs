//! Numbers that record the variables on which they depend.

use std::cell::RefCell;

use super::number::{Number, operators};
use crate::Scalar;

/// A value, and the variables on which it depends. Branches that are not taken are not recorded.
///
/// Each binary operation adds an entry with its two operands to a thread-local list. An entry takes
/// eight bytes, independent of the number of variables.
#[derive(Clone, Copy, Debug)]
pub struct Traced {
    value: Scalar,
    node: u32,
}

/// A constant has no dependencies.
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

/// A running trace. Dropping it clears the list.
#[derive(Debug)]
pub(super) struct Trace(());

impl Trace {
    /// Starts a trace. Returns `None` if one is running.
    pub(super) fn begin() -> Option<Self> {
        NODES.with_borrow_mut(|nodes| {
            nodes.is_empty().then(|| {
                nodes.push(Node::Nothing);
                Self(())
            })
        })
    }

    /// Returns the variables on which each number depends, in ascending order.
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
        Err(_) => panic!("a trace supports at most 4294967296 operations"),
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
        // The list has no space for numbers outside the range of u32.
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
        Self { value, node: NOTHING }
    }
}

operators! {
    [] Traced, |a, b|
    neg: a.chain(-a.value, a.value);
    Add add AddAssign add_assign: a.both(b, a.value + b.value), a.chain(a.value + b, b);
    Sub sub SubAssign sub_assign: a.both(b, a.value - b.value), a.chain(a.value - b, b);
    Mul mul MulAssign mul_assign: a.both(b, a.value * b.value), a.chain(a.value * b, b);
    Div div DivAssign div_assign: a.both(b, a.value / b.value), a.chain(a.value / b, b);
}
