use super::{Failure, Globals};

#[derive(Debug, clap::Args)]
pub struct Args {}

pub fn run(_args: &Args, _globals: &Globals) -> Result<(), Failure> {
    Err(Failure::Call("this command is not part of this build yet".to_owned()))
}
