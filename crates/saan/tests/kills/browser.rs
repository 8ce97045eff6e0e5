//! A browser as small as can be, over one connection that is kept.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

pub struct Browser {
    port: u16,
    cookie: String,
    stream: Option<BufReader<TcpStream>>,
}

/// Status, body, and the session's cookie where one was set.
struct Reply(u16, String, Option<String>);

impl Browser {
    pub fn new(port: u16, cookie: &str) -> Self {
        Self { port, cookie: cookie.to_owned(), stream: None }
    }

    /// None when the connection breaks before the whole answer came.
    fn send(&mut self, request: &str) -> Option<Reply> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => {
                let stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
                stream.set_read_timeout(Some(Duration::from_secs(40))).ok()?;
                BufReader::new(stream)
            }
        };
        stream.get_mut().write_all(request.as_bytes()).ok()?;
        let (mut line, mut length, mut cookie) = (String::new(), 0, None);
        stream.read_line(&mut line).ok().filter(|read| *read > 0)?;
        let status = line.split(' ').nth(1)?.parse().ok()?;
        loop {
            line.clear();
            stream.read_line(&mut line).ok().filter(|read| *read > 0)?;
            let Some((name, value)) = line.trim_end().split_once(": ") else { break };
            match name {
                "content-length" => length = value.parse().ok()?,
                "set-cookie" if value.starts_with("saan_session=") => {
                    cookie = value.split(';').next().map(str::to_owned);
                }
                _ => {}
            }
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body).ok()?;
        self.stream = Some(stream);
        Some(Reply(status, String::from_utf8_lossy(&body).into_owned(), cookie))
    }

    fn head(&self, method: &str, path: &str) -> String {
        format!(
            "{method} {path} HTTP/1.1\r\nHost: saan.test\r\nCookie: {}\r\nSec-Fetch-Site: same-origin\r\n",
            self.cookie
        )
    }

    pub fn get(&mut self, path: &str) -> Option<(u16, String)> {
        let request = format!("{}\r\n", self.head("GET", path));
        self.send(&request).map(|reply| (reply.0, reply.1))
    }

    fn form(&mut self, path: &str, fields: &[(&str, &str)]) -> Option<Reply> {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = format!(
            "{}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            self.head("POST", path),
            body.len()
        );
        self.send(&request)
    }

    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Option<(u16, String)> {
        self.form(path, fields).map(|reply| (reply.0, reply.1))
    }

    pub fn post_json(&mut self, path: &str, body: &serde_json::Value, key: &str) -> Option<(u16, String)> {
        let body = body.to_string();
        let request = format!(
            "{}Idempotency-Key: {key}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.head("POST", path),
            body.len()
        );
        self.send(&request).map(|reply| (reply.0, reply.1))
    }

    /// Signs in; the cookie of the session.
    pub fn sign_in(&mut self, name: &str, password: &str) -> String {
        let reply = self.form("/joining/sign-in", &[("name", name), ("password", password)]).unwrap();
        reply.2.unwrap_or_else(|| panic!("{name} is signed in: {} {}", reply.0, reply.1))
    }
}
