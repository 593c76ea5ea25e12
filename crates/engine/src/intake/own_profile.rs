//! This person as others see them: asked for once after each start, kept for the next.

use matrix_sdk::ruma::api::client::profile::{AvatarUrl, DisplayName};

use crate::{
    backoff,
    fault::Fault,
    session::{News, Session, document::ProfileDocument},
};

/// Ask for the own name and picture.
pub(crate) async fn refresh(session: &Session) {
    let Some(client) = session.opened_client().await else { return };
    let mut failures = 0;
    let profile = loop {
        match client.account().fetch_user_profile().await {
            Ok(profile) => break profile,
            Err(error) if Fault::of(&error).heals() => {
                session.pause(backoff::wait(failures, None)).await;
                failures += 1;
            }
            Err(_) => return,
        }
    };
    let fresh = ProfileDocument {
        name: profile.get_static::<DisplayName>().ok().flatten(),
        avatar: profile.get_static::<AvatarUrl>().ok().flatten().map(|url| url.to_string()),
    };
    if fresh == ProfileDocument::load(&session.vault) {
        return;
    }
    if let Err(failure) = fresh.save(&session.vault) {
        tracing::warn!("the own profile was not kept: {failure}");
    }
    let _ = session.feed.send(News::Me);
}
