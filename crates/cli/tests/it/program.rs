//! Running the program and talking to it over loopback.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;

/// The program under test.
pub fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_sheqiao"))
}

/// Runs a command with a password on standard input; gives success and output.
pub fn run(args: &[&str], input: &str) -> (bool, String) {
    let mut child =
        program().args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let out = child.wait_with_output().unwrap();
    (out.status.success(), format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr)))
}

/// A served data folder; killed when dropped.
pub struct Served {
    /// The process.
    pub child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Serves a data folder and waits until it answers.
pub fn serve(data: &Path) -> Served {
    serve_until(data, None).expect("the server ended before it answered")
}

/// The same with `crash` as a plan for `SHEQIAO_CRASH`; none when the work of the start was struck before any answer.
pub fn serve_until(data: &Path, crash: Option<&str>) -> Option<Served> {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    let mut command = program();
    command.args(["serve", "--data", data.to_str().unwrap(), "--listen", &address.to_string()]);
    command.env("RUST_LOG", "error").stdout(Stdio::null()).stderr(Stdio::null());
    if let Some(plan) = crash {
        command.env("SHEQIAO_CRASH", plan);
    }
    let mut served = Served { child: command.spawn().unwrap(), address };
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(120) {
        if call(address, "GET", "/healthz", None, None).is_some() {
            return Some(served);
        }
        if served.child.try_wait().unwrap().is_some() {
            return None;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("the server did not answer within two minutes");
}

/// One request over plain HTTP; none when the connection fails, as it does when the server dies.
pub fn call(
    address: SocketAddr,
    method: &str,
    path: &str,
    token: Option<&str>,
    body: Option<&Value>,
) -> Option<(u16, Value)> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(2)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(20))).ok()?;
    let body = body.map(Value::to_string).unwrap_or_default();
    let token = token.map(|t| format!("authorization: Bearer {t}\r\n")).unwrap_or_default();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{token}content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).ok()?;
    let mut text = String::new();
    stream.read_to_string(&mut text).ok()?;
    let status = text.split_whitespace().nth(1)?.parse().ok()?;
    let json = text.split_once("\r\n\r\n").and_then(|(_, b)| serde_json::from_str(b).ok()).unwrap_or(Value::Null);
    Some((status, json))
}

/// A UUIDv7 for a client-made id.
pub fn id(chance: &ground::chance::Seeded) -> String {
    ground::chance::id(1_795_395_600_000, chance).to_string()
}
