//! Where things are: the checkout, and the one folder outside it that holds everything that is made.

use std::path::PathBuf;

/// The top of the checkout.
pub(crate) fn checkout() -> PathBuf {
    // Cargo sets the variable for what it runs; the walk serves a copied binary.
    if let Some(manifest) = std::env::var_os("CARGO_MANIFEST_DIR") {
        let mut path = PathBuf::from(manifest);
        path.pop();
        return path;
    }
    let here = std::env::current_dir().unwrap_or_default();
    here.ancestors().find(|folder| folder.join("xtask").is_dir()).map_or_else(|| here.clone(), PathBuf::from)
}

/// The folder for everything that is made: `$TIDINGS_CACHE`, else `~/.cache/tidings`. Outside the checkout, so that a
/// fresh checkout builds in seconds, and one thing to delete.
pub(crate) fn home() -> PathBuf {
    if let Some(folder) = std::env::var_os("TIDINGS_CACHE").filter(|folder| !folder.is_empty()) {
        return folder.into();
    }
    let home = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE"));
    home.map_or_else(std::env::temp_dir, PathBuf::from).join(".cache").join("tidings")
}
