//! Hands checked addresses to the system's browser or mail program.
//!
//! **Invariant:** only a [`LinkTarget`] (http, https, mailto) comes here, and it is one argument of one program, never
//! part of a line that a shell reads.

use tidings_model::LinkTarget;

/// Open an address.
///
/// # Errors
/// The system's own words, when it has no program for it.
pub(crate) fn open_link(target: &LinkTarget) -> Result<(), String> {
    open::that_detached(&target.href).map_err(|error| error.to_string())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

    #[test]
    fn an_address_stays_one_argument_of_a_program() {
        let address = "https://example.org/?a=$(reboot)&b=';x'";
        let commands = open::commands(address);
        assert!(!commands.is_empty());
        for command in commands {
            assert!(!["sh", "bash", "cmd"].contains(&command.get_program().to_str().unwrap()));
            assert_eq!(command.get_args().filter(|argument| *argument == address).count(), 1);
        }
    }
}
