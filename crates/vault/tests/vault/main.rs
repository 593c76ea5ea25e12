//! The vault as the engine sees it, on real files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice)]

mod calls;
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
mod polls;
mod projection;
mod retention;
mod salvage;
mod seals;
mod search;
mod search_scan;
mod secrecy;
mod setback;
mod shapes;
mod threads;
mod two_devices;
mod world;
