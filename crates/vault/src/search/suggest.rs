//! "Did you mean": a word that is said, for one that is not.

use super::text::asked;
use crate::{Result, Vault};

/// Shorter words are like too many others.
const SHORTEST: usize = 4;

impl Vault {
    /// The same text with each word that nobody says replaced by the nearest one that somebody does; `None` when there is
    /// none near, or nothing to replace.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn suggest(&self, text: &str) -> Result<Option<String>> {
        self.vocabulary.load(self)?;
        let mut changed = false;
        let mut pieces: Vec<String> = Vec::new();
        for piece in text.split_whitespace().take(8) {
            let word = match asked(piece).as_slice() {
                [word] if word.word.chars().count() >= SHORTEST => word.word.clone(),
                _ => String::new(),
            };
            if word.is_empty() || !self.vocabulary.like(&word, true, 0).is_empty() {
                pieces.push(piece.to_owned());
                continue;
            }
            match self.vocabulary.nearest(&word) {
                Some(near) => {
                    pieces.push(near);
                    changed = true;
                }
                None => return Ok(None),
            }
        }
        Ok(changed.then(|| pieces.join(" ")))
    }
}
