//! A client as small as can be: HTTP/1.1 over one connection that is kept, so that the load costs little beside what
//! is measured.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub body: Vec<u8>,
    /// The value of the session's cookie, where one was set.
    pub session: Option<String>,
}

/// A connection that is kept, and made again where the server closed it.
#[derive(Debug)]
pub struct Connection {
    address: SocketAddr,
    stream: Option<BufReader<TcpStream>>,
}

/// An answer that takes longer is no answer.
const PATIENCE: Duration = Duration::from_secs(60);

impl Connection {
    pub const fn to(address: SocketAddr) -> Self {
        Self { address, stream: None }
    }

    /// Sends a whole request and reads the whole answer.
    pub fn send(&mut self, request: &[u8]) -> Result<Reply, String> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => self.connect()?,
        };
        stream.get_mut().write_all(request).map_err(|e| format!("sending: {e}"))?;
        let reply = read(&mut stream)?;
        self.stream = Some(stream);
        Ok(reply)
    }

    fn connect(&self) -> Result<BufReader<TcpStream>, String> {
        let stream = TcpStream::connect(self.address).map_err(|e| format!("connecting: {e}"))?;
        stream.set_nodelay(true).map_err(|e| e.to_string())?;
        stream.set_read_timeout(Some(PATIENCE)).map_err(|e| e.to_string())?;
        Ok(BufReader::with_capacity(64 * 1024, stream))
    }
}

fn read(stream: &mut BufReader<TcpStream>) -> Result<Reply, String> {
    let mut line = String::new();
    let mut next = |line: &mut String| {
        line.clear();
        match stream.read_line(line) {
            Ok(0) => Err("the server closed the connection".to_owned()),
            Ok(_) => Ok(()),
            Err(e) => Err(format!("reading: {e}")),
        }
    };
    next(&mut line)?;
    let status = line.split(' ').nth(1).and_then(|code| code.parse().ok()).ok_or("no status line")?;
    let mut length = 0;
    let mut session = None;
    loop {
        next(&mut line)?;
        let header = line.trim_end();
        if header.is_empty() {
            break;
        }
        let Some((name, value)) = header.split_once(": ") else { continue };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.parse().map_err(|_| "no length".to_owned())?;
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            return Err("an answer in chunks is not read here".to_owned());
        } else if name.eq_ignore_ascii_case("set-cookie") {
            let secret = value.strip_prefix("saan_session=").and_then(|rest| rest.split(';').next());
            session = secret.map(str::to_owned).or(session);
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).map_err(|e| format!("reading: {e}"))?;
    Ok(Reply { status, body, session })
}

/// A request for a page, with the cookie of somebody's session.
pub fn get(path: &str, session: &str) -> Vec<u8> {
    format!(
        "GET {path} HTTP/1.1\r\nHost: saan.bench\r\nCookie: saan_session={session}; saan_lang=th\r\nAccept: text/html\r\n\r\n"
    )
    .into_bytes()
}

/// A form that is sent, from an address that stands in a header as behind a proxy.
pub fn post(path: &str, session: &str, fields: &[(&str, &str)], from: &str) -> Vec<u8> {
    let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
    let body = body.join("&");
    format!(
        "POST {path} HTTP/1.1\r\nHost: saan.bench\r\nCookie: saan_session={session}; saan_lang=th\r\n\
         Sec-Fetch-Site: same-origin\r\nX-Forwarded-For: {from}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// As in an address or a form.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 3);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
