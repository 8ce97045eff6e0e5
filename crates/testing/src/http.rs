//! The other side of a message that leaves by HTTP: it keeps every request and answers as a test says, also not at all.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// One answer.
#[derive(Debug, Clone)]
pub enum Says {
    /// Status, one header as it stands on the wire or nothing, body.
    Status(u16, &'static str, &'static str),
    /// Reads the request and hangs up.
    HangsUp,
}

/// A request as it came.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// `POST /path`
    pub line: String,
    /// Names in small letters.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Request {
    /// A header's value, or an empty text.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
    }
}

#[derive(Debug, Default)]
struct State {
    says: VecDeque<Says>,
    requests: Vec<Request>,
}

/// The peer, on a free port, as long as the test runs.
#[derive(Debug, Clone)]
pub struct Peer {
    pub address: SocketAddr,
    state: Arc<Mutex<State>>,
}

impl Peer {
    /// Starts it; when it has said everything it says 201.
    ///
    /// # Panics
    /// When no port is free.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a test without its peer has failed")]
    pub fn start(says: &[Says]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let state = State { says: says.iter().cloned().collect(), requests: Vec::new() };
        let peer =
            Self { address: listener.local_addr().expect("its address"), state: Arc::new(Mutex::new(state)) };
        let served = peer.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let served = served.clone();
                std::thread::spawn(move || served.converse(stream));
            }
        });
        peer
    }

    /// `http://127.0.0.1:…`
    #[must_use]
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What came so far.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.state().requests.clone()
    }

    /// What it says from now on, after what it has not said yet.
    pub fn will_say(&self, says: &[Says]) {
        self.state().says.extend(says.iter().cloned());
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn converse(&self, stream: TcpStream) -> std::io::Result<()> {
        let mut out = stream.try_clone()?;
        let mut reader = BufReader::new(stream);
        while let Some(request) = read(&mut reader)? {
            let says = {
                let mut state = self.state();
                state.requests.push(request);
                state.says.pop_front().unwrap_or(Says::Status(201, "", ""))
            };
            let Says::Status(status, header, body) = says else { return Ok(()) };
            let header = if header.is_empty() { String::new() } else { format!("{header}\r\n") };
            write!(out, "HTTP/1.1 {status} said\r\n{header}content-length: {}\r\n\r\n{body}", body.len())?;
        }
        Ok(())
    }
}

fn read(reader: &mut BufReader<TcpStream>) -> std::io::Result<Option<Request>> {
    let mut request = Request::default();
    if reader.read_line(&mut request.line)? == 0 {
        return Ok(None);
    }
    request.line = request.line.trim_end().trim_end_matches(" HTTP/1.1").to_owned();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        request.headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    request.body = vec![0; request.header("content-length").parse().unwrap_or(0)];
    reader.read_exact(&mut request.body)?;
    Ok(Some(request))
}
