//! Secrets: values that must not leave the server by accident.
//!
//! [`Secret`] holds plain text in memory and [`Sealed`] holds its ciphertext in a row. Neither implements `Serialize`,
//! `Display` or a telling `Debug`, so a view cannot contain one: it has to call `scope.show(…)`, which masks or, with the
//! right and a reason, reveals and audits.

use std::fmt;

/// Plain text of a secret, for example an ID number on its way from a request to the cipher.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps plain text.
    pub fn new(plain: impl Into<String>) -> Self {
        Self(plain.into())
    }

    /// The plain text; only ciphers, keyed hashes and masks call this.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl<'de> serde::Deserialize<'de> for Secret {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        <String as serde::Deserialize>::deserialize(d).map(Self)
    }
}

impl utoipa::PartialSchema for Secret {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        <String as utoipa::PartialSchema>::schema()
    }
}
impl utoipa::ToSchema for Secret {}

/// What kind of secret a column holds; decides its mask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretKind {
    /// Document number (证件号码): first 6 and last 4 stay.
    Number,
    /// Telephone: first 3 and last 4 stay.
    Phone,
    /// Address below the village: hidden.
    Address,
}

/// Ciphertext of a secret with its key version, as stored.
#[derive(Clone, PartialEq, Eq, sea_orm::DeriveValueType)]
pub struct Sealed(pub Vec<u8>);

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealed(…)")
    }
}
