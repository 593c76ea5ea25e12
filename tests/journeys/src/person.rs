//! Somebody in the organisation.

use std::sync::Arc;

use tidings_model::{EventId, RoomId, SignIn, UserId};

use crate::{Seat, World};

/// Somebody in the organisation: an account on the homeserver. Where they sit at a computer is a [`Seat`].
#[derive(Clone)]
pub struct Person {
    inside: Arc<Inside>,
}

struct Inside {
    world: World,
    user: UserId,
    local: String,
    password: String,
}

impl Person {
    pub(crate) fn new(world: World, user: UserId, local: String, password: String) -> Self {
        Self { inside: Arc::new(Inside { world, user, local, password }) }
    }

    /// The world they live in.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.inside.world
    }

    /// The Matrix id.
    #[must_use]
    pub fn user(&self) -> &UserId {
        &self.inside.user
    }

    /// The user name.
    #[must_use]
    pub fn local(&self) -> &str {
        &self.inside.local
    }

    /// The password.
    #[must_use]
    pub fn password(&self) -> &str {
        &self.inside.password
    }

    /// What they type to sign in at this address.
    #[must_use]
    pub fn types(&self, address: &str) -> SignIn {
        SignIn { address: address.to_owned(), user: self.local().to_owned(), password: self.password().to_owned() }
    }

    /// At a new computer, the program started, not signed in.
    pub async fn sits_down(&self) -> Seat {
        let seat = Seat::new(self.clone());
        seat.starts().await.unwrap();
        seat
    }

    /// At a new computer, signed in at the homeserver's own address, and online.
    pub async fn signed_in(&self) -> Seat {
        self.signed_in_at(self.world().url()).await
    }

    /// At a new computer, signed in at this address (a proxy's), and online.
    pub async fn signed_in_at(&self, address: &str) -> Seat {
        let seat = self.sits_down().await;
        seat.signs_in_at(address).await.unwrap();
        seat.is_online().await;
        seat
    }

    /// Says something from another client, in the clear.
    pub fn says(&self, room: &RoomId, body: &str) -> EventId {
        self.world().admin().say(room, &self.inside.user, body, None).unwrap()
    }
}
