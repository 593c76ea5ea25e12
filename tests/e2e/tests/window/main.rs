//! The real window, as a person has it before them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod beside;
mod falling;
mod hostile;
mod instances;
mod locked;
mod looks;
mod notices;
mod offline;
mod outside;
mod searching;
mod signing_in;
mod sizes;
