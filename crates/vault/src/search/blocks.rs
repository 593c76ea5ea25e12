//! Every word of the index once, on the disk: sorted, each without what it shares with the one before it.
//!
//! Rows from 1 on are *blocks*: sorted words, one block after the other. Rows below 0 are words that came since, a row
//! for each transaction that met new ones; when they are many, they are merged into the blocks.
//!
//! **Invariant:** a word that was removed is in no row.
//! **Invariant:** ids of blocks have no holes, and no block is empty: a word is found by halving.
//! **Invariant:** reading is total: damage loses words and is no error.
//!
//! A word may stand in a block and in a newer row too, until they are merged: a program that has just begun does not
//! know yet which words are kept.
//!
//! Refused: a table with a row for each word (as many bytes again as the words have, and nearly every new word changed a
//! page of its own).

use std::collections::{BTreeMap, BTreeSet};

use memchr::{memchr, memmem};
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::Result;

/// Bytes of a block: it fills a page.
const BLOCK: usize = 3_900;
/// Rows of new words before they are merged, and one more for so many blocks.
const LOOSE: i64 = 64;
const BLOCKS_FOR_ONE: i64 = 16;

/// Words that are looked for in a row one by one.
const FEW: usize = 8;

/// Keep words that are in no row.
pub(super) fn add(db: &Connection, words: &[String]) -> Result<()> {
    if words.is_empty() {
        return Ok(());
    }
    let (first, last) = ends(db)?;
    let row = first.min(0).saturating_sub(1);
    db.prepare_cached("INSERT INTO vocabulary (id, words) VALUES (?1, ?2)")?
        .execute(params![row, format!("\n{}\n", words.join("\n")).into_bytes()])?;
    if row < -LOOSE - last / BLOCKS_FOR_ONE { merge(db) } else { Ok(()) }
}

/// Read all words.
pub(super) fn read(db: &Connection, mut each: impl FnMut(&str)) -> Result<()> {
    let mut query = db.prepare_cached("SELECT id, words FROM vocabulary ORDER BY id")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let words = row.get_ref(1)?.as_blob()?;
        if row.get::<_, i64>(0)? > 0 {
            unpack(words, &mut each);
        } else {
            lines(words).for_each(&mut each);
        }
    }
    Ok(())
}

/// Remove words for good.
pub(super) fn remove(db: &Connection, words: &BTreeSet<&str>) -> Result<()> {
    let (first, last) = ends(db)?;
    let mut update = db.prepare_cached("UPDATE vocabulary SET words = ?2 WHERE id = ?1")?;
    let mut delete = db.prepare_cached("DELETE FROM vocabulary WHERE id = ?1")?;
    // A few words are looked for in a row; many are known when the row is read.
    let needles: Option<Vec<String>> =
        (words.len() <= FEW).then(|| words.iter().map(|word| format!("\n{word}\n")).collect());
    for id in first..0 {
        let Some(row) = row(db, id)? else { continue };
        let concerns = match &needles {
            Some(needles) => needles.iter().any(|needle| memmem::find(&row, needle.as_bytes()).is_some()),
            None => lines(&row).any(|word| words.contains(word)),
        };
        if !concerns {
            continue;
        }
        let kept: Vec<&str> = lines(&row).filter(|word| !words.contains(word)).collect();
        if kept.is_empty() {
            delete.execute([id])?;
        } else {
            update.execute(params![id, format!("\n{}\n", kept.join("\n")).into_bytes()])?;
        }
    }
    let mut blocks: BTreeMap<i64, Vec<u8>> = BTreeMap::new();
    // Words come sorted: those up to the end of a block that was found are in it or in none.
    let mut end = String::new();
    for word in words.iter().filter(|_| last > 0) {
        if blocks.is_empty() || *word > end.as_str() {
            let Some((id, block)) = block_of(db, last, word)? else { continue };
            unpack(&block, |word| word.clone_into(&mut end));
            blocks.insert(id, block);
        }
    }
    let mut emptied = false;
    for (id, block) in blocks {
        let mut kept = Packer::default();
        unpack(&block, |word| {
            if !words.contains(word) {
                kept.push(word);
            }
        });
        emptied |= kept.block.is_empty();
        if kept.block.len() != block.len() {
            update.execute(params![id, kept.block])?;
        }
    }
    if emptied { merge(db) } else { Ok(()) }
}

/// Remove all words.
pub(super) fn clear(db: &Connection) -> Result<()> {
    db.prepare_cached("DELETE FROM vocabulary")?.execute([])?;
    Ok(())
}

/// Keep words that come sorted, where none are.
pub(crate) fn fill(db: &Connection, words: impl FnOnce(&mut dyn FnMut(&str)) -> Result<()>) -> Result<()> {
    let mut packer = Packer::default();
    words(&mut |word| packer.push(word))?;
    write(db, packer.finish())
}

/// Sort what came since into the blocks.
fn merge(db: &Connection) -> Result<()> {
    let (first, last) = ends(db)?;
    let mut new = BTreeSet::new();
    for id in first..0 {
        let row = row(db, id)?.unwrap_or_default();
        new.extend(lines(&row).map(str::to_owned));
    }
    let mut new = new.into_iter().peekable();
    let mut packer = Packer::default();
    for id in 1..=last {
        unpack(&row(db, id)?.unwrap_or_default(), |word| {
            while let Some(before) = new.next_if(|new| new.as_str() < word) {
                packer.push(&before);
            }
            new.next_if(|new| new == word);
            packer.push(word);
        });
    }
    new.for_each(|word| packer.push(&word));
    clear(db)?;
    write(db, packer.finish())
}

fn write(db: &Connection, blocks: Vec<Vec<u8>>) -> Result<()> {
    let mut insert = db.prepare_cached("INSERT INTO vocabulary (id, words) VALUES (?1, ?2)")?;
    for (id, block) in (1_i64..).zip(blocks) {
        insert.execute(params![id, block])?;
    }
    Ok(())
}

/// The lowest id and the highest; 0 for none.
fn ends(db: &Connection) -> Result<(i64, i64)> {
    let mut query = db.prepare_cached(
        "SELECT ifnull((SELECT min(id) FROM vocabulary), 0), ifnull((SELECT max(id) FROM vocabulary), 0)",
    )?;
    Ok(query.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

fn row(db: &Connection, id: i64) -> Result<Option<Vec<u8>>> {
    let mut query = db.prepare_cached("SELECT words FROM vocabulary WHERE id = ?1")?;
    Ok(query.query_row([id], |row| row.get(0)).optional()?)
}

/// The block where a word stands, if it stands in one: the last that begins with it or before it.
fn block_of(db: &Connection, last: i64, word: &str) -> Result<Option<(i64, Vec<u8>)>> {
    let (mut low, mut high) = (1, last);
    let mut found = None;
    while low <= high {
        let middle = low.saturating_add(high) / 2;
        let Some(block) = row(db, middle)? else { break };
        if begin(&block) <= word.as_bytes() {
            found = Some((middle, block));
            low = middle.saturating_add(1);
        } else {
            high = middle.saturating_sub(1);
        }
    }
    Ok(found)
}

/// The first word of a block.
fn begin(block: &[u8]) -> &[u8] {
    let word = block.get(1..).unwrap_or_default();
    memchr(b'\n', word).and_then(|end| word.get(..end)).unwrap_or(word)
}

fn lines(row: &[u8]) -> impl Iterator<Item = &str> {
    row.split(|byte| *byte == b'\n').filter_map(|word| std::str::from_utf8(word).ok()).filter(|word| !word.is_empty())
}

/// Sorted words become blocks: of each word, how many bytes it shares with the one before, and the rest with a line
/// feed, which no word has.
#[derive(Default)]
struct Packer {
    full: Vec<Vec<u8>>,
    block: Vec<u8>,
    last: String,
}

impl Packer {
    fn push(&mut self, word: &str) {
        if !self.block.is_empty() && self.block.len().saturating_add(word.len()).saturating_add(2) > BLOCK {
            self.full.push(std::mem::take(&mut self.block));
            self.last.clear();
        }
        let shared =
            self.last.bytes().zip(word.bytes()).take(usize::from(u8::MAX)).take_while(|(one, other)| one == other);
        let shared = u8::try_from(shared.count()).unwrap_or_default();
        self.block.push(shared);
        self.block.extend(word.bytes().skip(usize::from(shared)));
        self.block.push(b'\n');
        word.clone_into(&mut self.last);
    }

    fn finish(mut self) -> Vec<Vec<u8>> {
        if !self.block.is_empty() {
            self.full.push(self.block);
        }
        self.full
    }
}

/// The words of a block; what is none is left out.
fn unpack(block: &[u8], mut each: impl FnMut(&str)) {
    let mut word: Vec<u8> = Vec::new();
    let mut rest = block;
    while let Some((&shared, after)) = rest.split_first() {
        let Some((end, next)) = memchr(b'\n', after).and_then(|at| after.split_at_checked(at)) else { return };
        word.truncate(usize::from(shared));
        word.extend(end);
        if let Ok(word) = std::str::from_utf8(&word) {
            each(word);
        }
        rest = next.get(1..).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn database() -> Connection {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch(include_str!("../schema/0011_vocabulary.sql")).unwrap();
        db
    }

    fn kept(db: &Connection) -> BTreeSet<String> {
        let mut all = BTreeSet::new();
        read(db, |word| {
            all.insert(word.to_owned());
        })
        .unwrap();
        all
    }

    /// Every byte of every row.
    fn bytes(db: &Connection) -> Vec<u8> {
        let mut query = db.prepare("SELECT id, words FROM vocabulary").unwrap();
        let rows = query.query_map([], |row| row.get::<_, Vec<u8>>(1)).unwrap();
        rows.map(Result::unwrap).collect::<Vec<_>>().concat()
    }

    #[derive(Clone, Debug)]
    enum Step {
        Add(Vec<String>),
        Remove(Vec<String>),
        Merge,
    }

    fn step() -> impl Strategy<Value = Step> {
        let word = || "[a-cé京]{1,4}|(ab){1,64}|😀{60,64}";
        prop_oneof![
            4 => prop::collection::vec(word(), 0..40).prop_map(Step::Add),
            2 => prop::collection::vec(word(), 1..20).prop_map(Step::Remove),
            1 => Just(Step::Merge),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
        #[test]
        fn they_hold_what_a_set_holds(steps in prop::collection::vec(step(), 1..30)) {
            let db = database();
            let mut set: BTreeSet<String> = BTreeSet::new();
            for step in steps {
                match step {
                    Step::Add(words) => {
                        add(&db, &words).unwrap();
                        set.extend(words);
                    }
                    Step::Remove(words) => {
                        remove(&db, &words.iter().map(String::as_str).collect()).unwrap();
                        set.retain(|word| !words.contains(word));
                    }
                    Step::Merge => merge(&db).unwrap(),
                }
                prop_assert_eq!(&kept(&db), &set);
            }
        }

        #[test]
        fn damage_loses_words_and_is_no_error(block in prop::collection::vec(any::<u8>(), 0..200)) {
            unpack(&block, |word| assert!(word.len() <= block.len()));
            lines(&block).for_each(drop);
        }
    }

    #[test]
    fn many_words_are_merged_into_full_blocks_and_each_is_found() {
        let db = database();
        let words: Vec<String> = (0..40_000_u32).map(|n| format!("w{}", n.wrapping_mul(2_654_435_761))).collect();
        for words in words.chunks(100) {
            add(&db, words).unwrap();
        }
        let (first, last) = ends(&db).unwrap();
        assert!(last > 30 && first >= -LOOSE - last / BLOCKS_FOR_ONE, "{first} {last}");
        assert_eq!(kept(&db).len(), words.len());
        merge(&db).unwrap();
        assert_eq!(ends(&db).unwrap().0, 1);
        // One that stands in a block leaves no trace.
        for word in words.iter().step_by(401) {
            remove(&db, &BTreeSet::from([word.as_str()])).unwrap();
        }
        let left = kept(&db);
        assert!(words.iter().step_by(401).all(|word| !left.contains(word)));
        assert_eq!(left.len(), words.len() - words.iter().step_by(401).count());
    }

    #[test]
    fn a_word_that_is_removed_leaves_no_bytes_and_a_block_that_is_emptied_goes() {
        let db = database();
        add(&db, &["harbour".to_owned(), "quay".to_owned()]).unwrap();
        merge(&db).unwrap();
        add(&db, &["quay".to_owned(), "tide".to_owned()]).unwrap();
        remove(&db, &BTreeSet::from(["quay"])).unwrap();
        assert!(memmem::find(&bytes(&db), b"quay").is_none() && memmem::find(&bytes(&db), b"tide").is_some());
        remove(&db, &BTreeSet::from(["harbour", "tide"])).unwrap();
        assert_eq!((bytes(&db), ends(&db).unwrap()), (Vec::new(), (0, 0)));
    }
}
