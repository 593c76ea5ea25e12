//! `cargo xtask shots`: screenshots of the real app, for eyes, into `docs/shots`.

use crate::{
    asked_for_help, only_known,
    stop::{Outcome, Stop},
};

const HELP: &str = "\
cargo xtask shots

  Screenshots of sign-in, chats light and dark, and 420 px wide, of the real app on a hidden screen, with the demo's
  organisation. Linux only.";

/// Make them.
pub(crate) fn run(args: &[String]) -> Outcome {
    if asked_for_help(args, HELP) {
        return Ok(());
    }
    only_known(args, &[])?;
    Err(Stop::new("not here yet"))
}
