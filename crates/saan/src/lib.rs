//! The program: its command line, settings and wiring. Each command is one file in `commands/`; `server` is the router
//! and what runs beside it; `demo` makes a network of made-up people.

pub mod commands;
pub mod demo;
pub mod server;
