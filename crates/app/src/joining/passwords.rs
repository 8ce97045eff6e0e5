//! Passwords by argon2id. A hash costs about 20 ms and 19 MiB, so they are made one at a time: five people who sign in
//! in the same second wait for each other, not everybody else for them.

use std::sync::{Mutex, PoisonError};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

fn argon() -> Argon2<'static> {
    // OWASP's second choice: 19 MiB, two passes, one lane
    Params::new(19 * 1024, 2, 1, None)
        .map_or_else(|_| Argon2::default(), |p| Argon2::new(Algorithm::Argon2id, Version::V0x13, p))
}

/// What is stored of a password.
///
/// # Errors
/// A sentence for the log when the system gives no randomness.
pub fn hash(password: &str) -> Result<String, String> {
    let _one = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    argon().hash_password(password.as_bytes()).map(|hash| hash.to_string()).map_err(|e| e.to_string())
}

/// Whether the password is the one. Without an account the same work is done, so that the time tells nothing.
pub fn verify(password: &str, stored: Option<&str>) -> bool {
    let _one = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    match stored.and_then(|stored| PasswordHash::new(stored).ok()) {
        Some(hash) => argon().verify_password(password.as_bytes(), &hash).is_ok(),
        None => {
            let _ = argon().hash_password(password.as_bytes());
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_opens_its_own_hash_and_no_other() {
        let stored = hash("น้ำใสไหลเย็น 2569").unwrap();
        assert!(verify("น้ำใสไหลเย็น 2569", Some(&stored)));
        assert!(!verify("น้ำใสไหลเย็น 2570", Some(&stored)));
        assert!(!verify("anything", None));
        assert_ne!(stored, hash("น้ำใสไหลเย็น 2569").unwrap(), "each hash has a salt of its own");
    }
}
