//! Both sides, and what they made of a story.

use std::cell::Cell;
use std::collections::BTreeSet;

use tokio::runtime::Runtime;

use crate::delivery::{Known, Plan};
use crate::ours::Ours;
use crate::plain;
use crate::reasons::{Case, Reason};
use crate::row::Row;
use crate::story::{Step, Story};
use crate::theirs::Theirs;

/// Both sides. Every story has a room of its own.
pub(crate) struct World {
    runtime: Runtime,
    ours: Ours,
    theirs: Option<Theirs>,
    rooms: Cell<usize>,
}

/// What a story came to.
pub(crate) struct Told {
    /// By the specification.
    pub(crate) plain: Vec<Row>,
    pub(crate) ours: Vec<Row>,
    pub(crate) theirs: Vec<Row>,
    /// Theirs as it would be but for reasons.
    pub(crate) excused: Vec<Row>,
    /// The reasons that were needed.
    pub(crate) needed: BTreeSet<Reason>,
}

impl World {
    pub(crate) fn new() -> Self {
        let runtime = Runtime::new().unwrap();
        let theirs = Some(runtime.block_on(Theirs::new()));
        Self { runtime, ours: Ours::new(), theirs, rooms: Cell::new(0) }
    }

    /// How many stories it was told.
    pub(crate) fn rooms(&self) -> usize {
        self.rooms.get()
    }

    pub(crate) fn tell(&self, steps: &[Step], plan: &Plan) -> Told {
        self.rooms.set(self.rooms.get() + 1);
        let story = Story::new(&format!("!room{}:org.example", self.rooms.get()), steps, plan.modern);
        let pieces = plan.pieces(story.log.len());
        let known = Known::new(&pieces, story.log.len());
        let ours = self.ours.tell(&story, plan, &pieces);
        let theirs = self.theirs.as_ref().expect("it is there until the end");
        let theirs = self.runtime.block_on(theirs.tell(&story, &pieces));
        let case = Case { story: &story, pieces: &pieces, known: &known };
        let (excused, needed) = case.excuse(&ours, &theirs);
        Told { plain: plain::rows(&story, &known), ours, theirs, excused, needed }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        // Its stores close in tasks.
        let _inside = self.runtime.enter();
        self.theirs.take();
    }
}
