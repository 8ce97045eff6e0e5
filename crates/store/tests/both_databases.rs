//! The façade keeps its word on both databases.

#![expect(clippy::unwrap_used, reason = "a test whose premise fails has failed")]

use std::sync::{Arc, Barrier};

use store::idempotency::{self, Claim};
use store::ids::{AccountId, ActorId};
use store::journal::{Act, Entry};
use store::{Acting, Database, Error, Micros, Through, Value, Viewer, audience, jobs, params};
use testing::on_both;

fn note(db: &Database, name: &str, value: &str) -> Result<(), Error> {
    db.write(&Acting::system("test"), |w| {
        w.execute(
            "INSERT INTO setting (name, value) VALUES ($2, $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            params![value, name],
        )?;
        w.done(&Entry::new(Act::Administer, "test.note", 4), ())
    })
}

fn noted(db: &Database, name: &str) -> Option<String> {
    db.read(&Viewer::System("test"), |r| r.first("SELECT value FROM setting WHERE name = $1", params![name]))
        .unwrap()
}

#[test]
fn a_write_is_there_afterwards_with_its_journal_row() {
    on_both(|fresh| {
        let db = fresh.open();
        note(&db, "greeting", "สวัสดี 'น้ำ' $1 \0!").unwrap();
        assert_eq!(noted(&db, "greeting").as_deref(), Some("สวัสดี 'น้ำ' $1 !"));
        let rows: Vec<(String, String, i64)> = db
            .read(&Viewer::System("test"), |r| r.all("SELECT verb, reason, at FROM journal", params![]))
            .unwrap();
        assert_eq!(rows, [("test.note".to_owned(), "test".to_owned(), fresh.clock.now().0)]);
    });
}

#[test]
fn a_failed_write_leaves_nothing() {
    on_both(|fresh| {
        let db = fresh.open();
        let outcome: Result<(), Error> = db.write(&Acting::system("test"), |w| {
            w.execute("INSERT INTO setting (name, value) VALUES ('half', 'done')", params![])?;
            Err(Error::NotFound)
        });
        assert!(matches!(outcome, Err(Error::NotFound)));
        assert_eq!(noted(&db, "half"), None);
    });
}

#[test]
fn a_write_without_a_journal_entry_is_refused() {
    on_both(|fresh| {
        let db = fresh.open();
        let outcome: Result<(), Error> = db.write(&Acting::system("test"), |w| {
            w.execute("INSERT INTO setting (name, value) VALUES ('silent', 'x')", params![])?;
            w.finished(())
        });
        assert!(matches!(outcome, Err(Error::Fault(_))));
        assert_eq!(noted(&db, "silent"), None);
    });
}

#[test]
fn every_type_survives_the_way_there_and_back() {
    on_both(|fresh| {
        let db = fresh.open();
        let bytes = vec![0_u8, 255, 10];
        db.bookkeeping("test", |w| {
            w.insert(
                "file",
                &[
                    ("sha256", Value::Text("x".into())),
                    ("media_type", Value::Text("a/b".into())),
                    ("bytes", Value::Bytes(bytes.clone())),
                    ("created_at", Value::Int(i64::MAX)),
                ],
            )
        })
        .unwrap();
        let row: (Vec<u8>, i64, Option<String>, f64, bool, i64) = db
            .read(&Viewer::System("test"), |r| {
                r.one(
                    "SELECT bytes, created_at, CAST(NULL AS TEXT), CAST(1.5 AS DOUBLE PRECISION), created_at > 3, \
                     CAST(SUM(created_at) AS BIGINT) FROM file WHERE media_type = $1 GROUP BY bytes, created_at",
                    params!["a/b"],
                )
            })
            .unwrap();
        assert_eq!(row, (bytes, i64::MAX, None, 1.5, true, i64::MAX));
    });
}

#[test]
fn a_taken_key_is_named_as_such() {
    on_both(|fresh| {
        let db = fresh.open();
        let insert = || -> Result<(), Error> {
            db.bookkeeping("test", |w| {
                w.execute("INSERT INTO setting (name, value) VALUES ('once', 'x')", params![]).map(|_| ())
            })
        };
        insert().unwrap();
        assert!(matches!(insert(), Err(Error::Taken(_))));
    });
}

#[test]
fn many_rows_go_in_at_once() {
    on_both(|fresh| {
        let db = fresh.open();
        let rows: Vec<Vec<Value>> =
            (0..10_000).map(|n| params![format!("n{n}"), format!("v{n}")].to_vec()).collect();
        db.bookkeeping("test", |w| w.insert_rows("setting", &["name", "value"], &rows)).unwrap();
        let count: i64 =
            db.read(&Viewer::System("test"), |r| r.one("SELECT COUNT(*) FROM setting", params![])).unwrap();
        assert_eq!(count, 10_000);
    });
}

/// Two writers read the same number and write it back one higher; both must count.
#[test]
fn many_rows_at_once_keep_every_letter_and_a_taken_key_among_them_leaves_none() {
    on_both(|fresh| {
        let db = fresh.open();
        let odd = ["\t", "\n\r\n", "\\N", "\\.", "\\", "", "'", "น้ำ\u{200b}", "\u{1}\u{7f}", "\\x41"];
        let row = |n: usize| {
            let text = format!("{}{}", odd[n % odd.len()], if n < odd.len() { "" } else { "x" });
            params![format!("{n:04}"), text].to_vec()
        };
        let rows: Vec<Vec<Value>> = (0..300).map(row).collect();
        let put = |rows: &[Vec<Value>]| {
            db.write(&Acting::system("test"), |w| {
                w.insert_rows("setting", &["name", "value"], rows)?;
                w.done(&Entry::new(Act::Administer, "test.many", 4), ())
            })
        };
        put(&rows).unwrap();
        let back: Vec<Vec<Value>> = db
            .read(&Viewer::System("test"), |r| {
                r.all("SELECT name, value FROM setting WHERE name < '0300' ORDER BY name", params![])
            })
            .unwrap();
        assert_eq!(back, rows);
        let mut again: Vec<Vec<Value>> = (500..700).map(row).collect();
        again.push(row(7));
        let taken: Result<(), Error> = put(&again);
        assert!(matches!(taken, Err(Error::Taken(_))), "{taken:?}");
        assert_eq!(noted(&db, "0500"), None);
        // bytes and missing values go the same way
        let files: Vec<Vec<Value>> = (0..120_u8)
            .map(|n| params![format!("{n:064}"), "x/y", vec![n, 0, 255, b'\\', b'\n'], i64::from(n)].to_vec())
            .collect();
        db.write(&Acting::system("test"), |w| {
            w.insert_rows("file", &["sha256", "media_type", "bytes", "created_at"], &files)?;
            w.done(&Entry::new(Act::Administer, "test.many", 4), ())
        })
        .map_err(|error: Error| error)
        .unwrap();
        let back: Vec<Vec<Value>> = db
            .read(&Viewer::System("test"), |r| {
                r.all("SELECT sha256, media_type, bytes, created_at FROM file ORDER BY sha256", params![])
            })
            .unwrap();
        assert_eq!(back, files);
    });
}

#[test]
fn two_writers_lose_no_update() {
    on_both(|fresh| {
        let first = Arc::new(fresh.open());
        note(&first, "count", "0").unwrap();
        let second = Arc::new(fresh.open());
        let barrier = Arc::new(Barrier::new(2));
        let threads: Vec<_> = [first.clone(), second]
            .into_iter()
            .map(|db| {
                let barrier = barrier.clone();
                std::thread::spawn(move || {
                    barrier.wait();
                    for _ in 0..20 {
                        db.write::<_, Error>(&Acting::system("test"), |w| {
                            let n: String =
                                w.one("SELECT value FROM setting WHERE name = 'count'", params![])?;
                            let n: i64 = n.parse().unwrap();
                            w.execute(
                                "UPDATE setting SET value = $1 WHERE name = 'count'",
                                params![(n + 1).to_string()],
                            )?;
                            w.done(&Entry::new(Act::Do, "test.count", 4), ())
                        })
                        .unwrap();
                    }
                })
            })
            .collect();
        for thread in threads {
            thread.join().unwrap();
        }
        assert_eq!(noted(&first, "count").as_deref(), Some("40"));
    });
}

#[test]
fn the_second_tap_gets_the_first_ones_answer() {
    on_both(|fresh| {
        let first = Arc::new(fresh.open());
        let second = Arc::new(fresh.open());
        let barrier = Arc::new(Barrier::new(2));
        let tap = |db: Arc<Database>| {
            let barrier = barrier.clone();
            std::thread::spawn(move || {
                barrier.wait();
                db.write::<String, Error>(&Acting::system("test"), |w| {
                    if let Claim::Answered { answer, .. } =
                        idempotency::claim(w, AccountId(4), "tap", "same")?
                    {
                        return w.finished(answer);
                    }
                    let id = w.new_id();
                    idempotency::remember(w, AccountId(4), "tap", "same", 303, &id.to_string())?;
                    w.done(&Entry::new(Act::Do, "test.tap", id), id.to_string())
                })
                .unwrap()
            })
        };
        let (a, b) = (tap(first.clone()), tap(second));
        assert_eq!(a.join().unwrap(), b.join().unwrap());
        let rows: i64 = first
            .read(&Viewer::System("test"), |r| r.one("SELECT COUNT(*) FROM journal", params![]))
            .unwrap();
        assert_eq!(rows, 1);
    });
}

#[test]
fn an_object_is_seen_by_those_who_hold_a_key_and_nobody_else() {
    on_both(|fresh| {
        let db = fresh.open();
        let (network, inside, outside, object) = (ActorId(400), ActorId(800), ActorId(1200), 1600);
        let hidden = 2000;
        db.bookkeeping::<_, Error>("test", |w| {
            audience::set(w, object, &[audience::members(network), audience::own(outside)])?;
            audience::set(w, hidden, &[audience::own(outside)])?;
            audience::give_key(w, inside, audience::members(network))?;
            audience::give_key(w, inside, audience::members(network))
        })
        .unwrap();
        let as_member =
            |actor| Viewer::Member { account: AccountId(4), person: actor, acting_as: actor, operator: true };
        let sees = |viewer: &Viewer, object| db.read(viewer, |r| audience::may_see(r, object)).unwrap();
        assert!(sees(&as_member(inside), object));
        assert!(!sees(&as_member(inside), hidden), "an operator's technical right opens nothing private");
        assert!(sees(&as_member(outside), hidden));
        assert!(!sees(&Viewer::Anonymous, object));
        assert!(sees(&Viewer::System("test"), hidden));
        db.bookkeeping::<_, Error>("test", |w| audience::take_key(w, inside, audience::members(network)))
            .unwrap();
        assert!(!sees(&as_member(inside), object), "a key taken back opens nothing");
    });
}

#[test]
fn a_job_is_made_once_done_once_and_comes_back_when_its_worker_died() {
    on_both(|fresh| {
        let db = fresh.open();
        for _ in 0..2 {
            db.write::<_, Error>(&Acting::system("test"), |w| {
                w.enqueue(&jobs::New {
                    kind: "greet",
                    payload: "{}".into(),
                    idempotency_key: Some("greet/1".into()),
                    run_at: None,
                })?;
                w.done(&Entry::new(Act::Do, "test.enqueue", 4), ())
            })
            .unwrap();
        }
        let job = db.take_job("greet").unwrap().expect("a due job");
        assert_eq!((job.kind.as_str(), job.attempts), ("greet", 1));
        assert!(db.take_job("greet").unwrap().is_none(), "taken is taken");
        fresh.clock.advance(6 * Micros::MINUTE);
        let again = db.take_job("greet").unwrap().expect("the lock ran out");
        assert_eq!((again.id, again.attempts), (job.id, 2));
        db.finish_job(&again, Err("no signal".into())).unwrap();
        assert!(db.take_job("greet").unwrap().is_none(), "a failed one waits before it is tried again");
        fresh.clock.advance(Micros::HOUR);
        let third = db.take_job("greet").unwrap().expect("tried again");
        db.finish_job(&third, Ok(())).unwrap();
        fresh.clock.advance(Micros::DAY);
        assert!(db.take_job("greet").unwrap().is_none());
    });
}

#[test]
fn opening_again_migrates_nothing_and_keeps_everything() {
    on_both(|fresh| {
        note(&fresh.open(), "kept", "yes").unwrap();
        let again = fresh.open();
        assert_eq!(noted(&again, "kept").as_deref(), Some("yes"));
        assert_eq!(
            again.backend(),
            if matches!(fresh.settings.backend, store::Backend::Folder(_)) { "sqlite" } else { "postgresql" }
        );
    });
}

/// The through word of each door is part of the journal's format.
#[test]
fn the_journal_says_by_which_door() {
    on_both(|fresh| {
        let db = fresh.open();
        let group = ActorId(404);
        let viewer =
            Viewer::Member { account: AccountId(4), person: ActorId(400), acting_as: group, operator: false };
        db.write::<_, Error>(&Acting::new(viewer, Through::Page), |w| {
            w.done(&Entry::new(Act::Give, "test.give", 8), ())
        })
        .unwrap();
        let row: (i64, i64, i64, String, String) = db
            .read(&Viewer::System("test"), |r| {
                r.one("SELECT account_id, actor_id, on_behalf_of, through, act FROM journal", params![])
            })
            .unwrap();
        assert_eq!(row, (4, 400, 404, "page".to_owned(), "give".to_owned()));
    });
}

/// A backup of either database is the same file, goes back into either, and is refused when a byte of it is wrong.
#[test]
fn a_backup_goes_back_into_either_database_and_a_damaged_one_into_none() {
    on_both(|fresh| {
        let db = fresh.open();
        note(&db, "greeting", "สวัสดี").unwrap();
        db.bookkeeping::<_, Error>("test", |w| {
            let rows: Vec<Vec<Value>> =
                (0..4_500).map(|n| params![format!("s{n}"), format!("v{n}")].to_vec()).collect();
            w.insert_rows("setting", &["name", "value"], &rows)?;
            w.insert(
                "file",
                &[
                    ("sha256", Value::Text("x".into())),
                    ("media_type", Value::Text("a/b".into())),
                    ("bytes", Value::Bytes(vec![0, 255])),
                    ("created_at", Value::Int(1)),
                ],
            )?;
            w.execute(
                "INSERT INTO sign_in_attempt (id, name_hash, address, at, succeeded) VALUES (4, 'n', 'a', 1, TRUE)",
                &[],
            )
            .map(|_| ())
        })
        .unwrap();
        let mut backup = Vec::new();
        let rows = store::dump::write(&db, &mut backup).unwrap();
        assert!(rows > 4_500);
        let full = store::dump::restore(&db, || Ok(backup.as_slice()));
        assert!(matches!(full, Err(store::dump::DumpError::NotEmpty)), "only into an empty store");

        let same = |settings: &store::Settings| {
            let other = Database::open(settings).unwrap();
            let mut damaged = backup.clone();
            let at = damaged.len() / 2;
            damaged[at] = if damaged[at] == b'1' { b'2' } else { b'1' };
            assert!(store::dump::restore(&other, || Ok(damaged.as_slice())).is_err());
            assert!(store::dump::restore(&other, || Ok(&backup[..backup.len() / 2])).is_err());
            assert_eq!(noted(&other, "greeting"), None, "nothing of a damaged file is written");
            assert_eq!(store::dump::restore(&other, || Ok(backup.as_slice())).unwrap(), rows);
            let mut again = Vec::new();
            store::dump::write(&other, &mut again).unwrap();
            let lines = |bytes: &[u8]| -> Vec<String> {
                let text = String::from_utf8(bytes.to_vec()).unwrap();
                // the first line holds the time, the last the checksum
                text.lines().skip(1).filter(|line| !line.contains("sha256\":")).map(str::to_owned).collect()
            };
            assert_eq!(lines(&again), lines(&backup));
        };
        same(&testing::sqlite().settings);
        if let Some(other) = testing::postgresql() {
            same(&other.settings);
        }
    });
}

#[test]
fn planted_faults_are_named() {
    on_both(|fresh| {
        let db = fresh.open();
        assert_eq!(store::soundness::check(&db).unwrap(), Vec::<store::soundness::Fault>::new());
        db.bookkeeping::<_, Error>("test", |w| {
            w.execute(
                "INSERT INTO file (sha256, media_type, bytes, created_at) VALUES ('00ff', 'a/b', $1, 1)",
                params![vec![1_u8]],
            )?;
            w.execute(
                "INSERT INTO job (id, kind, payload, state, run_at, attempts, created_at) VALUES (4, 'x', '{}', 'lost', 1, 0, 1)",
                &[],
            )?;
            let far = w.now().plus(30 * Micros::DAY);
            w.execute(
                "INSERT INTO journal (id, at, through, act, verb, object_id, fields) VALUES (4, $1, 'page', 'do', 'x', 4, '')",
                params![far],
            )
            .map(|_| ())
        })
        .unwrap();
        let faults = store::soundness::check(&db).unwrap();
        for word in ["file 00ff", "no known state (lost)", "dated in the future"] {
            assert!(faults.iter().any(|fault| fault.english.contains(word)), "{word}: {faults:?}");
        }
    });
}
