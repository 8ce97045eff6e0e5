//! The other side of a letter: a real SMTP server (Python's aiosmtpd, which also reads the letter with Python's own mail
//! library), and a scripted one that refuses, stalls and hangs up where a test says so.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// A Python interpreter that has aiosmtpd; `cargo xtask test` makes one and sets it.
pub const INTERPRETER: &str = "SAAN_TEST_SMTP";

/// A real SMTP server of a test's own, on a free port.
#[derive(Debug)]
pub struct Real {
    child: Child,
    pub port: u16,
    letters: Receiver<String>,
}

impl Real {
    /// Starts it; none where there is no interpreter for it.
    ///
    /// # Panics
    /// When it cannot be started, or when there is no interpreter although `CI` is set.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a test without its peer has failed")]
    pub fn start() -> Option<Self> {
        let Ok(python) = std::env::var(INTERPRETER) else {
            assert!(std::env::var_os("CI").is_none(), "{INTERPRETER} is not set: e-mail would go untested");
            eprintln!("skipped with a real SMTP server: {INTERPRETER} is not set (cargo xtask test sets it)");
            return None;
        };
        let mut child = Command::new(python)
            .args(["-u", "-c", include_str!("../smtp.py")])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the SMTP server starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output is ours"));
        let mut first = String::new();
        lines.read_line(&mut first).expect("it says its port");
        let port = first.trim().parse().expect("a port");
        let (sender, letters) = channel();
        std::thread::spawn(move || {
            for line in lines.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Some(Self { child, port, letters })
    }

    /// The next letter it took, as JSON: `to`, `from`, `subject`, `headers`, `plain`, `html`.
    ///
    /// # Panics
    /// When none comes within half a minute.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a test that waits in vain has failed")]
    pub fn letter(&self) -> String {
        self.letters.recv_timeout(Duration::from_secs(30)).expect("a letter arrives")
    }

    /// Whether another letter is there already.
    #[must_use]
    pub fn more(&self) -> bool {
        self.letters.try_recv().is_ok()
    }
}

impl Drop for Real {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What the scripted server does with one connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    Takes,
    /// 550 5.1.1 to the recipient.
    NobodyHere,
    /// 550 5.7.1 to the recipient: its policy, not the address.
    Policy,
    /// 421 to the recipient, after a moment.
    Busy,
    /// Takes the letter whole and hangs up without a word.
    CutAfterData,
    /// Hangs up after 354, before the letter is whole.
    CutInData,
    /// Says nothing to the recipient, and does not hang up.
    Silent,
    /// Takes the letter whole, says nothing and does not hang up.
    SilentAfterData,
    /// 554 to the letter.
    RefusesWords,
    /// Hangs up at once.
    Closed,
}

/// A server that plays one manner a connection, the last of them for all that follow.
#[derive(Debug)]
pub struct Scripted {
    pub address: SocketAddr,
    taken: Arc<Mutex<Vec<String>>>,
}

impl Scripted {
    /// Starts it.
    ///
    /// # Panics
    /// When no port is free.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a test without its peer has failed")]
    pub fn start(manners: &[Manner]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("its address");
        let taken = Arc::new(Mutex::new(Vec::new()));
        let (manners, letters) = (manners.to_vec(), Arc::clone(&taken));
        std::thread::spawn(move || {
            for (n, stream) in listener.incoming().map_while(Result::ok).enumerate() {
                let manner = manners.get(n).or(manners.last()).copied().unwrap_or(Manner::Takes);
                let letters = Arc::clone(&letters);
                // several may call at once, as they may at a real server; one that hung up is what some tests want
                std::thread::spawn(move || play(stream, manner, &letters));
            }
        });
        Self { address, taken }
    }

    /// The letters whose every byte was received, whatever was answered.
    #[must_use]
    pub fn received(&self) -> Vec<String> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Reads whatever comes and answers nothing, until the other side has lost patience.
fn until_they_hang_up(lines: std::io::Lines<BufReader<TcpStream>>) -> std::io::Result<()> {
    for line in lines {
        line?;
    }
    Ok(())
}

fn play(stream: TcpStream, manner: Manner, letters: &Mutex<Vec<String>>) -> std::io::Result<()> {
    if manner == Manner::Closed {
        return Ok(());
    }
    let mut out = stream.try_clone()?;
    let mut lines = BufReader::new(stream).lines();
    out.write_all(b"220 scripted\r\n")?;
    while let Some(line) = lines.next().transpose()? {
        let word = line.get(..4).unwrap_or_default().to_ascii_uppercase();
        let answer: &[u8] = match word.as_str() {
            "EHLO" => b"250-scripted\r\n250 8BITMIME\r\n",
            "RCPT" => match manner {
                Manner::NobodyHere => b"550 5.1.1 nobody of that name\r\n",
                Manner::Policy => b"550 5.7.1 not from you\r\n",
                Manner::Busy => {
                    std::thread::sleep(Duration::from_millis(200));
                    b"421 4.3.2 too busy\r\n"
                }
                Manner::Silent => return until_they_hang_up(lines),
                _ => b"250 ok\r\n",
            },
            "DATA" => {
                out.write_all(b"354 go on\r\n")?;
                if manner == Manner::CutInData {
                    return Ok(());
                }
                let mut letter = String::new();
                for line in lines.by_ref() {
                    let line = line?;
                    if line == "." {
                        break;
                    }
                    letter.push_str(&line);
                    letter.push('\n');
                }
                letters.lock().unwrap_or_else(PoisonError::into_inner).push(letter);
                match manner {
                    Manner::CutAfterData => return Ok(()),
                    Manner::SilentAfterData => return until_they_hang_up(lines),
                    Manner::RefusesWords => b"554 5.6.0 not these words\r\n",
                    _ => b"250 taken\r\n",
                }
            }
            "QUIT" => {
                out.write_all(b"221 bye\r\n")?;
                return Ok(());
            }
            _ => b"250 ok\r\n",
        };
        out.write_all(answer)?;
    }
    Ok(())
}
