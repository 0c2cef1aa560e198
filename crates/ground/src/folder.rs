//! The data folder `DIR/{sheqiao.toml, db/, files/, keys/, checkpoints/, jobs/}`.
//!
//! `keys/` is readable by the owner only and never part of a backup.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// A data folder whose parts exist.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

impl Folder {
    /// Opens the folder, making what is missing.
    pub fn open(root: &Path) -> io::Result<Self> {
        for part in ["db", "files", "keys", "checkpoints", "jobs"] {
            fs::create_dir_all(root.join(part))?;
        }
        for part in ["", "db", "files", "keys", "checkpoints", "jobs"] {
            private(&root.join(part), 0o700)?;
        }
        Ok(Self(root.to_path_buf()))
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.0
    }

    /// The file of settings.
    pub fn settings(&self) -> PathBuf {
        self.0.join("sheqiao.toml")
    }

    /// The folder of policies that the installation adds to those of the program; it need not be there.
    pub fn policies(&self) -> PathBuf {
        self.0.join("policies")
    }

    /// The SQLite database.
    pub fn database(&self) -> PathBuf {
        self.0.join("db").join("sheqiao.sqlite")
    }

    /// The folder of keys.
    pub fn keys(&self) -> PathBuf {
        self.0.join("keys")
    }

    /// The folder of signed audit checkpoints.
    pub fn checkpoints(&self) -> PathBuf {
        self.0.join("checkpoints")
    }

    /// The demo logins, there only when the folder holds a demo world.
    pub fn demo_logins(&self) -> PathBuf {
        self.0.join("demo-logins.json")
    }

    /// Writes a file that only the owner may read, replacing it in one step.
    pub fn write_private(path: &Path, content: &[u8]) -> io::Result<()> {
        use std::io::Write as _;
        let partial = path.with_extension("partial");
        {
            let mut options = fs::OpenOptions::new();
            options.write(true).create(true).truncate(true);
            #[cfg(unix)]
            {
                use std::os::unix::fs::OpenOptionsExt as _;
                options.mode(0o600);
            }
            let mut file = options.open(&partial)?;
            file.write_all(content)?;
            file.sync_all()?;
        }
        fs::rename(&partial, path)
    }
}

fn private(path: &Path, mode: u32) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(mode))?;
    }
    #[cfg(not(unix))]
    let _ = (path, mode);
    Ok(())
}
