//! Roles as data (`data/roles.toml`): each permit of a role comes with the rule that says how far it reaches.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;

/// How far a permit of a role reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Rows inside the place of the grant.
    Place,
    /// Rows inside the county of the grant's place (network coverage is readable county-wide).
    County,
    /// Rows inside the place of the grant that name the account as responsible.
    Own,
    /// Rows without a place: accounts, parameters, the audit log.
    All,
}

/// One permit of a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowed {
    /// How far.
    pub rule: Rule,
    /// Names and numbers are masked.
    pub masked: bool,
}

/// One role.
#[derive(Debug, Clone)]
pub struct Role {
    /// Code of `domain.md` §15, for example `SW`.
    pub code: String,
    /// Chinese name.
    pub label: String,
    /// English name.
    pub label_en: String,
    /// What it may do, by permit code.
    pub permits: BTreeMap<String, Allowed>,
    /// Roles the same person may not hold beside it.
    pub never_with: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    role: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    code: String,
    label: String,
    label_en: String,
    #[serde(default)]
    never_with: Vec<String>,
    permits: BTreeMap<String, String>,
}

/// The roles of the product.
#[derive(Debug)]
pub struct Roles(BTreeMap<String, Role>);

static ROLES: LazyLock<Roles> = LazyLock::new(|| match read(include_str!("../../../data/roles.toml")) {
    Ok(roles) => roles,
    Err(error) => {
        // Embedded at build time and covered by a test: a fault here cannot reach a user.
        tracing::error!(%error, "data/roles.toml");
        Roles(BTreeMap::new())
    }
});

fn read(text: &str) -> Result<Roles, String> {
    let file: File = toml::from_str(text).map_err(|e| e.to_string())?;
    let mut roles = BTreeMap::new();
    for entry in file.role {
        let mut permits = BTreeMap::new();
        for (permit, text) in entry.permits {
            permits.insert(permit, allowed(&text).ok_or_else(|| format!("{}: unknown rule {text:?}", entry.code))?);
        }
        roles.insert(
            entry.code.clone(),
            Role {
                code: entry.code,
                label: entry.label,
                label_en: entry.label_en,
                permits,
                never_with: entry.never_with,
            },
        );
    }
    Ok(Roles(roles))
}

fn allowed(text: &str) -> Option<Allowed> {
    let (rule, masked) = match text.split_once('+') {
        Some((rule, "masked")) => (rule, true),
        Some(_) => return None,
        None => (text, false),
    };
    let rule = match rule {
        "place" => Rule::Place,
        "county" => Rule::County,
        "own" => Rule::Own,
        "all" => Rule::All,
        _ => return None,
    };
    Some(Allowed { rule, masked })
}

impl Roles {
    /// The embedded roles.
    pub fn embedded() -> &'static Roles {
        &ROLES
    }

    /// One role.
    pub fn get(&self, code: &str) -> Option<&Role> {
        self.0.get(code)
    }

    /// All roles by code.
    pub fn all(&self) -> impl Iterator<Item = &Role> {
        self.0.values()
    }

    /// Whether one person may hold both roles.
    pub fn may_be_together(&self, a: &str, b: &str) -> bool {
        let forbids = |x: &str, y: &str| self.get(x).is_some_and(|r| r.never_with.iter().any(|n| n == y));
        !forbids(a, b) && !forbids(b, a)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_roles_can_be_read() {
        let roles = read(include_str!("../../../data/roles.toml")).unwrap();
        assert!(roles.get("SW").is_some());
    }

    #[test]
    fn system_admin_security_admin_and_auditor_are_three_people() {
        let roles = Roles::embedded();
        for (a, b) in [("SA", "SEC"), ("SA", "AU"), ("SEC", "AU")] {
            assert!(!roles.may_be_together(a, b), "{a} and {b} may be one person");
            assert!(!roles.may_be_together(b, a), "{b} and {a} may be one person");
        }
    }
}
