//! The press (打印): documents of blocks become files in a child process of the same program, so that a hostile or endless
//! document costs one child and never the server. The child puts narrower limits on itself before it reads anything
//! (no files, no network, bounded memory and processor time); here are those that need somebody outside: the time on the
//! wall, how many children there are, how many callers wait, how large a file may become.

use std::{
    ffi::OsString,
    path::PathBuf,
    process::Stdio,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use kernel::{
    Outcome, Problem,
    paper::{Answer, Document, Format, Order},
    problem::Text,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    process::{Child, Command},
    sync::Semaphore,
    time::timeout,
};

/// Word of the command line that turns the program into a printing child.
pub const CHILD: &str = "print-child";

/// Bytes of a document; the child takes no more than a little above.
const MOST_IN: usize = 2 << 20;
/// Bytes of a file.
const MOST_OUT: u64 = 16 << 20;

/// How much the press does at once.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Children at once.
    pub children: usize,
    /// Callers that may wait for one.
    pub waiting: usize,
    /// Time for one document, once its child has begun.
    pub time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { children: 2, waiting: 8, time: Duration::from_secs(30) }
    }
}

/// A printed file.
#[derive(Debug)]
pub struct Printed {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Characters no font has; the paper says so itself.
    pub missing: usize,
}

/// Prints, a few documents at once.
pub struct Press {
    program: PathBuf,
    words: Vec<OsString>,
    limits: Limits,
    slots: Semaphore,
    callers: AtomicUsize,
}

/// One caller inside the press; gone when dropped.
struct Place<'a>(&'a AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Press {
    /// The press of the running program.
    ///
    /// # Errors
    /// The program does not know where it lies (not on Linux).
    pub fn own() -> std::io::Result<Self> {
        // On Linux the child is this very program, also after the file was replaced by a newer one.
        let program =
            if cfg!(target_os = "linux") { PathBuf::from("/proc/self/exe") } else { std::env::current_exe()? };
        Ok(Self::of(program, [CHILD.into()], Limits::default()))
    }

    /// A press with another program, which reads [`Order`] and document and writes [`Answer`] and file.
    pub fn of(program: PathBuf, words: impl IntoIterator<Item = OsString>, limits: Limits) -> Self {
        Self {
            program,
            words: words.into_iter().collect(),
            slots: Semaphore::new(limits.children),
            callers: AtomicUsize::new(0),
            limits,
        }
    }

    /// Prints a document.
    ///
    /// # Errors
    /// Busy (503) when too many wait or it takes too long; refused when the document or the file is too large.
    pub async fn print(&self, document: &Document, format: Format) -> Outcome<Printed> {
        let mut input = serde_json::to_vec(&Order { format }).map_err(Problem::internal)?;
        input.push(b'\n');
        serde_json::to_writer(&mut input, document).map_err(Problem::internal)?;
        if input.len() > MOST_IN {
            return Err(too_large());
        }
        let inside = self.callers.fetch_add(1, Ordering::SeqCst);
        let _place = Place(&self.callers);
        if inside >= self.limits.children + self.limits.waiting {
            metrics::counter!("sheqiao_print_refused").increment(1);
            return Err(Problem::Busy(Text::new(
                "打印的人较多，请过一会儿再试。",
                "Many documents are being printed. Try again in a moment.",
            )));
        }
        let _slot = self.slots.acquire().await.map_err(|_| Problem::Unavailable)?;
        let child = self.child().map_err(Problem::internal)?;
        match timeout(self.limits.time, run(child, &input)).await {
            Ok(printed) => printed,
            // The child is killed when it is dropped.
            Err(_) => {
                tracing::warn!("a document took too long to print");
                Err(Problem::Busy(Text::new(
                    "生成文件超时，请稍后重试；如多次出现，请联系系统管理员。",
                    "Making the file took too long. Try again later; if it happens again, tell the administrator.",
                )))
            }
        }
    }

    fn child(&self) -> std::io::Result<Child> {
        Command::new(&self.program)
            .args(&self.words)
            .env_clear()
            // One thread is enough for a page and keeps the server's processors free.
            .env("RAYON_NUM_THREADS", "1")
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // What a fault says may quote the document; it goes nowhere.
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
    }
}

fn too_large() -> Problem {
    Problem::refused(
        "print.too_large",
        "内容太多，无法生成一份文件，请减少内容后再试。",
        "There is too much for one document; print less at once.",
    )
}

async fn run(mut child: Child, input: &[u8]) -> Outcome<Printed> {
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let (Some(mut stdin), Some(stdout)) = (stdin, stdout) else {
        return Err(Problem::internal("a child without pipes"));
    };
    let write = async move {
        // A child that ends early closes its end; its exit code tells why.
        let _ = stdin.write_all(input).await;
        drop(stdin);
    };
    let read = async move {
        let mut out = Vec::new();
        let taken = stdout.take(MOST_OUT + 1).read_to_end(&mut out).await;
        taken.map(|_| out)
    };
    let ((), out) = tokio::join!(write, read);
    let out = out.map_err(Problem::internal)?;
    if out.len() as u64 > MOST_OUT {
        return Err(too_large());
    }
    let status = child.wait().await.map_err(Problem::internal)?;
    if !status.success() {
        // Without a code a limit ended it: memory or processor time.
        return Err(match status.code() {
            None => {
                tracing::warn!(%status, "a printing child was ended by a limit");
                too_large()
            }
            Some(code) => Problem::internal(format!("the printing child ended with {code}")),
        });
    }
    let end = out.iter().position(|byte| *byte == b'\n').ok_or_else(|| Problem::internal("no answer of the child"))?;
    let (answer, bytes) = out.split_at(end);
    let Answer { missing } = serde_json::from_slice(answer).map_err(Problem::internal)?;
    Ok(Printed { bytes: bytes.get(1..).unwrap_or_default().to_vec(), missing })
}

#[cfg(test)]
mod tests {
    use kernel::paper::Block;

    use super::*;

    fn document(text: &str) -> Document {
        Document {
            title: "明白纸".to_owned(),
            subtitle: String::new(),
            foot: String::new(),
            day: kernel::day::parse("2026-11-23").unwrap(),
            large: false,
            blocks: vec![Block::text(text)],
        }
    }

    fn press(script: &str, limits: Limits) -> Press {
        Press::of("/bin/sh".into(), ["-c".into(), script.into()], limits)
    }

    fn quick() -> Limits {
        Limits { time: Duration::from_millis(300), ..Limits::default() }
    }

    fn rule(problem: &Problem) -> &str {
        match problem {
            Problem::Refused(rule, _) => rule,
            other => other.code(),
        }
    }

    #[tokio::test]
    async fn a_child_gets_the_document_and_gives_the_file_back() {
        let echo = Press::of("/bin/cat".into(), [], Limits::default());
        let printed = echo.print(&document("甲"), Format::Docx).await.unwrap();
        let back: Document = serde_json::from_slice(&printed.bytes).unwrap();
        assert_eq!((back, printed.missing), (document("甲"), 0));
        let counted = press("cat >/dev/null; printf '{\"missing\":2}\\n%%PDF'", Limits::default());
        let printed = counted.print(&document("甲"), Format::Pdf).await.unwrap();
        assert_eq!((printed.bytes.as_slice(), printed.missing), (&b"%PDF"[..], 2));
    }

    #[tokio::test]
    async fn a_child_sees_nothing_of_the_server() {
        let spy = press("cat >/dev/null; printf '{}\\n'; env; pwd; ls /proc/$$/fd | wc -l", Limits::default());
        let seen = String::from_utf8(spy.print(&document(""), Format::Pdf).await.unwrap().bytes).unwrap();
        assert!(!seen.contains("HOME") && !seen.contains("CARGO") && !seen.contains("SHEQIAO"), "{seen}");
        assert!(seen.lines().any(|line| line == "/"), "{seen}");
        assert!(seen.contains("RAYON_NUM_THREADS=1"), "{seen}");
    }

    #[tokio::test]
    async fn an_endless_child_is_killed_and_the_next_one_prints() {
        let mark = tempfile::tempdir().unwrap();
        let pid = mark.path().join("pid");
        let endless = press(&format!("echo $$ > {}; exec sleep 600", pid.display()), quick());
        let problem = endless.print(&document(""), Format::Pdf).await.unwrap_err();
        assert_eq!((problem.status(), problem.code()), (503, "unavailable"));
        let pid = std::fs::read_to_string(&pid).unwrap();
        let state = || std::fs::read_to_string(format!("/proc/{}/stat", pid.trim())).unwrap_or_default();
        for _ in 0..200 {
            // Killed, and waited for by the runtime a little later.
            if !state().contains("(sleep) S") {
                break;
            }
            tokio::task::yield_now().await;
            std::thread::yield_now();
        }
        assert!(!state().contains("(sleep) S"), "{}", state());
        let echo = Press::of("/bin/cat".into(), [], quick());
        assert!(echo.print(&document(""), Format::Pdf).await.is_ok());
    }

    #[tokio::test]
    async fn too_much_is_refused_with_words() {
        let echo = Press::of("/bin/cat".into(), [], Limits::default());
        let problem = echo.print(&document(&"字".repeat(MOST_IN / 3)), Format::Pdf).await.unwrap_err();
        assert_eq!(rule(&problem), "print.too_large");
        let flood = press("cat >/dev/null; printf '{}\\n'; head -c 20000000 /dev/zero", Limits::default());
        assert_eq!(rule(&flood.print(&document(""), Format::Pdf).await.unwrap_err()), "print.too_large");
        let killed = press("kill -9 $$", Limits::default());
        assert_eq!(rule(&killed.print(&document(""), Format::Pdf).await.unwrap_err()), "print.too_large");
        let broken = press("exit 4", Limits::default());
        assert_eq!(rule(&broken.print(&document(""), Format::Pdf).await.unwrap_err()), "internal");
    }

    #[tokio::test]
    async fn who_finds_too_many_waiting_is_told_so_at_once() {
        let limits = Limits { children: 1, waiting: 1, time: Duration::from_millis(400) };
        let slow = press("exec sleep 600", limits);
        let paper = document("");
        let (a, b, c) = tokio::join!(slow.print(&paper, Format::Pdf), slow.print(&paper, Format::Pdf), async {
            tokio::task::yield_now().await;
            let begun = std::time::Instant::now();
            let third = slow.print(&paper, Format::Pdf).await;
            assert!(begun.elapsed() < Duration::from_millis(300));
            third
        });
        let (a, b, c) = (a.unwrap_err(), b.unwrap_err(), c.unwrap_err());
        assert_eq!([a.status(), b.status(), c.status()], [503; 3]);
        assert!(matches!(c, Problem::Busy(text) if text.zh.contains("过一会儿")));
        assert!(matches!(a, Problem::Busy(text) if text.zh.contains("超时")));
        assert_eq!(slow.callers.load(Ordering::SeqCst), 0, "who is done no longer counts");
    }
}
