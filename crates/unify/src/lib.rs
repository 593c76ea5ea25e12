//! No code: the features that all members' builds share, so that no command rebuilds what another built.
//!
//! Cargo unifies features over the packages it is asked to build, so testing the engine and building the app would each
//! build an SDK of their own. `cargo hakari generate` writes this crate's manifest; see `.config/hakari.toml`.
