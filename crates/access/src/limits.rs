//! Rate limits (限流): requests per account and minute, reveals per hour. Kept in memory; sign-in guesses are kept in the database.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use kernel::{Id, Millis, Problem};

/// Begin of a window and what was used of it.
type Window = (Millis, u32);

/// Fixed windows per key.
pub struct Limits {
    per_minute: u32,
    windows: Mutex<HashMap<(Id, &'static str), Window>>,
}

impl Limits {
    /// Limits with so many requests per account and minute.
    pub fn new(per_minute: u32) -> Self {
        Self { per_minute, windows: Mutex::new(HashMap::new()) }
    }

    /// Counts a request of this account.
    pub fn request(&self, account: Id, now: Millis) -> Result<(), Problem> {
        self.take(account, "request", self.per_minute, 60_000, now)
    }

    /// Counts one use of `what`, at most `most` in a window of `length` milliseconds.
    pub fn take(&self, key: Id, what: &'static str, most: u32, length: Millis, now: Millis) -> Result<(), Problem> {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.len() > 100_000 {
            windows.retain(|_, (from, _)| now - *from < 3_600_000);
        }
        let (from, used) = windows.entry((key, what)).or_insert((now, 0));
        if now - *from >= length {
            (*from, *used) = (now, 0);
        }
        if *used >= most {
            let wait = u64::try_from((*from + length - now).max(0)).unwrap_or(0) / 1_000 + 1;
            return Err(Problem::TooMany(wait));
        }
        *used += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_request_after_the_last_allowed_one_waits_for_the_next_window() {
        let limits = Limits::new(2);
        let me = Id::nil();
        assert!(limits.request(me, 0).is_ok());
        assert!(limits.request(me, 1).is_ok());
        assert_eq!(limits.request(me, 30_000), Err(Problem::TooMany(31)));
        assert!(limits.request(me, 60_000).is_ok());
    }
}
