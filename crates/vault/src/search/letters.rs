//! What each letter is to the index, looked up once and then remembered: a text has few different letters, and Unicode's
//! tables take several times as long for each as a look into this one.
//!
//! **Invariant:** a letter that is not [`Folded::Together`] folds to the same wherever it stands: nothing of it can
//! compose with what is beside it (Unicode, UAX #15, "Quick Check": `NFC_QC=Yes`, combining class 0).

use std::sync::atomic::{AtomicU32, Ordering};

use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, is_nfc_quick};

use super::text::{Class, class_by_unicode, fold_together};

/// Letters that are remembered: the Basic Multilingual Plane.
const MANY: usize = 0x1_0000;
/// The low bits: the one letter that it folds to.
const LETTER: u32 = 0x1f_ffff;
/// How it folds.
const FOLDS: u32 = 21;
const NOTHING: u32 = 1;
const ONE: u32 = 2;
const SEVERAL: u32 = 3;
const TOGETHER: u32 = 4;
/// What it is in a text.
const CLASS: u32 = 24;

/// Zero: not looked up yet.
static KNOWN: [AtomicU32; MANY] = [const { AtomicU32::new(0) }; MANY];

/// What a letter is compared as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Folded {
    /// It says nothing.
    Nothing,
    /// One letter.
    One(char),
    /// More than one.
    Several(String),
    /// That depends on what is beside it.
    Together,
}

/// What a letter is in a text.
pub(super) fn class(letter: char) -> Class {
    match known(letter) {
        Some(known) => match known >> CLASS {
            1 => Class::Letter,
            2 => Class::Dense,
            3 => Class::Emoji,
            4 => Class::Joiner,
            _ => Class::Other,
        },
        None => class_by_unicode(letter),
    }
}

/// What a letter is compared as.
pub(super) fn fold(letter: char) -> Folded {
    let Some(known) = known(letter) else { return look_up(letter) };
    match known >> FOLDS & 7 {
        NOTHING => Folded::Nothing,
        ONE => char::from_u32(known & LETTER).map_or(Folded::Together, Folded::One),
        SEVERAL => look_up(letter),
        _ => Folded::Together,
    }
}

fn known(letter: char) -> Option<u32> {
    let place = KNOWN.get(usize::try_from(u32::from(letter)).ok()?)?;
    let known = place.load(Ordering::Relaxed);
    if known != 0 {
        return Some(known);
    }
    let class = match class_by_unicode(letter) {
        Class::Letter => 1,
        Class::Dense => 2,
        Class::Emoji => 3,
        Class::Joiner => 4,
        Class::Other => 5,
    };
    let folds = match look_up(letter) {
        Folded::Nothing => NOTHING << FOLDS,
        Folded::One(folded) => ONE << FOLDS | u32::from(folded),
        Folded::Several(_) => SEVERAL << FOLDS,
        Folded::Together => TOGETHER << FOLDS,
    };
    let known = class << CLASS | folds;
    place.store(known, Ordering::Relaxed);
    Some(known)
}

fn look_up(letter: char) -> Folded {
    let folded = fold_together(letter.encode_utf8(&mut [0; 4]));
    let alone = |letter: char| {
        canonical_combining_class(letter) == 0 && is_nfc_quick(std::iter::once(letter)) == IsNormalized::Yes
    };
    let mut letters = folded.chars();
    match (letters.next(), letters.next()) {
        (None, _) => Folded::Nothing,
        _ if !folded.chars().all(alone) => Folded::Together,
        (Some(only), None) => Folded::One(only),
        _ => Folded::Several(folded),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_remembered_as_they_are() {
        for letter in (0..=0x10_ffff).step_by(7).filter_map(char::from_u32).chain("éßŁς한नि½ﬁİ’\u{301}字👍".chars())
        {
            let (first, again) = (fold(letter), fold(letter));
            assert_eq!((&first, &first), (&again, &look_up(letter)), "{letter:?}");
            assert_eq!(class(letter), class_by_unicode(letter), "{letter:?}");
        }
        assert_eq!(fold('É'), Folded::One('e'));
        assert_eq!(fold('ß'), Folded::Several("ss".to_owned()));
        assert_eq!(fold('\u{301}'), Folded::Nothing);
        assert_eq!(fold('\u{93c}'), Folded::Together, "a mark that is kept");
    }
}
