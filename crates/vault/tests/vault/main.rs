//! The vault as the engine sees it, on real files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice)]

mod counts;
mod forgery;
mod gaps;
mod migration;
mod odd_events;
mod opening;
mod outbox;
mod pages;
mod places;
mod plans;
mod projection;
mod seals;
mod search;
mod secrecy;
mod threads;
mod world;
