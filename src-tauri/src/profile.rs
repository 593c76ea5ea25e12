//! Where everything of this person on this computer lies.
//!
//! **Invariant:** whatever the program, its webview and its logs write lies under this one folder, readable by this
//! person alone.

use std::{
    io,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use crate::arguments::Arguments;

/// The folder, made if need be.
///
/// # Errors
/// When there is no home folder, or it cannot be made.
pub(crate) fn folder(arguments: &Arguments) -> io::Result<PathBuf> {
    let folder = match &arguments.profile {
        Some(folder) => std::path::absolute(folder)?,
        None => usual().ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "this account has no home folder"))?,
    };
    make_private(&folder)?;
    Ok(folder)
}

/// `$XDG_DATA_HOME/tidings`, `%LOCALAPPDATA%\Tidings` or `~/Library/Application Support/Tidings`.
fn usual() -> Option<PathBuf> {
    let name = if cfg!(target_os = "linux") { "tidings" } else { "Tidings" };
    dirs::data_local_dir().map(|data| data.join(name))
}

#[cfg(unix)]
fn make_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn make_private(folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)
}

/// The name under which a running program with this profile is found on the session bus: `org.tidings.Tidings` for the
/// usual profile, one more element for another, so that two profiles can run side by side.
pub(crate) fn bus_name(arguments: &Arguments, folder: &Path) -> String {
    if arguments.profile.is_none() {
        return "org.tidings.Tidings".to_owned();
    }
    let real = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let digest = Sha256::digest(real.as_os_str().as_encoded_bytes());
    let short: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("org.tidings.Tidings.p{short}")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

    use super::*;

    fn at(folder: &Path) -> Arguments {
        Arguments { profile: Some(folder.to_owned()), ..Arguments::default() }
    }

    #[test]
    fn another_profile_is_another_program_on_the_bus() {
        let place = tempfile::tempdir().unwrap();
        let one = folder(&at(&place.path().join("one"))).unwrap();
        let two = folder(&at(&place.path().join("two"))).unwrap();
        assert_ne!(bus_name(&at(&one), &one), bus_name(&at(&two), &two));
        assert_eq!(bus_name(&at(&one), &one), bus_name(&at(&one), &one.join("../one")));
        assert_eq!(bus_name(&Arguments::default(), &one), "org.tidings.Tidings");
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_can_look_into_the_folder() {
        use std::os::unix::fs::PermissionsExt;
        let place = tempfile::tempdir().unwrap();
        let loose = place.path().join("loose");
        std::fs::create_dir(&loose).unwrap();
        std::fs::set_permissions(&loose, std::fs::Permissions::from_mode(0o755)).unwrap();
        let folder = folder(&at(&loose)).unwrap();
        assert_eq!(folder.metadata().unwrap().permissions().mode() & 0o777, 0o700);
    }
}
