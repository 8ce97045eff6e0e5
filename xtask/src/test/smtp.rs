//! A Python interpreter with aiosmtpd, in an environment of its own under `target`: the mail server the tests write to.

use std::path::PathBuf;
use std::process::{Command, Stdio};

const SERVER: &str = "aiosmtpd==1.4.6";

/// The interpreter; made on the first call.
pub fn interpreter() -> Result<PathBuf, String> {
    let folder = super::root().join("target/smtp");
    let python = folder.join("bin/python");
    if runs(Command::new(&python).args(["-c", "import aiosmtpd.smtp"])) {
        return Ok(python);
    }
    let made = runs(Command::new("python3").args(["-m", "venv"]).arg(&folder))
        && runs(Command::new(&python).args(["-m", "pip", "install", "--quiet", SERVER]));
    if made { Ok(python) } else { Err(format!("{SERVER} could not be installed in {}", folder.display())) }
}

fn runs(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}
