//! Memory regions of guards, and conflicts between them.

use crate::sys;

/// Access of a guard or a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Reads.
    Read,
    /// Reads and writes.
    Write,
}

/// An object, and the addresses of its memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    object: usize,
    start: usize,
    end: usize,
}

impl Region {
    /// Creates a region for an object whose addresses are not known yet.
    #[inline]
    #[must_use]
    pub fn object<T>(object: *mut T) -> Self {
        Self { object: object.addr(), start: 0, end: 0 }
    }

    /// Returns this region with the addresses of the array of `len` entries at `data`.
    #[inline]
    #[must_use]
    pub fn with_array<T>(self, data: *const T, len: usize) -> Self {
        // An array without memory has no addresses to compare.
        let bytes = if data.is_null() { 0 } else { len * size_of::<T>() };
        Self { start: data.addr(), end: data.addr() + bytes, ..self }
    }

    /// Returns a region with the object of this region and the memory of another one.
    #[must_use]
    pub fn with_memory_of(self, other: Self) -> Self {
        Self { object: self.object, ..other }
    }

    /// Returns whether the two memory ranges overlap.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.start.max(other.start) < self.end.min(other.end)
    }

    /// Returns whether this memory range contains the other one.
    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// A live guard.
#[derive(Clone, Copy, Debug)]
pub(super) struct Guard {
    region: Region,
    access: Access,
    /// The object to which the guard holds a reference.
    owner: sys::PetscObject,
    /// Whether it guards the storage of a matrix.
    pub(super) matrix: bool,
    /// Whether it belongs to the guard of a whole.
    pub(super) part: bool,
}

impl Guard {
    #[inline]
    fn new(owner: sys::PetscObject, region: Region, access: Access) -> Self {
        Self { region, access, owner, matrix: false, part: false }
    }

    pub(super) fn writes(&self) -> bool {
        self.access == Access::Write
    }

    fn stands_in_the_way(&self, region: &Region, access: Access) -> bool {
        (self.writes() || access == Access::Write)
            && (self.region.object == region.object || self.region.overlaps(region))
    }
}

/// Guards by slot. Few guards exist at a time: these are stored in place, and a linear search is
/// faster than a hash.
#[derive(Debug)]
pub(super) struct Table {
    first: [Option<Guard>; Self::IN_PLACE],
    more: Vec<Option<Guard>>,
    alive: usize,
}

impl Table {
    const IN_PLACE: usize = 8;
    /// The slot of [`enter_first`](Self::enter_first).
    pub(super) const FIRST: usize = 0;

    pub(super) const fn new() -> Self {
        Self { first: [None; Self::IN_PLACE], more: Vec::new(), alive: 0 }
    }

    #[inline]
    pub(super) fn alive(&self) -> usize {
        self.alive
    }

    /// Adds a guard while no other exists.
    #[inline]
    pub(super) fn enter_first(&mut self, owner: sys::PetscObject, region: Region, access: Access) {
        debug_assert_eq!(self.alive, 0);
        self.first[Self::FIRST] = Some(Guard::new(owner, region, access));
        self.alive = 1;
    }

    /// Returns the slot of a new guard, or the access of the conflicting guard.
    pub(super) fn enter(
        &mut self,
        owner: sys::PetscObject,
        region: Region,
        access: Access,
    ) -> Result<usize, Access> {
        let guard = Guard::new(owner, region, access);
        self.ask(guard.region, guard.access)?;
        let guard = Some(guard);
        self.alive += 1;
        if let Some(slot) = self.first.iter().position(Option::is_none) {
            self.first[slot] = guard;
            return Ok(slot);
        }
        let place = self.more.iter().position(Option::is_none);
        let place = place.unwrap_or_else(|| {
            self.more.push(None);
            self.more.len() - 1
        });
        self.more[place] = guard;
        Ok(Self::IN_PLACE + place)
    }

    /// Adds memory to a guard, unless it conflicts with another guard.
    pub(super) fn cover(&mut self, slot: usize, memory: Region) -> Result<(), Access> {
        let alone = self.alive == 1;
        let Some(guard) = self.guard(slot) else {
            return Ok(());
        };
        let (region, access) = (guard.region.with_memory_of(memory), guard.access);
        if alone {
            guard.region = region;
            return Ok(());
        }
        let others = self.guards().enumerate().filter(|(i, _)| *i != slot);
        first_in_the_way(others.filter_map(|(_, guard)| guard.as_ref()), region, access)?;
        if let Some(guard) = self.guard(slot) {
            guard.region = region;
        }
        Ok(())
    }

    #[inline]
    pub(super) fn leave(&mut self, slot: usize) {
        let place = match slot.checked_sub(Self::IN_PLACE) {
            None => self.first.get_mut(slot),
            Some(i) => self.more.get_mut(i),
        };
        if let Some(place @ Some(_)) = place {
            *place = None;
            self.alive -= 1;
        }
    }

    /// Returns the access of a conflicting guard as an error.
    pub(super) fn ask(&self, region: Region, access: Access) -> Result<(), Access> {
        first_in_the_way(self.guards().flatten(), region, access)
    }

    /// Returns the owners of some guards, each with the number of all guards that hold it.
    pub(super) fn owners(&self, which: impl Fn(&Guard) -> bool) -> Vec<(sys::PetscObject, usize)> {
        let guards = || self.guards().flatten();
        let held = |owner| guards().filter(|guard| guard.owner == owner).count();
        let owners = guards().filter(|&guard| which(guard));
        owners.map(|guard| (guard.owner, held(guard.owner))).collect()
    }

    fn guards(&self) -> impl Iterator<Item = &Option<Guard>> {
        self.first.iter().chain(&self.more)
    }

    pub(super) fn guard(&mut self, slot: usize) -> Option<&mut Guard> {
        match slot.checked_sub(Self::IN_PLACE) {
            None => self.first.get_mut(slot)?.as_mut(),
            Some(i) => self.more.get_mut(i)?.as_mut(),
        }
    }
}

fn first_in_the_way<'a>(
    mut guards: impl Iterator<Item = &'a Guard>,
    region: Region,
    access: Access,
) -> Result<(), Access> {
    match guards.find(|guard| guard.stands_in_the_way(&region, access)) {
        None => Ok(()),
        Some(guard) => Err(guard.access),
    }
}

#[cfg(test)]
mod tests {
    use std::ptr::{null_mut, without_provenance_mut};

    use proptest::prelude::*;

    use super::*;

    fn object(address: usize) -> Region {
        Region::object(without_provenance_mut::<u8>(address))
    }

    fn bytes(address: usize, start: usize, len: usize) -> Region {
        object(address).with_array(without_provenance_mut::<u8>(start).cast_const(), len)
    }

    #[test]
    fn readers_share_and_writers_exclude() {
        let (a, b) = (object(16), object(32));
        let mut table = Table::new();
        let readers = [(); 2].map(|()| table.enter(null_mut(), a, Access::Read).unwrap());
        assert_eq!(table.enter(null_mut(), a, Access::Write), Err(Access::Read));
        assert_eq!(table.ask(a, Access::Write), Err(Access::Read));
        assert_eq!(table.ask(a, Access::Read), Ok(()));
        assert_eq!(table.ask(b, Access::Write), Ok(()));
        for slot in readers {
            table.leave(slot);
        }
        table.enter(null_mut(), a, Access::Write).unwrap();
        assert_eq!(table.ask(a, Access::Read), Err(Access::Write));
        assert_eq!(table.owners(Guard::writes).len(), 1);
    }

    #[test]
    fn memory_counts_and_not_only_objects() {
        let mut table = Table::new();
        let whole = table.enter(null_mut(), bytes(16, 1000, 80), Access::Read).unwrap();
        for (start, len, free) in [
            (920, 80, true),
            (921, 80, false),
            (1040, 1, false),
            (1079, 8, false),
            (1080, 8, true),
            (1040, 0, true),
        ] {
            let found = table.ask(bytes(32, start, len), Access::Write);
            assert_eq!(found.is_ok(), free, "{start} {len}");
        }
        assert_eq!(table.ask(bytes(32, 1000, 80), Access::Read), Ok(()));
        // A guard may be extended over its own memory, but not over that of others.
        let memory = bytes(32, 1060, 8);
        let other = table.enter(null_mut(), object(32), Access::Write).unwrap();
        assert_eq!(table.cover(other, memory), Err(Access::Read));
        table.leave(whole);
        assert_eq!(table.cover(other, memory), Ok(()));
        assert_eq!(table.cover(other, memory), Ok(()));
        assert_eq!(table.ask(bytes(48, 1067, 1), Access::Read), Err(Access::Write));
    }

    #[test]
    fn eight_guards_need_no_heap_and_slots_are_used_again() {
        let mut table = Table::new();
        let slots: Vec<usize> =
            (1..=8).map(|i| table.enter(null_mut(), object(i), Access::Write).unwrap()).collect();
        assert_eq!(table.more.capacity(), 0);
        let ninth = table.enter(null_mut(), object(9), Access::Write).unwrap();
        assert_eq!((table.alive(), table.more.len()), (9, 1));
        table.leave(slots[3]);
        assert_eq!(table.enter(null_mut(), object(10), Access::Read), Ok(slots[3]));
        table.leave(ninth);
        // A repeated call has no effect.
        table.leave(ninth);
        assert_eq!(table.alive(), 8);
        assert_eq!(table.enter(null_mut(), object(11), Access::Read), Ok(ninth));
    }

    #[test]
    fn owners_are_counted_with_all_their_guards() {
        let mut table = Table::new();
        let [a, b, c] = [16, 32, 64].map(without_provenance_mut);
        for (owner, matrix) in [(a, true), (b, true), (a, false), (c, false)] {
            let slot = table.enter(owner, Region::object(owner), Access::Read).unwrap();
            table.guard(slot).unwrap().matrix = matrix;
        }
        assert_eq!(table.owners(|guard| guard.matrix), [(a, 2), (b, 1)]);
        assert_eq!(table.owners(Guard::writes), []);
    }

    #[derive(Clone, Debug)]
    enum Step {
        Enter(Region, Access),
        Cover(usize, Region),
        Leave(usize),
        Ask(Region, Access),
    }

    fn step() -> impl Strategy<Value = Step> {
        let region = (1_usize..6, 1_usize..40, 0_usize..8)
            .prop_map(|(address, start, len)| bytes(address, start, len));
        let access = prop_oneof![Just(Access::Read), Just(Access::Write)];
        prop_oneof![
            4 => (region.clone(), access.clone()).prop_map(|(r, a)| Step::Enter(r, a)),
            2 => (0_usize..16, region.clone()).prop_map(|(i, r)| Step::Cover(i, r)),
            2 => (0_usize..16).prop_map(Step::Leave),
            2 => (region, access).prop_map(|(r, a)| Step::Ask(r, a)),
        ]
    }

    /// A guard of the model: its slot, object, individual bytes, and whether it writes.
    struct Model(usize, usize, Vec<usize>, bool);

    fn refused(model: &[Model], slot: Option<usize>, region: Region, write: bool) -> bool {
        model.iter().any(|Model(other, object, bytes, writes)| {
            let meets = (region.start..region.end).any(|byte| bytes.contains(&byte));
            Some(*other) != slot && (write || *writes) && (*object == region.object || meets)
        })
    }

    proptest! {
        #[test]
        fn the_table_agrees_with_sets_of_bytes(steps in prop::collection::vec(step(), 1..200)) {
            let (mut table, mut model) = (Table::new(), Vec::<Model>::new());
            for step in steps {
                match step {
                    Step::Enter(region, access) => {
                        let write = access == Access::Write;
                        let refused = refused(&model, None, region, write);
                        let slot = if model.is_empty() {
                            table.enter_first(null_mut(), region, access);
                            Ok(Table::FIRST)
                        } else {
                            table.enter(null_mut(), region, access)
                        };
                        prop_assert_eq!(slot.is_err(), refused);
                        if let Ok(slot) = slot {
                            prop_assert!(model.iter().all(|known| known.0 != slot));
                            let bytes = (region.start..region.end).collect();
                            model.push(Model(slot, region.object, bytes, write));
                        }
                    }
                    Step::Cover(i, memory) if i < model.len() => {
                        let (slot, address, write) = (model[i].0, model[i].1, model[i].3);
                        let region = object(address).with_memory_of(memory);
                        let refused = refused(&model, Some(slot), region, write);
                        prop_assert_eq!(table.cover(slot, memory).is_err(), refused);
                        if !refused {
                            model[i].2 = (memory.start..memory.end).collect();
                        }
                    }
                    Step::Leave(i) if i < model.len() => table.leave(model.swap_remove(i).0),
                    Step::Ask(region, access) => {
                        let refused = refused(&model, None, region, access == Access::Write);
                        prop_assert_eq!(table.ask(region, access).is_err(), refused);
                    }
                    Step::Cover(..) | Step::Leave(_) => {}
                }
                prop_assert_eq!(table.alive(), model.len());
            }
        }
    }
}
