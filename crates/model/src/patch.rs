//! Keyed changes to a list: how a window over the vault tells the page what moved.
//!
//! [`diff`] is deliberately plain: common ends are kept, rows of the same key in between are changed in place, and the
//! rest is removed and inserted. A window is at most a few hundred rows, and almost every change touches one of them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One change to a list. Changes are applied one after another; an index is that of the list at that moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "op", rename_all = "camelCase")]
pub enum Op<T> {
    /// Put a new row before the row that stands at `index` now.
    Insert {
        /// Where.
        index: usize,
        /// What.
        item: T,
    },
    /// Replace the row at `index`; its key stays the same.
    Set {
        /// Where.
        index: usize,
        /// What.
        item: T,
    },
    /// Take the row at `index` away.
    Remove {
        /// Where.
        index: usize,
    },
}

/// The changes that turn `old` into `new`. `key` names a row; keys are unique within a list.
pub fn diff<T: Clone + PartialEq, K: PartialEq>(old: &[T], new: &[T], key: impl Fn(&T) -> K) -> Vec<Op<T>> {
    let mut ops = Vec::new();
    let mut current: Vec<T> = old.to_vec();
    let mut index = 0;
    for item in new {
        let wanted = key(item);
        match current.iter().skip(index).position(|row| key(row) == wanted) {
            Some(0) => {
                if current.get(index) != Some(item) {
                    ops.push(Op::Set { index, item: item.clone() });
                    if let Some(row) = current.get_mut(index) {
                        *row = item.clone();
                    }
                }
            }
            // A row further down: if what stands here is not wanted any more it goes first, else the row moves up.
            Some(ahead) => {
                let mut ahead = ahead;
                while ahead > 0 {
                    let stays = current.get(index).is_some_and(|row| {
                        let here = key(row);
                        new.iter().any(|other| key(other) == here)
                    });
                    if stays {
                        break;
                    }
                    ops.push(Op::Remove { index });
                    current.remove(index);
                    ahead -= 1;
                }
                if ahead > 0 {
                    ops.push(Op::Remove { index: index + ahead });
                    current.remove(index + ahead);
                    ops.push(Op::Insert { index, item: item.clone() });
                    current.insert(index, item.clone());
                } else if current.get(index) != Some(item) {
                    ops.push(Op::Set { index, item: item.clone() });
                    if let Some(row) = current.get_mut(index) {
                        *row = item.clone();
                    }
                }
            }
            None => {
                ops.push(Op::Insert { index, item: item.clone() });
                current.insert(index, item.clone());
            }
        }
        index += 1;
    }
    while current.len() > index {
        let last = current.len() - 1;
        ops.push(Op::Remove { index: last });
        current.truncate(last);
    }
    ops
}

/// Apply changes to a list, as the page does. Out-of-range changes are ignored; the next reset mends them.
pub fn apply<T>(rows: &mut Vec<T>, ops: Vec<Op<T>>) {
    for op in ops {
        match op {
            Op::Insert { index, item } if index <= rows.len() => rows.insert(index, item),
            Op::Set { index, item } => {
                if let Some(row) = rows.get_mut(index) {
                    *row = item;
                }
            }
            Op::Remove { index } if index < rows.len() => {
                rows.remove(index);
            }
            Op::Insert { .. } | Op::Remove { .. } => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn unique(rows: Vec<(u8, u8)>) -> Vec<(u8, u8)> {
        let mut seen = std::collections::BTreeSet::new();
        rows.into_iter().filter(|row| seen.insert(row.0)).collect()
    }

    proptest! {
        #[test]
        fn applying_a_diff_gives_the_new_list(
            old in prop::collection::vec((0u8..40, 0u8..4), 0..40).prop_map(unique),
            new in prop::collection::vec((0u8..40, 0u8..4), 0..40).prop_map(unique),
        ) {
            let ops = diff(&old, &new, |row| row.0);
            let mut rows = old;
            apply(&mut rows, ops);
            prop_assert_eq!(rows, new);
        }
    }

    #[test]
    fn one_new_row_is_one_change() {
        let old: Vec<(u32, u32)> = (0..200).map(|n| (n, 0)).collect();
        let mut new = old.clone();
        new.push((200, 0));
        assert_eq!(diff(&old, &new, |row| row.0), vec![Op::Insert { index: 200, item: (200, 0) }]);
    }

    #[test]
    fn a_row_that_moves_to_the_top_is_two_changes() {
        let old: Vec<(u32, u32)> = (0..200).map(|n| (n, 0)).collect();
        let mut new = old.clone();
        let row = new.remove(150);
        new.insert(0, row);
        assert_eq!(diff(&old, &new, |row| row.0).len(), 2);
    }
}
