//! The file of an export: written and read piece by piece, encrypted from the first byte on.
//!
//! Each piece is sealed by itself and begins with its number; the last one says that it is the last. So a piece that was moved,
//! taken out or cut off shows when the file is read.

use std::{path::PathBuf, sync::Arc};

use axum::body::{Body, Bytes};
use ground::Floor;
use kernel::{Id, Outcome, Permit, Problem, Sealed, Secret};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::Scope;

/// The longest sealed piece that is read back.
const LONGEST: u32 = 8 << 20;

fn path(floor: &Floor, id: Id) -> PathBuf {
    floor.folder.root().join("jobs").join(format!("{id}.export"))
}

/// A file of an export that is being written.
pub struct Draught {
    floor: Arc<Floor>,
    file: tokio::fs::File,
    hash: ring::digest::Context,
    pieces: u32,
}

impl Draught {
    /// Begins the file; one from an earlier run is replaced.
    ///
    /// # Errors
    /// The data folder cannot be written.
    pub async fn begin<P: Permit>(scope: &Scope<P>, id: Id) -> Outcome<Self> {
        let floor = scope.floor().clone();
        let mut options = tokio::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        options.mode(0o600);
        let file = options.open(path(&floor, id)).await.map_err(Problem::internal)?;
        Ok(Self { floor, file, hash: ring::digest::Context::new(&ring::digest::SHA256), pieces: 0 })
    }

    /// Adds text.
    ///
    /// # Errors
    /// The disk is full or the cipher fails.
    pub async fn add(&mut self, text: &str) -> Outcome<()> {
        self.hash.update(text.as_bytes());
        self.piece('+', text).await
    }

    async fn piece(&mut self, mark: char, text: &str) -> Outcome<()> {
        let plain = Secret::new(format!("{mark}{}\n{text}", self.pieces));
        let sealed = self.floor.keys.seal(&plain).map_err(Problem::internal)?;
        let length = u32::try_from(sealed.0.len()).map_err(Problem::internal)?;
        self.file.write_all(&length.to_be_bytes()).await.map_err(Problem::internal)?;
        self.file.write_all(&sealed.0).await.map_err(Problem::internal)?;
        self.pieces += 1;
        Ok(())
    }

    /// Ends the file; gives the SHA-256 of what it holds in clear.
    ///
    /// # Errors
    /// The disk is full.
    pub async fn close(mut self) -> Outcome<String> {
        self.piece('.', "").await?;
        self.file.flush().await.map_err(Problem::internal)?;
        self.file.sync_all().await.map_err(Problem::internal)?;
        Ok(hex::encode(self.hash.finish().as_ref()))
    }
}

/// Opens the file to be read once; its name is gone at once, its content with the last byte.
pub(super) async fn take(floor: &Arc<Floor>, id: Id) -> Outcome<tokio::fs::File> {
    let path = path(floor, id);
    let file = tokio::fs::File::open(&path).await.map_err(|_| Problem::NotFound)?;
    tokio::fs::remove_file(&path).await.map_err(Problem::internal)?;
    Ok(file)
}

/// The content in clear, piece by piece; a damaged file breaks the answer off.
pub(super) fn read(floor: Arc<Floor>, mut file: tokio::fs::File) -> Body {
    let stream = async_stream::try_stream! {
        for number in 0_u32.. {
            let mut length = [0_u8; 4];
            file.read_exact(&mut length).await?;
            let length = u32::from_be_bytes(length);
            if length > LONGEST {
                Err::<(), _>(std::io::Error::other("a piece is too long"))?;
            }
            let mut sealed = vec![0; usize::try_from(length).unwrap_or(0)];
            file.read_exact(&mut sealed).await?;
            let plain = floor.keys.open_sealed(&Sealed(sealed)).map_err(std::io::Error::other)?;
            let (head, text) = plain.expose().split_once('\n').unwrap_or_default();
            if head == format!(".{number}") {
                break;
            }
            if head != format!("+{number}") {
                Err::<(), _>(std::io::Error::other("a piece is missing"))?;
            }
            yield Bytes::from(text.to_owned());
        }
    };
    let stream: std::pin::Pin<Box<dyn futures::Stream<Item = std::io::Result<Bytes>> + Send>> = Box::pin(stream);
    Body::from_stream(stream)
}

/// Removes the file once its link has run out.
pub(super) fn forget_later(floor: Arc<Floor>, id: Id, after: i64) {
    tokio::spawn(async move {
        tokio::time::sleep(std::time::Duration::from_millis(u64::try_from(after).unwrap_or(0))).await;
        let _ = tokio::fs::remove_file(path(&floor, id)).await;
    });
}

/// Removes what a stopped process left; called when the server starts, before anybody can export.
///
/// # Errors
/// The folder cannot be read.
pub fn sweep(floor: &Floor) -> std::io::Result<usize> {
    let mut swept = 0;
    for entry in std::fs::read_dir(floor.folder.root().join("jobs"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "export") {
            std::fs::remove_file(path)?;
            swept += 1;
        }
    }
    Ok(swept)
}
