//! What the runners said, added up: each runner's own output is shown as it comes, and its summary is read from it.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

/// Passed and failed tests of all runners so far, and what could not run.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Tally {
    passed: usize,
    failed: usize,
    skipped: Vec<String>,
}

/// What one line of a runner's output adds: passed, failed, left out by the test itself.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    passed: usize,
    failed: usize,
    ignored: usize,
}

impl Tally {
    /// Notes what did not run, and why.
    pub fn skip(&mut self, what: String) {
        self.skipped.push(what);
    }

    /// Runs one runner to its end and adds up the lines that `read` understands.
    pub fn run(
        &mut self,
        name: &str,
        command: &mut Command,
        read: fn(&str) -> Option<Count>,
    ) -> Result<(), String> {
        let failed = |e: std::io::Error| format!("{name}: {e}");
        let mut child = command.stdout(Stdio::piped()).spawn().map_err(failed)?;
        let mut sum = Count::default();
        if let Some(output) = child.stdout.take() {
            for line in BufReader::new(output).split(b'\n') {
                let line = line.map_err(failed)?;
                let line = String::from_utf8_lossy(&line);
                println!("{line}");
                if let Some(count) = read(&line) {
                    sum.passed += count.passed;
                    sum.failed += count.failed;
                    sum.ignored += count.ignored;
                }
            }
        }
        let status = child.wait().map_err(failed)?;
        if sum.ignored > 0 {
            self.skip(format!("{} tests that {name} left out", sum.ignored));
        }
        if !status.success() && sum.failed == 0 {
            // it did not compile, or ended before its summary
            eprintln!("{name}: ended with {status} before it said which test failed");
            sum.failed = 1;
        }
        if status.success() && sum.passed == 0 {
            eprintln!("{name}: ran no test");
        }
        self.passed += sum.passed;
        self.failed += sum.failed;
        Ok(())
    }

    /// Says what was skipped and the sum, on a line of its own; an error where a test failed or, under CI, where
    /// anything was skipped.
    pub fn close(&self, ci: bool) -> Result<(), String> {
        for what in &self.skipped {
            eprintln!("skipped: {what}");
        }
        let skipped_under_ci = ci && !self.skipped.is_empty();
        if skipped_under_ci {
            eprintln!("under CI nothing may be skipped");
        }
        println!("{} passed, {} failed", self.passed, self.failed);
        // the sum is the last word: what went wrong stands above it
        if self.failed > 0 || skipped_under_ci { Err(String::new()) } else { Ok(()) }
    }
}

/// `test result: ok. 12 passed; 0 failed; 1 ignored; …`
pub fn cargo(line: &str) -> Option<Count> {
    let rest = line.strip_prefix("test result: ")?;
    let of = |word: &str| {
        rest.split([';', '.']).find_map(|part| part.trim().strip_suffix(word)?.trim().parse().ok())
    };
    Some(Count { passed: of("passed")?, failed: of("failed")?, ignored: of("ignored")? })
}

/// `ℹ pass 12`, `ℹ fail 0`, `ℹ cancelled 0`, `ℹ skipped 0`, `ℹ todo 0` of Node's own runner.
pub fn node(line: &str) -> Option<Count> {
    let (word, number) = line.strip_prefix("ℹ ")?.split_once(' ')?;
    let number = number.trim().parse().ok()?;
    let nothing = Count::default();
    match word {
        "pass" => Some(Count { passed: number, ..nothing }),
        "fail" | "cancelled" => Some(Count { failed: number, ..nothing }),
        "skipped" | "todo" => Some(Count { ignored: number, ..nothing }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_of_cargo_is_read() {
        let line = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 7 filtered out; finished in 0.02s";
        assert_eq!(cargo(line), Some(Count { passed: 12, failed: 3, ignored: 1 }));
        assert_eq!(cargo("test giving::a_need_is_met ... ok"), None);
    }

    #[test]
    fn a_summary_of_node_is_read() {
        assert_eq!(node("ℹ pass 31"), Some(Count { passed: 31, failed: 0, ignored: 0 }));
        assert_eq!(node("ℹ cancelled 2"), Some(Count { passed: 0, failed: 2, ignored: 0 }));
        assert_eq!(node("ℹ duration_ms 1234.5"), None);
        assert_eq!(node("✔ passes 4"), None);
    }

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn two_runners_are_added_up() {
        let mut tally = Tally::default();
        let said = "test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out";
        tally.run("a", &mut shell(&format!("echo '{said}'; echo '{said}'")), cargo).unwrap();
        tally.run("b", &mut shell("printf 'ℹ pass 3\\nℹ fail 1\\n'; exit 1"), node).unwrap();
        assert_eq!(tally, Tally { passed: 7, failed: 1, skipped: vec![] });
        assert!(tally.close(false).is_err());
    }

    #[test]
    fn a_runner_that_breaks_before_its_summary_is_a_failure() {
        let mut tally = Tally::default();
        tally.run("a", &mut shell("exit 101"), cargo).unwrap();
        assert_eq!(tally.failed, 1);
    }

    #[test]
    fn what_is_skipped_fails_under_ci_alone() {
        let mut tally = Tally::default();
        tally.run("b", &mut shell("printf 'ℹ pass 3\\nℹ skipped 1\\n'"), node).unwrap();
        assert!(tally.close(false).is_ok());
        assert!(tally.close(true).is_err());
    }
}
