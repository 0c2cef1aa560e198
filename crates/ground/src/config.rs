//! Settings: `sheqiao.toml` in the data folder, overridden by `SHEQIAO_…` in the environment.

use serde::Deserialize;

/// Settings of one process; every one has a default that works for a single station.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// `postgres://…`; empty means the embedded SQLite file of the data folder.
    pub database_url: String,
    /// Connections that read (SQLite), or all connections, half of them for writing (PostgreSQL).
    pub connections: u32,
    /// Name of the proxy that ends TLS in front of us; required beyond loopback unless certificates are given.
    pub behind_proxy: String,
    /// Lets a server with demo accounts listen beyond loopback.
    pub demo_beyond_loopback: bool,
    /// At most so many password hashes at once (19 MiB each).
    pub concurrent_hashes: usize,
    /// Requests per minute one account may make.
    pub requests_per_minute: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            database_url: String::new(),
            connections: 4,
            behind_proxy: String::new(),
            demo_beyond_loopback: false,
            concurrent_hashes: 4,
            requests_per_minute: 1_200,
        }
    }
}

/// Why settings could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file is there but cannot be read.
    #[error("cannot read {0}: {1}")]
    Read(String, std::io::Error),
    /// The file or a variable holds something else than expected.
    #[error("settings are not valid: {0}")]
    Parse(#[from] toml::de::Error),
}

impl Config {
    /// Reads the file (when there is one) and the environment.
    pub fn read(path: &std::path::Path) -> Result<Self, ConfigError> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(ConfigError::Read(path.display().to_string(), error)),
        };
        Self::merge(&text, std::env::vars())
    }

    fn merge(text: &str, env: impl Iterator<Item = (String, String)>) -> Result<Self, ConfigError> {
        let mut table: toml::Table = toml::from_str(text)?;
        for (name, value) in env {
            let Some(key) = name.strip_prefix("SHEQIAO_") else { continue };
            let key = key.to_ascii_lowercase();
            if !KEYS.contains(&key.as_str()) {
                continue;
            }
            let value = match (value.parse::<i64>(), value.parse::<bool>()) {
                (Ok(n), _) => toml::Value::Integer(n),
                (_, Ok(b)) => toml::Value::Boolean(b),
                _ => toml::Value::String(value),
            };
            table.insert(key, value);
        }
        Ok(table.try_into()?)
    }
}

const KEYS: &[&str] = &[
    "database_url",
    "connections",
    "behind_proxy",
    "demo_beyond_loopback",
    "concurrent_hashes",
    "requests_per_minute",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_wins_over_the_file() {
        let env = [("SHEQIAO_CONNECTIONS".to_owned(), "9".to_owned()), ("HOME".to_owned(), "x".to_owned())];
        let config = Config::merge("connections = 2\ndemo_beyond_loopback = true", env.into_iter()).unwrap();
        assert_eq!(config.connections, 9);
        assert!(config.demo_beyond_loopback);
    }

    #[test]
    fn an_unknown_setting_is_refused() {
        assert!(Config::merge("conections = 2", std::iter::empty()).is_err());
    }
}
