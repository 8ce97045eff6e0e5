//! How a person signs in, as part of their own data; the secrets themselves are not told.

use super::personal::{As, Asked, By, table};
use As::{Moment, Text};
use By::Account;

/// How the person signs in; the secrets themselves are not told.
pub fn tables() -> Vec<Asked> {
    vec![
        table(
            "account",
            Account,
            &[
                ("languages", "lang", Text),
                ("operator", "operator", Text),
                ("state", "state", Text),
                ("at", "created_at", Moment),
            ],
            "FROM account WHERE id = $1",
        ),
        table(
            "sign_in_names",
            Account,
            &[("kind", "kind", Text), ("name", "name", Text), ("at", "confirmed_at", Moment)],
            "FROM account_name WHERE account_id = $1 ORDER BY kind, name",
        ),
        table(
            "passkeys",
            Account,
            &[("name", "label", Text), ("at", "created_at", Moment), ("used", "used_at", Moment)],
            "FROM passkey WHERE account_id = $1 ORDER BY created_at",
        ),
        table(
            "sessions",
            Account,
            &[
                ("name", "device", Text),
                ("at", "created_at", Moment),
                ("used", "seen_at", Moment),
                ("expires", "expires_at", Moment),
            ],
            "FROM session WHERE account_id = $1 ORDER BY created_at",
        ),
        table(
            "access_tokens",
            Account,
            &[
                ("name", "label", Text),
                ("role", "scopes", Text),
                ("at", "created_at", Moment),
                ("used", "used_at", Moment),
                ("expires", "expires_at", Moment),
                ("until", "revoked_at", Moment),
            ],
            "FROM access_token WHERE account_id = $1 ORDER BY id",
        ),
    ]
}
