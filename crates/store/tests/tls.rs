//! PostgreSQL over TLS: against a server whose certificate was made for it alone (`cargo xtask test` starts it).

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test whose premise fails has failed")]

use store::{Backend, Database, Error, Reading, Settings, Viewer, params};

/// Where the certificate of the test server's maker stands.
const ROOT: &str = "SAAN_TEST_POSTGRES_ROOT";

/// The address of a fresh database, with `localhost` for the number, and the root's file; none without a server.
fn server() -> Option<(testing::Fresh, String, String)> {
    let fresh = testing::postgresql()?;
    let Ok(root) = std::env::var(ROOT) else {
        assert!(std::env::var_os("CI").is_none(), "{ROOT} is not set: TLS would go untested");
        eprintln!("skipped over TLS: {ROOT} is not set (cargo xtask test sets it)");
        return None;
    };
    let Backend::PostgreSql(url) = &fresh.settings.backend else { panic!("not on PostgreSQL") };
    let url = url.clone();
    Some((fresh, url, root))
}

fn opened(url: &str) -> Result<Database, Error> {
    Database::open(&Settings { readers: 1, ..Settings::postgresql(url) })
}

fn refused(url: &str) -> String {
    match opened(url) {
        Err(Error::Open(why)) => why,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("{url} was opened"),
    }
}

fn protected(db: &Database) -> bool {
    let asked =
        |r: &Reading<'_>| r.one("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()", params![]);
    db.read::<bool, Error>(&Viewer::System("test"), asked).unwrap()
}

#[test]
fn the_way_is_protected_where_the_address_says_so_and_only_to_the_right_server() {
    let Some((_fresh, url, root)) = server() else { return };
    assert!(!protected(&opened(&url).unwrap()), "as before, where nothing is said");
    let named = url.replace("127.0.0.1", "localhost");
    for mode in ["require", "verify-full"] {
        let db = opened(&format!("{named}?sslmode={mode}&sslrootcert={root}")).unwrap();
        assert!(protected(&db), "{mode}");
    }
    // the certificate is for localhost, and for nobody by number
    let why = refused(&format!("{url}?sslmode=verify-full&sslrootcert={root}"));
    assert!(why.contains("certificate"), "{why}");
    // no maker this system trusts
    let why = refused(&format!("{named}?sslmode=require"));
    assert!(why.contains("certificate"), "{why}");
}
