//! Journeys: what people do with the program, two at a time, against a real homeserver.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod chatting;
mod complete;
mod counts;
mod damaged;
mod deeds;
mod disk;
mod ended;
mod exclusive;
mod falls;
mod faults;
mod full;
mod gone;
mod healing;
mod history;
mod kept;
mod keyring;
mod logs;
mod notices;
mod odd;
mod offline;
mod places;
mod replayed;
mod restored;
mod search;
mod sign_in;
mod threads;
