//! A closure in Rust that can be replaced while C calls it.

use std::cell::RefCell;
use std::rc::Rc;

use super::context::running;
use crate::error::{Error, ErrorCode, Result};

/// A closure that can be replaced while it runs, for an object whose closures share one
/// [`Context`](super::Context). A closure that replaces itself is freed when it returns.
pub(crate) struct Replaceable<F: ?Sized>(RefCell<Option<Rc<RefCell<Box<F>>>>>);

impl<F: ?Sized> Default for Replaceable<F> {
    fn default() -> Self {
        Self(RefCell::new(None))
    }
}

impl<F: ?Sized> Replaceable<F> {
    pub(crate) fn new(closure: Box<F>) -> Self {
        let new = Self::default();
        new.set(closure);
        new
    }

    pub(crate) fn set(&self, closure: Box<F>) {
        // Dropped outside the borrow, because the captured variables may own closures.
        let old = self.0.replace(Some(Rc::new(RefCell::new(closure))));
        drop(old);
    }

    pub(crate) fn is_set(&self) -> bool {
        self.0.borrow().is_some()
    }

    /// Runs `body` with the closure.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if no closure is set, or if it is already running; the errors of `body`.
    pub(crate) fn run<T>(&self, body: impl FnOnce(&mut F) -> Result<T>) -> Result<T> {
        let closure = self.0.borrow().clone();
        let Some(closure) = closure else {
            let text = "PETSc called a closure that was not set";
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        };
        let mut closure = closure.try_borrow_mut().map_err(running)?;
        body(&mut closure)
    }
}

#[cfg(test)]
mod tests {
    use super::Replaceable;
    use crate::error::{ErrorCode, Result};
    use std::rc::Rc;

    struct Holder(Replaceable<Number>);
    type Number = dyn FnMut(&Holder) -> Result<i32>;

    impl Holder {
        fn number(&self) -> Result<i32> {
            self.0.run(|f| f(self))
        }
    }

    #[test]
    fn a_closure_replaces_itself() {
        let captured = Rc::new(());
        let inside = Rc::clone(&captured);
        let holder = Holder(Replaceable::new(Box::new(move |holder| {
            holder.0.set(Box::new(|_| Ok(7)));
            Ok(i32::try_from(Rc::strong_count(&inside)).unwrap())
        })));
        // The closure is alive until it returns.
        assert_eq!(holder.number().unwrap(), 2);
        assert_eq!(Rc::strong_count(&captured), 1);
        assert_eq!(holder.number().unwrap(), 7);
    }

    #[test]
    fn a_closure_that_is_missing_or_running_is_an_error() {
        let holder = Holder(Replaceable::default());
        assert!(!holder.0.is_set());
        assert_eq!(holder.number().unwrap_err().code(), ErrorCode::ARG_WRONGSTATE);
        holder.0.set(Box::new(Holder::number));
        let again = holder.number().unwrap_err();
        assert!(again.to_string().contains("while it is running"), "{again}");
    }
}
