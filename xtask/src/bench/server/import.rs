//! Fifty thousand rows come in while people read and write.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::http::{self, Connection};
use super::process::{self, PROGRAM, Place, Server};
use crate::postgres;

const ROWS: usize = 50_000;

/// A sheet as a coordinator has it: name, nickname, phone, place, organization, what is offered, what is needed.
fn sheet() -> String {
    let given = ["สมชาย", "มาลี", "ประนอม", "บุญมี", "วิไล", "ธงชัย", "กัญญา", "อรุณ"];
    let offers = ["ช่วยขนของ มีรถกระบะ", "สอนทำปุ๋ยหมัก", "ซ่อมหลังคา", "ตัดเย็บเสื้อผ้า", "สอนภาษาอังกฤษเด็ก"];
    let needs = ["หาคนช่วยเกี่ยวข้าว", "อยากเรียนใช้คอมพิวเตอร์", "ต้องการรถเข็นผู้ป่วย", "หาที่ขายผักอินทรีย์"];
    let mut text = String::from("\u{feff}ชื่อ-สกุล,ชื่อเล่น,โทรศัพท์,จังหวัด,หน่วยงาน,สิ่งที่ให้ได้,สิ่งที่ต้องการ\n");
    let pick =
        |words: &[&'static str], n: usize| words.get(n % words.len().max(1)).copied().unwrap_or_default();
    for n in 0..ROWS {
        let line = format!(
            "{} คนที่{n},น้อย{n},08{:08},เชียงใหม่,กลุ่มบ้านที่ {},{},{}\n",
            pick(&given, n),
            n + 10_000_000,
            n / 50,
            pick(&offers, n),
            pick(&needs, n),
        );
        text.push_str(&line);
    }
    text
}

pub fn run(database: &str, scratch: &Path) -> Result<(), String> {
    let cluster = if database == "postgres" { Some(postgres::Server::start_lasting()?) } else { None };
    let folder = scratch.join(format!("import-{database}"));
    let place = cluster.as_ref().map_or_else(|| Place::Folder(folder.clone()), |c| Place::Database(c.url()));
    set_up(&place)?;
    let file = scratch.join("sheet.csv");
    std::fs::write(&file, sheet()).map_err(|e| e.to_string())?;
    let server = Server::start("serve", Some(&place), &scratch.join("import.log"))?;
    let fields = [("name", "bench"), ("password", "saan-bench-1")];
    let reply =
        Connection::to(server.address).send(&http::post("/joining/sign-in", "", &fields, "127.0.0.1"))?;
    let session = reply.session.ok_or("the operator cannot sign in")?;
    let over = AtomicBool::new(false);
    let (outcome, reading, writing) = std::thread::scope(|scope| {
        let over = &over;
        let (address, session) = (server.address, session.as_str());
        let reads = scope.spawn(move || longest(address, over, |_| http::get("/members", session)));
        let writes = scope.spawn(move || {
            longest(address, over, |n| {
                let (once, text) = (format!("import-{n:08}"), format!("รับฝากของ ครั้งที่ {n}"));
                let fields = [
                    ("side", "offer"),
                    ("asked", "1"),
                    ("text", &text),
                    ("mode", "either"),
                    ("terms", "gift"),
                    ("urgency", "whenever"),
                    ("ends", "180"),
                    ("capacity", "4"),
                    ("everywhere", "1"),
                    ("once", &once),
                ];
                http::post("/giving/new", session, &fields, "127.0.0.1")
            })
        });
        let outcome = bring_in(&place, &file);
        over.store(true, Ordering::Relaxed);
        (outcome, reads.join(), writes.join())
    });
    let (seconds, memory) = outcome?;
    let ended = |_| "a thread ended early".to_owned();
    let ((longest_read, reads), (longest_write, writes)) =
        (reading.map_err(ended)??, writing.map_err(ended)??);
    println!("| import of {ROWS} rows, {database} | measured | aim |\n|---|---|---|");
    println!("| from start to end | {seconds:.1} s | < 20 s |");
    println!("| memory at most | {memory:.0} MB | – |");
    let ms = |d: Duration| d.as_secs_f64() * 1000.0;
    println!("| longest wait of {writes} writes meanwhile | {:.0} ms | ≤ 3 s |", ms(longest_write));
    println!("| longest wait of {reads} reads meanwhile | {:.0} ms | not held |\n", ms(longest_read));
    server.kill();
    let _ = std::fs::remove_dir_all(&folder);
    Ok(())
}

fn set_up(place: &Place) -> Result<(), String> {
    let mut child = Command::new(PROGRAM)
        .args(["setup", "--operator", "bench", "--network", "เครือข่ายทดสอบ", "--password-stdin"])
        .args(place.arguments())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .map_err(|e| format!("{PROGRAM}: {e}"))?;
    if let Some(mut stdin) = child.stdin.take() {
        use std::io::Write as _;
        stdin.write_all(b"saan-bench-1\n").map_err(|e| e.to_string())?;
    }
    let status = child.wait().map_err(|e| e.to_string())?;
    if status.success() { Ok(()) } else { Err("setup failed".to_owned()) }
}

/// How long it takes, and the memory it takes at most.
fn bring_in(place: &Place, file: &Path) -> Result<(f64, f64), String> {
    let began = Instant::now();
    let mut child = Command::new(PROGRAM)
        .args(["import", "--yes", "--network", "เครือข่ายทดสอบ"])
        .args(place.arguments())
        .arg(file)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .map_err(|e| format!("{PROGRAM}: {e}"))?;
    let mut most: f64 = 0.0;
    loop {
        most = most.max(process::memory_of(child.id()).1);
        match child.try_wait().map_err(|e| e.to_string())? {
            Some(status) if status.success() => return Ok((began.elapsed().as_secs_f64(), most)),
            Some(status) => return Err(format!("import: {status}")),
            None => std::thread::sleep(Duration::from_millis(20)),
        }
    }
}

/// Sends one request after the other until it is over; the longest wait, and how many there were.
fn longest(
    address: std::net::SocketAddr,
    over: &AtomicBool,
    request: impl Fn(usize) -> Vec<u8>,
) -> Result<(Duration, usize), String> {
    let mut connection = Connection::to(address);
    let (mut longest, mut count) = (Duration::ZERO, 0);
    while !over.load(Ordering::Relaxed) {
        let began = Instant::now();
        let reply = connection.send(&request(count))?;
        if reply.status >= 400 {
            return Err(format!("{}: {}", reply.status, String::from_utf8_lossy(&reply.body)));
        }
        longest = longest.max(began.elapsed());
        count += 1;
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok((longest, count))
}
