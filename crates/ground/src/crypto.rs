//! Cryptography behind one trait: the `intl` suite now (AES-256-GCM, HMAC-SHA-256, Ed25519), a `sm` suite
//! (SM4, SM3, SM2: GB/T 32907, 32905, 32918) later in the same place.
//!
//! Every ciphertext begins with suite, key version and nonce, so that keys can be rotated while old rows stay readable.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use kernel::{Sealed, Secret};
use ring::{aead, digest, hmac, signature};
use zeroize::Zeroizing;

use crate::{Chance, Folder, chance};

/// Why keys or ciphers failed.
#[derive(Debug, thiserror::Error)]
pub enum CryptoError {
    /// A key file cannot be read or written.
    #[error("key file {0}: {1}")]
    File(String, std::io::Error),
    /// A key file does not hold a key.
    #[error("key file {0} is damaged")]
    Damaged(String),
    /// The ciphertext was made by a suite or key that is not here, or was changed.
    #[error("a stored secret cannot be read: unknown key version or changed content")]
    Unreadable,
}

/// A set of algorithms.
pub trait Suite: Send + Sync {
    /// Number written into each ciphertext.
    fn number(&self) -> u8;
    /// Encrypts with a 256-bit key and a 96-bit nonce; the tag is appended.
    fn encrypt(&self, key: &[u8; 32], nonce: [u8; 12], plain: &[u8]) -> Option<Vec<u8>>;
    /// Decrypts what [`Suite::encrypt`] made.
    fn decrypt(&self, key: &[u8; 32], nonce: [u8; 12], cipher: &[u8]) -> Option<Vec<u8>>;
    /// Keyed hash of 256 bits.
    fn mac(&self, key: &[u8; 32], text: &[u8]) -> [u8; 32];
}

/// AES-256-GCM and HMAC-SHA-256.
pub struct Intl;

impl Suite for Intl {
    fn number(&self) -> u8 {
        1
    }

    fn encrypt(&self, key: &[u8; 32], nonce: [u8; 12], plain: &[u8]) -> Option<Vec<u8>> {
        let key = aead::LessSafeKey::new(aead::UnboundKey::new(&aead::AES_256_GCM, key).ok()?);
        let mut data = plain.to_vec();
        key.seal_in_place_append_tag(aead::Nonce::assume_unique_for_key(nonce), aead::Aad::empty(), &mut data).ok()?;
        Some(data)
    }

    fn decrypt(&self, key: &[u8; 32], nonce: [u8; 12], cipher: &[u8]) -> Option<Vec<u8>> {
        let key = aead::LessSafeKey::new(aead::UnboundKey::new(&aead::AES_256_GCM, key).ok()?);
        let mut data = cipher.to_vec();
        let plain = key.open_in_place(aead::Nonce::assume_unique_for_key(nonce), aead::Aad::empty(), &mut data).ok()?;
        Some(plain.to_vec())
    }

    fn mac(&self, key: &[u8; 32], text: &[u8]) -> [u8; 32] {
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text);
        let mut out = [0; 32];
        for (target, byte) in out.iter_mut().zip(tag.as_ref()) {
            *target = *byte;
        }
        out
    }
}

type Key = Zeroizing<[u8; 32]>;

/// The keys of one data folder.
pub struct Keyring {
    suite: Box<dyn Suite>,
    data: BTreeMap<u16, Key>,
    current: u16,
    index: Key,
    audit: Key,
    signer: signature::Ed25519KeyPair,
    chance: Arc<dyn Chance>,
}

impl Keyring {
    /// Reads the keys of the folder, making them on first use.
    pub fn open(folder: &Folder, chance: Arc<dyn Chance>) -> Result<Self, CryptoError> {
        let dir = folder.keys();
        let mut data = BTreeMap::new();
        let mut version = 1_u16;
        loop {
            let path = dir.join(format!("data.{version}.key"));
            if version > 1 && !path.exists() {
                break;
            }
            data.insert(version, key_file(&path, &*chance)?);
            version += 1;
        }
        Ok(Self {
            suite: Box::new(Intl),
            current: version - 1,
            data,
            index: key_file(&dir.join("index.key"), &*chance)?,
            audit: key_file(&dir.join("audit.key"), &*chance)?,
            signer: signer(&dir.join("sign.key"), &*chance)?,
            chance,
        })
    }

    /// Encrypts a secret with the current key.
    pub fn seal(&self, secret: &Secret) -> Result<Sealed, CryptoError> {
        let key = self.data.get(&self.current).ok_or(CryptoError::Unreadable)?;
        let mut nonce = [0; 12];
        self.chance.fill(&mut nonce);
        let cipher = self.suite.encrypt(key, nonce, secret.expose().as_bytes()).ok_or(CryptoError::Unreadable)?;
        let mut out = Vec::with_capacity(15 + cipher.len());
        out.push(self.suite.number());
        out.extend_from_slice(&self.current.to_be_bytes());
        out.extend_from_slice(&nonce);
        out.extend_from_slice(&cipher);
        Ok(Sealed(out))
    }

    /// Decrypts a stored secret.
    pub fn open_sealed(&self, sealed: &Sealed) -> Result<Secret, CryptoError> {
        let bad = || CryptoError::Unreadable;
        let (head, cipher) = sealed.0.split_at_checked(15).ok_or_else(bad)?;
        let (suite, rest) = head.split_first().ok_or_else(bad)?;
        let (version, nonce) = rest.split_at_checked(2).ok_or_else(bad)?;
        if *suite != self.suite.number() {
            return Err(bad());
        }
        let version = u16::from_be_bytes(version.try_into().map_err(|_| bad())?);
        let nonce: [u8; 12] = nonce.try_into().map_err(|_| bad())?;
        let key = self.data.get(&version).ok_or_else(bad)?;
        let plain = self.suite.decrypt(key, nonce, cipher).ok_or_else(bad)?;
        String::from_utf8(plain).map(Secret::new).map_err(|_| bad())
    }

    /// The key version of a stored secret, for rotation.
    pub fn version_of(sealed: &Sealed) -> Option<u16> {
        let bytes = sealed.0.get(1..3)?;
        Some(u16::from_be_bytes(bytes.try_into().ok()?))
    }

    /// Keyed hash for searching: equal text under the same purpose gives the equal hash, nobody without the key can guess.
    pub fn index(&self, purpose: &str, text: &str) -> Vec<u8> {
        let mut input = purpose.as_bytes().to_vec();
        input.push(0);
        input.extend_from_slice(text.as_bytes());
        let mac = self.suite.mac(&self.index, &input);
        mac.iter().take(16).copied().collect()
    }

    /// Keyed hash of an audit record.
    pub fn audit_mac(&self, text: &[u8]) -> [u8; 32] {
        self.suite.mac(&self.audit, text)
    }

    /// Signs a checkpoint.
    pub fn sign(&self, text: &[u8]) -> Vec<u8> {
        self.signer.sign(text).as_ref().to_vec()
    }

    /// Checks a checkpoint's signature.
    pub fn verify(&self, text: &[u8], signed: &[u8]) -> bool {
        use signature::KeyPair as _;
        signature::UnparsedPublicKey::new(&signature::ED25519, self.signer.public_key().as_ref())
            .verify(text, signed)
            .is_ok()
    }
}

/// SHA-256 as hexadecimal digits.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(digest::digest(&digest::SHA256, bytes).as_ref())
}

/// SHA-256.
pub fn sha256(bytes: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA256, bytes).as_ref().to_vec()
}

fn key_file(path: &Path, chance: &dyn Chance) -> Result<Key, CryptoError> {
    let name = || path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    if !path.exists() {
        Folder::write_private(path, chance::token(chance).as_bytes()).map_err(|e| CryptoError::File(name(), e))?;
    }
    let text = Zeroizing::new(std::fs::read_to_string(path).map_err(|e| CryptoError::File(name(), e))?);
    let mut key = Key::new([0; 32]);
    hex::decode_to_slice(text.trim(), &mut *key).map_err(|_| CryptoError::Damaged(name()))?;
    Ok(key)
}

fn signer(path: &Path, chance: &dyn Chance) -> Result<signature::Ed25519KeyPair, CryptoError> {
    let seed = key_file(path, chance)?;
    signature::Ed25519KeyPair::from_seed_unchecked(&*seed).map_err(|_| CryptoError::Damaged("sign.key".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Seeded;

    fn ring() -> (std::path::PathBuf, Keyring) {
        let root =
            std::env::temp_dir().join(format!("sheqiao-keys-{}-{:?}", std::process::id(), std::thread::current().id()));
        let folder = Folder::open(&root).unwrap();
        (root, Keyring::open(&folder, Arc::new(Seeded::new(7))).unwrap())
    }

    #[test]
    fn a_sealed_secret_opens_and_a_changed_one_does_not() {
        let (root, keys) = ring();
        let sealed = keys.seal(&Secret::new("430703196002290000")).unwrap();
        assert_eq!(keys.open_sealed(&sealed).unwrap().expose(), "430703196002290000");
        assert_eq!(Keyring::version_of(&sealed), Some(1));
        let mut changed = sealed.clone();
        *changed.0.last_mut().unwrap() ^= 1;
        assert!(keys.open_sealed(&changed).is_err());
        assert!(keys.open_sealed(&Sealed(vec![1, 0])).is_err());
        std::fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn an_index_hash_depends_on_its_purpose() {
        let (root, keys) = ring();
        assert_eq!(keys.index("a", "x"), keys.index("a", "x"));
        assert_ne!(keys.index("a", "x"), keys.index("b", "x"));
        std::fs::remove_dir_all(root).unwrap();
    }
}
