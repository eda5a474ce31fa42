//! The objects of a case: one pool for each class, from which operations choose their arguments.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};
use std::rc::{Rc, Weak};

use petsc_rs::matrix::{Factor, NullSpace, Product};
use petsc_rs::snes::LineSearch;
use petsc_rs::ts::TsAdapt;
use petsc_rs::{
    Comm, Dm, Error, ErrorCode, IndexSet, Ksp, LocalToGlobalMap, Matrix, Options, Pc, Petsc,
    Random, Result, Section, Snes, StarForest, Tao, Ts, Vector, ViewerFormat, tao,
};

use mpi::collective::SystemOperation;
use mpi::traits::CommunicatorCollectives as _;

use crate::dice::{self, Dice};
use crate::progress::Progress;

/// One thing that a case can do to its world.
#[derive(Clone, Copy)]
pub(crate) struct Operation {
    pub(crate) name: &'static str,
    pub(crate) run: fn(&World, &mut Dice) -> Result<()>,
}

/// How often an operation was tried, and how often it succeeded.
#[derive(Clone, Copy, Default)]
pub(crate) struct Count {
    pub(crate) attempts: u64,
    pub(crate) ok: u64,
}

/// More objects of one class than these, and the oldest goes.
const POOL: usize = 10;

/// How deep operations may run within operations: guards held across them, callbacks.
const DEPTH: u32 = 2;

/// How many operations within operations one step may have: a solve that evaluates its function many
/// times would otherwise take longer than a step may take.
const NESTED: u32 = 500;

/// The live objects of one class.
pub(crate) struct Pool<T> {
    objects: Rc<RefCell<Vec<T>>>,
    /// The communicator with which several ranks make the same choice.
    choice: Rc<Comm>,
}

impl<T> Pool<T> {
    fn new(choice: &Rc<Comm>) -> Self {
        Self { objects: Rc::default(), choice: Rc::clone(choice) }
    }

    /// Keeps an object; the oldest one goes if there are many.
    pub(crate) fn keep(&self, object: T) {
        keep(&self.objects, object);
    }

    pub(crate) fn len(&self) -> usize {
        self.objects.borrow().len()
    }

    /// Takes one out, if there is any.
    pub(crate) fn remove(&self, dice: &mut Dice) -> Option<T> {
        let i = dice.below(self.len());
        let mut list = self.objects.borrow_mut();
        (i < list.len()).then(|| list.remove(i))
    }

    /// Drops one, if there is any.
    pub(crate) fn discard(&self, dice: &mut Dice) -> Result<()> {
        drop(self.remove(dice));
        Ok(())
    }

    /// One that fits, on all ranks, taken out until the lease ends.
    pub(crate) fn find(&self, dice: &mut Dice, fits: impl Fn(&T) -> bool) -> Option<Lease<T>> {
        let mut list = self.objects.borrow_mut();
        let start = dice.below(list.len());
        let n = list.len();
        let fitting = (0..n).filter(|&i| fits(&list[i]));
        let fitting = self.on_all_ranks(fitting.fold(0, |all, i| all | 1 << i));
        let i = (0..n).map(|k| (start + k) % n).find(|i| fitting >> i & 1 == 1)?;
        let object = list.remove(i);
        Some(self.lease(object))
    }

    /// Those bits that all ranks have.
    fn on_all_ranks(&self, bits: u64) -> u64 {
        if self.choice.size() == 1 {
            return bits;
        }
        let mut all = 0;
        let comm = self.choice.mpi();
        comm.all_reduce_into(&bits, &mut all, SystemOperation::bitwise_and());
        all
    }

    /// A lease of a new object, which is kept when the lease ends.
    pub(crate) fn lease(&self, object: T) -> Lease<T> {
        Lease { object: Some(object), pool: Rc::clone(&self.objects) }
    }

    fn clear(&self, last_first: bool) {
        let mut objects = self.objects.take();
        if last_first {
            objects.reverse();
        }
        drop(objects);
    }
}

/// An object that an operation works with: its own, taken from the pool and put back, or a second handle.
pub(crate) struct Lease<T> {
    object: Option<T>,
    pool: Rc<RefCell<Vec<T>>>,
}

impl<T> Deref for Lease<T> {
    type Target = T;
    fn deref(&self) -> &T {
        self.object.as_ref().expect("the object exists until the lease is dropped")
    }
}

impl<T> DerefMut for Lease<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.object.as_mut().expect("the object exists until the lease is dropped")
    }
}

impl<T> Drop for Lease<T> {
    fn drop(&mut self) {
        let Some(object) = self.object.take() else {
            return;
        };
        // A full pool drops its oldest object here.
        keep(&self.pool, object);
    }
}

/// Keeps an object; the oldest one goes if there are many.
fn keep<T>(list: &RefCell<Vec<T>>, object: T) {
    let oldest = {
        let mut list = list.borrow_mut();
        list.push(object);
        (list.len() > POOL).then(|| list.remove(0))
    };
    // Not while the list is borrowed: a destructor may run a callback.
    drop(oldest);
}

macro_rules! pools {
    ($($(#[$meta:meta])* $pool:ident: $class:ty),* $(,)?) => {
        /// What a world has.
        pub(crate) struct Pools {
            $($(#[$meta])* pub(crate) $pool: Pool<$class>,)*
            pub(crate) shared: Rc<Comm>,
            pub(crate) alone: Rc<Comm>,
            pub(crate) options: Options,
            /// The size that most objects of this case have.
            pub(crate) n: Cell<usize>,
            depth: Cell<u32>,
            /// How many operations within other operations the current step has had.
            nested: Cell<u32>,
            table: Vec<Operation>,
            counts: RefCell<BTreeMap<&'static str, Count>>,
            /// Whether an operation has failed since this flag was last read.
            failed: Cell<bool>,
            /// Whether the ranks have had different objects or errors in this case.
            parted: Cell<bool>,
            control: Comm,
            progress: Progress,
            pub(crate) trace: bool,
        }

        impl Pools {
            fn new(
                petsc: &Petsc,
                table: Vec<Operation>,
                trace: bool,
                progress: Progress,
            ) -> Result<Self> {
                let choice = Rc::new(petsc.world().duplicate()?);
                Ok(Self {
                    $($(#[$meta])* $pool: Pool::new(&choice),)*
                    shared: Rc::new(petsc.world().duplicate()?),
                    alone: Rc::new(petsc.self_comm().duplicate()?),
                    options: petsc.options(),
                    n: Cell::new(4),
                    depth: Cell::new(0),
                    nested: Cell::new(0),
                    table,
                    counts: RefCell::default(),
                    failed: Cell::new(false),
                    parted: Cell::new(false),
                    control: petsc.world().duplicate()?,
                    progress,
                    trace,
                })
            }

            /// Drops everything, class by class from a place by chance.
            fn clear(&self, dice: &mut Dice) {
                let names = [$(stringify!($pool)),*];
                let start = dice.below(names.len());
                for k in 0..names.len() {
                    let name = names[(start + k) % names.len()];
                    let last_first = dice.coin();
                    $($(#[$meta])* if name == stringify!($pool) { self.$pool.clear(last_first); })*
                }
            }

            /// How many objects there are of each class: equal on all ranks, else these have parted.
            fn census(&self) -> Vec<usize> {
                let sizes = [$($(#[$meta])* self.$pool.len()),*];
                sizes.to_vec()
            }
        }
    };
}

pools! {
    vectors: Vector,
    sets: IndexSet,
    maps: LocalToGlobalMap,
    randoms: Random,
    matrices: Matrix,
    factors: Factor,
    products: Product,
    spaces: NullSpace,
    dms: Dm,
    sections: Section,
    forests: StarForest,
    sneses: Snes,
    pcs: Pc,
    ksps: Ksp,
    #[cfg(feature = "slepc")]
    eigensolvers: slepc_rs::Eps,
    #[cfg(feature = "slepc")]
    svds: slepc_rs::Svd,
    #[cfg(feature = "slepc")]
    peps: slepc_rs::Pep,
    #[cfg(feature = "slepc")]
    neps: slepc_rs::Nep,
    #[cfg(feature = "slepc")]
    transformations: slepc_rs::St,
    #[cfg(feature = "slepc")]
    bases: slepc_rs::Bv,
    #[cfg(feature = "slepc")]
    dense_problems: slepc_rs::Ds,
    #[cfg(feature = "slepc")]
    functions: slepc_rs::MathFunction,
    #[cfg(feature = "slepc")]
    regions: slepc_rs::Region,
    #[cfg(feature = "slepc")]
    mfns: slepc_rs::Mfn,
    #[cfg(feature = "slepc")]
    lmes: slepc_rs::Lme,
    searches: LineSearch,
    tses: Ts,
    adapts: TsAdapt,
    taos: Tao,
    tao_searches: tao::LineSearch,
}

/// The objects of a case; callbacks hold it weakly, see [`Away`].
#[derive(Clone)]
pub(crate) struct World(Rc<Pools>);

/// The world as a callback holds it: it does not keep the objects alive that hold the callback.
#[derive(Clone)]
pub(crate) struct Away(Weak<Pools>);

impl Away {
    /// Runs some operations, if the world still is.
    pub(crate) fn play(&self, seed: u64) {
        if let Some(pools) = self.0.upgrade() {
            World(pools).play(&mut Dice::new(seed));
        }
    }

    /// The communicator of all ranks or of this one, if the world still is.
    pub(crate) fn comm(&self, shared: bool) -> Option<Rc<Comm>> {
        let pools = self.0.upgrade()?;
        let comm = if shared { &pools.shared } else { &pools.alone };
        Some(Rc::clone(comm))
    }
}

impl Deref for World {
    type Target = Pools;
    fn deref(&self) -> &Pools {
        &self.0
    }
}

impl World {
    pub(crate) fn new(
        petsc: &Petsc,
        table: Vec<Operation>,
        trace: bool,
        progress: Progress,
    ) -> Result<Self> {
        if trace {
            dice::trace();
        }
        Ok(Self(Rc::new(Pools::new(petsc, table, trace, progress)?)))
    }

    /// A new case begins, or its next step.
    pub(crate) fn at(&self, case: u64, seed: u64, step: u64) {
        self.nested.set(0);
        self.progress.at(case, seed, step);
    }

    pub(crate) fn away(&self) -> Away {
        Away(Rc::downgrade(&self.0))
    }

    /// Applies the options: those of the job, or two of the list with the prefix of an object.
    pub(crate) fn with_options(
        &self,
        dice: &mut Dice,
        prefix: &str,
        list: &[(&str, &str)],
        apply: impl FnOnce() -> Result<()>,
    ) -> Result<()> {
        if dice.coin() {
            return apply();
        }
        let chosen = [dice.pick(list), dice.pick(list)];
        self.options.scope(|options| {
            for (name, value) in chosen {
                options.set(&format!("{prefix}{name}"), value)?;
            }
            apply()
        })
    }

    /// One operation of the table.
    pub(crate) fn step(&self, dice: &mut Dice) {
        let operation = dice.pick(&self.table);
        if self.trace {
            let deep = self.depth.get() as usize;
            eprint!("\n{:1$}{2}:", "", 2 * deep + 2, operation.name);
        }
        let outcome = (operation.run)(self, dice);
        let failed = outcome.is_err();
        self.count(operation.name, outcome);
        self.agree(failed, dice);
    }

    /// Whether there is one rank.
    pub(crate) fn is_alone(&self) -> bool {
        self.control.size() == 1
    }

    /// On several ranks: finds out whether all have the same objects and the same error, if any. If not, they have
    /// parted: what they would do next within an operation would not fit together.
    fn agree(&self, failed: bool, dice: &Dice) {
        if self.is_alone() {
            return;
        }
        let census = self.census().into_iter().map(|n| i64::try_from(n).unwrap_or(0));
        let mine = [i64::from(failed), i64::from(self.depth.get()), dice.mark()];
        let mine: Vec<i64> = mine.into_iter().chain(census).flat_map(|n| [n, -n]).collect();
        let mut most = vec![0_i64; mine.len()];
        self.progress.failed(failed || self.failed.get());
        let comm = self.control.mpi();
        comm.all_reduce_into(&mine[..], &mut most[..], SystemOperation::max());
        self.progress.failed(false);
        if most[0] != 0 {
            self.failed.set(true);
        }
        if most.chunks(2).any(|pair| pair[0] != -pair[1]) {
            self.parted.set(true);
        }
    }

    /// Whether the ranks have parted since this was asked last.
    pub(crate) fn parted(&self) -> bool {
        self.parted.replace(false)
    }

    /// Counts an attempt.
    pub(crate) fn count(&self, name: &'static str, outcome: Result<()>) {
        if self.trace {
            if let Err(error) = &outcome {
                eprint!("\n    Err: {}", error.message());
            }
        }
        let mut counts = self.counts.borrow_mut();
        let count = counts.entry(name).or_default();
        count.attempts += 1;
        match outcome {
            Ok(()) => count.ok += 1,
            Err(_) => self.failed.set(true),
        }
    }

    /// Some operations within an operation: while a guard is held, or from a callback.
    pub(crate) fn play(&self, dice: &mut Dice) {
        if self.depth.get() >= DEPTH {
            return;
        }
        self.depth.set(self.depth.get() + 1);
        for _ in 0..dice.below(4) {
            if self.parted.get() || self.nested.get() >= NESTED {
                break;
            }
            self.nested.set(self.nested.get() + 1);
            self.step(&mut Dice::new(dice.seed()));
        }
        self.depth.set(self.depth.get() - 1);
    }

    /// Between two cases: everything goes.
    pub(crate) fn clear(&self, dice: &mut Dice) {
        self.0.clear(dice);
        // Closures that were destroyed above may have put something back.
        self.0.clear(dice);
    }

    pub(crate) fn failed(&self) -> bool {
        self.failed.replace(false)
    }

    pub(crate) fn counts(&self) -> BTreeMap<&'static str, Count> {
        self.counts.borrow().clone()
    }

    /// Mostly the communicator of all ranks.
    pub(crate) fn comm(&self, dice: &mut Dice) -> Rc<Comm> {
        if dice.chance(90) { Rc::clone(&self.shared) } else { Rc::clone(&self.alone) }
    }

    /// Mostly the size of this case.
    pub(crate) fn size(&self, dice: &mut Dice) -> usize {
        if dice.chance(85) { self.n.get() } else { dice.pick(&[0, 1, 2, 3, 5, 6, 8, 12, 40]) }
    }
}

/// Something to be told about in the trace only: this state does not let the operation begin.
pub(crate) fn nothing_fits(what: &str) -> Error {
    Error::new(ErrorCode::ARG_WRONGSTATE, format!("no {what} fits"))
}

/// Calls that ask an object of any class, by the dice.
pub(crate) fn ask<O: petsc_rs::Object>(object: &mut O, dice: &mut Dice) -> Result<()> {
    match dice.below(9) {
        0 => object.set_name("attacked"),
        1 => object.name().map(drop),
        2 => object.type_name().map(drop),
        3 => object.options_prefix().map(drop),
        4 => object.is_type("seqaij").map(drop),
        5 => object.comm().map(drop),
        6 => object.reference_count().map(drop),
        7 => object.state().map(drop),
        _ => {
            let formats = [
                ViewerFormat::Default,
                ViewerFormat::Matlab,
                ViewerFormat::Info,
                ViewerFormat::InfoDetail,
                ViewerFormat::Common,
                ViewerFormat::Dense,
                ViewerFormat::Index,
                ViewerFormat::Python,
            ];
            object.view_to_string(dice.pick(&formats)).map(drop)
        }
    }
}
