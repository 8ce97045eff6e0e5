//! Everything the store holds about one member, for that member: to read on a page, to take along as a file, and for a
//! program by the API (D1, PDPA section 30 and 31: access and portability).

use formats::export::Table;
use serde_json::{Map, Value as Json_};
use store::ids::{AccountId, ActorId};
use store::{Error, Micros, Reading, Value};
use thai::Lang;

use super::queries::personal::{self, As};
use crate::{Texts, dates};

/// One part of it: its word, its headings as words, its rows.
#[derive(Debug, Clone)]
pub struct Part {
    pub name: &'static str,
    columns: Vec<(&'static str, As)>,
    rows: Vec<Vec<Value>>,
}

/// Everything about a member that these eyes may see; how they sign in too, for the person behind the account.
///
/// # Errors
/// The database's own.
pub fn gather(r: &Reading<'_>, member: ActorId, account: Option<AccountId>) -> Result<Vec<Part>, Error> {
    let parts = personal::tables(account).into_iter();
    parts
        .map(|asked| {
            let rows = personal::rows(r, &asked, member, account)?;
            Ok(Part { name: asked.name, columns: asked.columns, rows })
        })
        .collect()
}

/// A moment as programs read it, RFC 3339.
fn stamp(at: i64) -> String {
    jiff::Timestamp::from_microsecond(at).map_or_else(|_| String::new(), |at| at.to_string())
}

fn cell(value: &Value, shown: As) -> Json_ {
    match (value, shown) {
        (Value::Null | Value::Bytes(_), _) => Json_::Null,
        (Value::Int(at), As::Moment) => stamp(*at).into(),
        (Value::Int(day), As::Day) => dates::day(Micros(day.saturating_mul(Micros::DAY))).to_string().into(),
        (Value::Int(n), As::Text) => (*n).into(),
        (Value::Real(x), _) => (*x).into(),
        (Value::Bool(b), _) => (*b).into(),
        (Value::Text(text), _) => text.as_str().into(),
    }
}

/// As programs read it: an object of lists, each row an object.
pub fn as_json(parts: &[Part]) -> Map<String, Json_> {
    let row = |part: &Part, row: &Vec<Value>| -> Json_ {
        let cells = part.columns.iter().zip(row);
        cells
            .map(|((name, shown), value)| ((*name).to_owned(), cell(value, *shown)))
            .collect::<Map<_, _>>()
            .into()
    };
    parts
        .iter()
        .map(|part| (part.name.to_owned(), part.rows.iter().map(|cells| row(part, cells)).collect()))
        .collect()
}

/// As people read it: in their language, moments as days.
fn as_text(value: &Value, shown: As, t: Texts) -> String {
    match (value, shown) {
        (Value::Null | Value::Bytes(_), _) => String::new(),
        (Value::Int(at), As::Moment) => dates::plain(Micros(*at), t.0),
        (Value::Int(day), As::Day) => dates::plain(Micros(day.saturating_mul(Micros::DAY)), t.0),
        (Value::Int(n), As::Text) => n.to_string(),
        (Value::Real(x), _) => x.to_string(),
        (Value::Bool(true), _) => t.transfer_mine_yes().to_owned(),
        (Value::Bool(false), _) => String::new(),
        (Value::Text(text), _) => text.clone(),
    }
}

/// The parts that hold something, as tables with headings. What has one row stands as pairs of name and value.
pub fn as_tables(parts: &[Part], lang: Lang) -> Vec<Table> {
    let t = Texts(lang);
    let filled = parts.iter().filter(|part| !part.rows.is_empty());
    filled
        .map(|part| {
            let texts = |row: &Vec<Value>| -> Vec<String> {
                part.columns.iter().zip(row).map(|((_, shown), value)| as_text(value, *shown, t)).collect()
            };
            let name = title(t, part.name).to_owned();
            let headings = part.columns.iter().map(|(code, _)| heading(t, code).to_owned());
            if let ("profile" | "account", Some(row)) = (part.name, part.rows.first()) {
                let pairs = headings.zip(texts(row)).filter(|(_, value)| !value.is_empty());
                let rows = pairs.map(|(name, value)| vec![name, value]).collect();
                let columns = vec![t.transfer_mine_field().to_owned(), t.transfer_mine_value().to_owned()];
                return Table { name, columns, rows };
            }
            Table { name, columns: headings.collect(), rows: part.rows.iter().map(texts).collect() }
        })
        .collect()
}

fn title(t: Texts, name: &str) -> &'static str {
    match name {
        "profile" => t.transfer_mine_profile(),
        "contact_points" => t.transfer_mine_contact_points(),
        "capabilities" => t.transfer_mine_capabilities(),
        "consents" => t.transfer_mine_consents(),
        "memberships" => t.transfer_mine_memberships(),
        "acting_for" => t.transfer_mine_acting_for(),
        "offers_and_needs" => t.transfer_mine_offers_and_needs(),
        "categories" => t.transfer_mine_categories(),
        "replies" => t.transfer_mine_replies(),
        "replies_received" => t.transfer_mine_replies_received(),
        "ties" => t.transfer_mine_ties(),
        "notes" => t.transfer_mine_notes(),
        "contacts" => t.transfer_mine_contacts(),
        "rhythms" => t.rhythm_title(),
        "prompts" => t.rhythm_mine_prompts(),
        "labels" => t.rhythm_labels(),
        "agreed_for_groups" => t.rhythm_mine_agreed(),
        "written" => t.words_mine_written(),
        "seen" => t.words_mine_seen(),
        "vouches" => t.vouches_title(),
        "calendar_addresses" => t.calendar_title(),
        "gatherings" => t.transfer_mine_gatherings(),
        "introductions" => t.transfer_mine_introductions(),
        "introductions_made" => t.introductions_offer(),
        "introductions_worth" => t.introductions_worth(),
        "introduction_limits" => t.introductions_limits(),
        "promises" => t.promises_title(),
        "exchanges" => t.exchanges_title(),
        "thanks" => t.exchanges_thanks(),
        "benefits" => t.exchanges_gained(),
        "alone" => t.exchanges_alone(),
        "hopes" => t.exchanges_hopes_title(),
        "rings" => t.promises_rings_title(),
        "resources" => t.resources_title(),
        "bookings" => t.resources_bookings(),
        "blocked" => t.transfer_mine_blocked(),
        "notices" => t.transfer_mine_notices(),
        "referrals" => t.transfer_mine_referrals(),
        "told" => t.notices_settings_title(),
        "reports" => t.transfer_mine_reports(),
        "invitations" => t.transfer_mine_invitations(),
        "deliveries" => t.transfer_mine_deliveries(),
        "brought_in" => t.transfer_mine_brought_in(),
        "merged" => t.transfer_mine_merged(),
        "journal" => t.transfer_mine_journal(),
        "earlier_values" => t.transfer_mine_earlier_values(),
        "account" => t.transfer_mine_account(),
        "sign_in_names" => t.transfer_mine_sign_in_names(),
        "passkeys" => t.transfer_mine_passkeys(),
        "sessions" => t.transfer_mine_sessions(),
        _ => t.transfer_mine_access_tokens(),
    }
}

fn heading(t: Texts, code: &str) -> &'static str {
    match code {
        "kind" => t.transfer_mine_h_kind(),
        "name" | "nickname" | "other_nicknames" | "aliases" => t.transfer_mine_h_name(),
        "value" | "shown" => t.transfer_mine_value(),
        "field" | "fields" => t.transfer_mine_field(),
        "title" => t.transfer_mine_h_title(),
        "text" | "bio" => t.transfer_mine_h_text(),
        "words" | "note" | "reason" => t.transfer_mine_h_words(),
        "at" | "created" => t.transfer_mine_h_at(),
        "from" | "since" => t.transfer_mine_h_from(),
        "until" => t.transfer_mine_h_until(),
        "expires" => t.transfer_mine_h_expires(),
        "ideal_days" | "max_days" => t.rhythm_mine_h_days(),
        "next" => t.rhythm_next_on(),
        "used" | "last_contact" => t.transfer_mine_h_last(),
        "read" => t.transfer_mine_h_read(),
        "who" => t.transfer_mine_h_who(),
        "by" | "met_by" => t.transfer_mine_h_by(),
        "for" => t.transfer_mine_h_for(),
        "in" => t.transfer_mine_h_in(),
        "role" => t.transfer_mine_h_role(),
        "state" => t.transfer_mine_h_state(),
        "visibility" | "restricted" => t.transfer_mine_h_visibility(),
        "consent" | "purpose" | "may_be_suggested" => t.transfer_mine_h_consent(),
        "manner" | "through" | "channel" => t.transfer_mine_h_manner(),
        "answer" | "declined" | "outcome" => t.transfer_mine_h_answer(),
        "category" => t.transfer_mine_h_category(),
        "wants_to_learn" => t.transfer_mine_h_learn(),
        "chosen" => t.transfer_mine_h_chosen(),
        "side" | "direction" | "relation" | "mine" => t.transfer_mine_h_side(),
        "offers" => t.transfer_mine_h_offers(),
        "asks" => t.transfer_mine_h_asks(),
        "benefit" => t.transfer_mine_h_benefit(),
        "accepted" => t.transfer_mine_h_accepted(),
        "act" | "verb" => t.transfer_mine_h_act(),
        "place" | "place_words" | "areas" | "province_code" | "district_code" | "subdistrict_code"
        | "latitude" | "longitude" => t.transfer_mine_h_place(),
        "available" | "contact_hours" => t.transfer_mine_h_available(),
        "languages" => t.transfer_mine_h_languages(),
        "profession" | "position" => t.transfer_mine_h_work(),
        "context_limits" | "context_avoid" | "context_matters" => t.transfer_mine_h_context(),
        _ => t.transfer_mine_h_other(),
    }
}
