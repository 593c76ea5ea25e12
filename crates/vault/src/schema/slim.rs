//! Version 11 keeps the words that are searched side by side, and slimmer indexes of ids.

use rusqlite::Connection;

use crate::Result;
use crate::search::blocks;

/// Move the words of version 10.
pub(super) fn words(db: &Connection) -> Result<()> {
    blocks::fill(db, |each| {
        let mut query = db.prepare("SELECT word FROM word ORDER BY word")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            each(row.get_ref(0)?.as_str()?);
        }
        Ok(())
    })?;
    Ok(db.execute_batch("DROP TABLE word")?)
}
