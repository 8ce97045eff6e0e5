//! The table of contents: every address, and the feature that answers it.

use super::openapi;
use app::{
    App, administration, calendar, exchanges, giving, introductions, joining, members, networks, notices,
    offline, parts, promises, referrals, resources, rhythm, search, ties, today, transfer, vouches, words,
};
use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::IntoResponse;
use axum::routing::{delete, get, post, put};
use web::{Asker, House, Problem, see_other};

/// Parts of the member's page, in their order on it.
pub const PANELS: &[members::Panel] = &[
    rhythm::panel,
    vouches::panel,
    giving::panel,
    promises::panel,
    exchanges::panel,
    resources::panel,
    ties::panel,
    introductions::panel,
    referrals::panel,
    joining::panel,
    administration::panel,
    notices::panel,
];

/// Parts of the page of an offer or need.
pub const INTENT_PANELS: &[giving::Panel] = &[promises::giving_panel];

/// Cards of today that other features add, in their order. See [`app::parts`] for these five.
pub const CARDS: &[parts::Cards] = &[
    joining::cards,
    introductions::cards,
    rhythm::cards,
    referrals::cards,
    words::cards,
    promises::cards,
    exchanges::cards,
    resources::cards,
];
/// By what letters remind members of others.
pub const REMINDERS: &[parts::Reminders] = &[introductions::REMINDERS, rhythm::REMINDERS];
/// What stands on the timeline of a tie besides its contacts.
pub const TIMELINES: &[parts::Timeline] =
    &[ties::timeline, introductions::timeline, referrals::timeline, promises::timeline, exchanges::timeline];
/// What stands in a member's calendar.
pub const DAYS: &[parts::Days] = &[rhythm::days, referrals::days, promises::days, resources::days];
/// Things on which those concerned may write to each other.
pub const ROOMS: &[parts::Room] = &[ties::ROOM, giving::ROOM, introductions::ROOM, referrals::ROOM];

/// A form is text; files have addresses of their own with limits of their own.
const LARGEST_FORM: usize = 256 * 1024;

/// The files of one import.
const LARGEST_UPLOAD: usize = 40 * 1024 * 1024;

/// All addresses.
pub fn router(app: App) -> Router {
    let pages = Router::new()
        .route("/", get(first_page))
        .route("/language", get(joining::language))
        // joining
        .route("/joining/sign-in", get(joining::sign_in).post(joining::sign_in_submit))
        .route("/joining/sign-out", post(joining::sign_out))
        .route("/joining/me", get(joining::me))
        .route("/joining/act-as/{id}", post(joining::act_as))
        .route("/joining/invite", get(joining::invite_form).post(joining::invite_submit))
        .route("/joining/invite/{id}", get(joining::invitation))
        .route("/joining/invite/{id}/withdraw", post(joining::withdraw_invitation))
        .route("/joining/belonging", get(joining::belonging).post(joining::belonging_submit))
        .route("/joining/belonging/{person}/answer", post(joining::belonging_answer))
        .route("/joining/brought", get(joining::brought))
        .route("/joining/growth", get(joining::growth))
        .route("/joining/i/{token}", get(joining::invited).post(joining::invited_submit))
        .route("/joining/i/{token}/with/{provider}", post(joining::invited_with))
        .route("/joining/ask/{network}", get(joining::ask_form).post(joining::ask_submit))
        .route("/joining/unclaimed", get(joining::unclaimed))
        .route("/joining/unclaimed/{id}/code", post(joining::code))
        .route("/joining/unclaimed/{id}/consent", post(joining::consent_sheet))
        .route("/joining/unclaimed/{id}/answer", post(joining::record_consent))
        .route("/joining/c", get(joining::claim).post(joining::claim_submit))
        .route("/joining/c/{secret}", get(joining::claim_form).post(joining::claim_submit))
        .route("/joining/consent/{secret}", get(joining::consent_form).post(joining::consent_submit))
        .route("/joining/leave", get(joining::leave_form))
        .route("/joining/leave/{network}", post(joining::leave_submit))
        .route("/joining/erase", post(joining::erase_submit))
        .route("/joining/block/{member}", post(joining::block))
        .route("/joining/report/{object}", get(joining::report_form).post(joining::report_submit))
        .route("/joining/settings", get(joining::settings))
        .route("/joining/settings/language", post(joining::language_submit))
        .route("/joining/settings/visibility", post(joining::visibility_submit))
        .route("/joining/settings/password", post(joining::password_submit))
        .route("/joining/settings/sessions/{hash}/end", post(joining::end_session))
        .route("/joining/settings/tokens", post(joining::make_token))
        .route("/joining/settings/tokens/{id}/revoke", post(joining::revoke_token))
        .route("/joining/stewards/{actor}", get(joining::stewards).post(joining::steward_add))
        .route("/joining/stewards/{actor}/end", post(joining::steward_end))
        .route("/joining/access", get(joining::access))
        .route("/joining/access/name", post(joining::name_submit))
        .route("/joining/access/email", post(joining::email_submit))
        .route("/joining/access/email/remove", post(joining::email_remove))
        .route("/joining/passkeys", post(joining::passkey_register))
        .route("/joining/passkeys/begin", post(joining::passkey_begin))
        .route("/joining/passkeys/challenge", post(joining::passkey_challenge))
        .route("/joining/passkeys/sign-in", post(joining::passkey_sign_in))
        .route("/joining/passkeys/{key}/name", post(joining::passkey_rename))
        .route("/joining/passkeys/{key}/remove", post(joining::passkey_remove))
        .route("/joining/with/{provider}", post(joining::with_provider))
        .route("/joining/with/{provider}/tie", post(joining::tie_provider))
        .route("/joining/with/{provider}/untie", post(joining::untie_provider))
        .route("/joining/with/{provider}/back", get(joining::provider_back))
        .route("/joining/link/{secret}", get(joining::link_form).post(joining::link_submit))
        .route("/joining/email/{secret}", get(joining::email_form).post(joining::email_confirm))
        .route("/joining/reset", get(joining::reset_form).post(joining::reset_submit))
        .route("/joining/reset/{secret}", get(joining::new_password_form).post(joining::new_password_submit))
        .route("/joining/setup/{token}", get(joining::setup_form).post(joining::setup_submit))
        // administration
        .route("/administration", get(administration::index))
        .route("/administration/joining", post(administration::joining_submit))
        .route("/administration/applications", get(administration::applications))
        .route("/administration/applications/{person}/accept", post(administration::accept))
        .route("/administration/applications/{person}/decline", post(administration::decline))
        .route("/administration/concerns", get(administration::concerns))
        .route("/administration/concerns/{id}/settle", post(administration::settle))
        .route("/administration/letters", get(administration::letters))
        .route("/administration/letters/{id}/decide", post(administration::decide_letter))
        .route("/administration/members/{id}/role", post(administration::role_submit))
        .route("/administration/members/{id}/remove", post(administration::remove))
        // members
        .route("/members", get(members::directory))
        .route("/members/new", get(members::new_form).post(members::new_submit))
        .route("/members/{id}", get(members::page))
        .route("/members/{id}/edit", get(members::change_form).post(members::change_submit))
        // ties
        .route("/ties", get(ties::mine))
        .route("/ties/new", get(ties::new_form).post(ties::new_submit))
        .route("/ties/log", get(ties::log_form).post(ties::log_submit))
        .route("/ties/rule", post(ties::rule_submit))
        .route("/ties/contact/{member}", post(ties::contact))
        .route("/ties/contacts/{contact}", get(ties::detail_form).post(ties::detail_submit))
        .route("/ties/contacts/{contact}/undo", post(ties::undo))
        .route("/ties/with/{member}", get(ties::between))
        .route("/ties/{id}", get(ties::show))
        .route("/ties/{id}/answer", post(ties::answer))
        .route("/ties/{id}/recorded", post(ties::recorded_answer))
        .route("/ties/{id}/note", post(ties::note_submit))
        .route("/ties/{id}/end", post(ties::end_submit))
        // rhythm
        .route("/rhythm", get(rhythm::settings))
        .route("/rhythm/zone", post(rhythm::zone_submit))
        .route("/rhythm/default", post(rhythm::default_submit))
        .route("/rhythm/labels", get(rhythm::labels).post(rhythm::labels_submit))
        .route("/rhythm/{care}", get(rhythm::care))
        .route("/rhythm/{care}/cadence", post(rhythm::cadence_submit))
        .route("/rhythm/{care}/next", post(rhythm::next_submit))
        .route("/rhythm/{care}/settle", post(rhythm::settle_submit))
        .route("/rhythm/{care}/labels", post(rhythm::tie_labels_submit))
        // words
        .route("/words/network", get(words::network).post(words::network_submit))
        .route("/words/at/{word}", get(words::open))
        .route("/words/at/{word}/picture", get(words::picture))
        .route("/words/at/{word}/undo", post(words::undo))
        .route("/words/{room}/{id}", get(words::room).post(words::room_submit))
        // vouches
        .route("/vouches/{member}", post(vouches::submit))
        .route("/vouches/{member}/undo", post(vouches::undo))
        // calendar
        .route("/calendar", get(calendar::page).post(calendar::make))
        .route("/calendar/revoke", post(calendar::revoke))
        .route("/calendar/contacts.vcf", get(calendar::cards_file))
        .route("/calendar/{token}", get(calendar::feed))
        // introductions
        .route("/introductions", get(introductions::list).post(introductions::ask))
        .route("/introductions/new", get(introductions::new_form).post(introductions::new_submit))
        .route("/introductions/offer", get(introductions::offer_form).post(introductions::offer_submit))
        .route("/introductions/limits", post(introductions::limits_submit))
        .route("/introductions/not-these", post(introductions::not_these))
        .route("/introductions/{id}", get(introductions::show))
        .route("/introductions/{id}/pair-again", post(introductions::pair_again))
        .route("/introductions/{id}/answer", post(introductions::answer))
        .route("/introductions/{id}/pass-on", post(introductions::pass_on))
        .route("/introductions/{id}/worth", post(introductions::worth))
        .route("/introductions/{id}/recorded/{member}", post(introductions::recorded_answer))
        // referrals
        .route("/referrals", get(referrals::list))
        .route("/referrals/new", get(referrals::new_form).post(referrals::new_submit))
        .route("/referrals/s/{secret}", get(referrals::public_state))
        .route("/referrals/{id}", get(referrals::show))
        .route("/referrals/{id}/consent", post(referrals::consent))
        .route("/referrals/{id}/step", post(referrals::take_step))
        .route("/referrals/{id}/pass-on", post(referrals::pass_on))
        .route("/referrals/{id}/feedback", post(referrals::feedback))
        .route("/referrals/{id}/letter", get(referrals::letter))
        // networks
        .route("/networks", get(networks::page))
        .route("/networks/edit", get(networks::edit_form).post(networks::edit_submit))
        // today
        .route("/today", get(today::page))
        // transfer
        .route("/transfer", get(transfer::start))
        .route("/transfer/mine", get(transfer::mine))
        .route("/transfer/mine/{format}", get(transfer::take_mine))
        .route("/transfer/export/{format}", get(transfer::take_out))
        .route("/transfer/duplicates", get(transfer::duplicates))
        .route("/transfer/duplicates/{id}", post(transfer::decide))
        .route("/transfer/merges/{id}/undo", post(transfer::undo_merge))
        .route("/transfer/{id}", get(transfer::preview).post(transfer::confirm))
        .route("/transfer/{id}/undo", post(transfer::undo_submit))
        // giving
        .route("/giving", get(giving::board))
        .route("/giving/new", get(giving::new_form).post(giving::new_submit))
        .route("/giving/suggest", post(giving::chips))
        .route("/giving/{id}", get(giving::show))
        .route("/giving/{id}/edit", get(giving::change_form).post(giving::change_submit))
        .route("/giving/{id}/reply", post(giving::reply))
        .route("/giving/{id}/met", post(giving::met))
        .route("/giving/{id}/renew", post(giving::renew))
        .route("/giving/{id}/withdraw", post(giving::withdraw))
        .route("/giving/{id}/reopen", post(giving::reopen))
        .route("/giving/replies/{id}/answer", post(giving::answer))
        // the API of what stands above
        .route("/api/v1/openapi.json", get(openapi::serve))
        .route("/api/v1/joining/me", get(joining::api::me))
        .route(
            "/api/v1/joining/belonging",
            get(joining::api::belonging::who_asks).post(joining::api::belonging::belong),
        )
        .route("/api/v1/joining/belonging/{person}/answer", post(joining::api::belonging::answer))
        .route("/api/v1/joining/brought", get(joining::api::growth::brought))
        .route("/api/v1/joining/growth", get(joining::api::growth::grows))
        .route("/api/v1/joining/invitations", get(joining::api::list).post(joining::api::create))
        .route("/api/v1/joining/invitations/{id}", delete(joining::api::own::withdraw_invitation))
        .route(
            "/api/v1/joining/visibility",
            get(joining::api::own::visibility).put(joining::api::own::see_me),
        )
        .route("/api/v1/joining/consent", post(joining::api::own::consent))
        .route("/api/v1/joining/blocks", get(joining::api::own::blocks))
        .route(
            "/api/v1/joining/blocks/{member}",
            put(joining::api::own::block).delete(joining::api::own::unblock),
        )
        .route("/api/v1/joining/reports", post(joining::api::own::report))
        .route("/api/v1/joining/leave", post(joining::api::own::leave))
        .route("/api/v1/administration/applications", get(administration::api::applications))
        .route("/api/v1/administration/applications/{person}", post(administration::api::decide))
        .route("/api/v1/administration/concerns", get(administration::api::concerns))
        .route("/api/v1/administration/concerns/{id}/settle", post(administration::api::settle))
        .route(
            "/api/v1/administration/joining",
            get(administration::api::joining).put(administration::api::set_joining),
        )
        .route("/api/v1/administration/letters", get(administration::api::letters))
        .route("/api/v1/administration/letters/{id}/decide", post(administration::api::decide_letter))
        .route("/api/v1/administration/members/{id}", delete(administration::api::remove))
        .route("/api/v1/administration/members/{id}/role", put(administration::api::role))
        .route("/api/v1/administration/members/{id}/consent", post(administration::api::consent))
        .route("/api/v1/notices", get(notices::api::list))
        .route("/api/v1/notices/read", post(notices::api::read))
        .route("/api/v1/members", get(members::api::list).post(members::api::create))
        .route("/api/v1/members/{id}", get(members::api::show).put(members::api::change))
        .route("/api/v1/ties", get(ties::api::list).post(ties::api::create))
        .route("/api/v1/ties/rule", get(ties::api::sides::rule).put(ties::api::sides::set_rule))
        .route("/api/v1/ties/{id}/note", get(ties::api::sides::note).put(ties::api::sides::set_note))
        .route("/api/v1/ties/{id}/recorded", post(ties::api::sides::recorded))
        .route("/api/v1/ties/{id}", get(ties::api::show))
        .route("/api/v1/ties/{id}/answer", post(ties::api::answer))
        .route("/api/v1/referrals", get(referrals::api::list).post(referrals::api::create))
        .route("/api/v1/referrals/{id}", get(referrals::api::show))
        .route("/api/v1/referrals/{id}/step", post(referrals::api::step))
        .route("/api/v1/referrals/{id}/feedback", post(referrals::api::feedback))
        .route("/api/v1/ties/{id}/timeline", get(ties::api::contacts::timeline))
        .route("/api/v1/ties/{id}/end", post(ties::api::contacts::end))
        .route("/api/v1/ties/contacts", post(ties::api::contacts::create))
        .route(
            "/api/v1/ties/contacts/{id}",
            get(ties::api::contacts::show)
                .put(ties::api::contacts::change)
                .delete(ties::api::contacts::take_back),
        )
        .route("/api/v1/rhythm", get(rhythm::api::list))
        .route("/api/v1/rhythm/due", get(rhythm::api::due_now))
        .route("/api/v1/rhythm/zone", get(rhythm::api::inherited::zone).put(rhythm::api::inherited::set_zone))
        .route(
            "/api/v1/rhythm/defaults",
            get(rhythm::api::inherited::suggested).put(rhythm::api::inherited::suggest),
        )
        .route(
            "/api/v1/rhythm/labels",
            get(rhythm::api::inherited::labels).post(rhythm::api::inherited::put_label),
        )
        .route("/api/v1/rhythm/labels/{label}", delete(rhythm::api::inherited::drop_label))
        .route(
            "/api/v1/rhythm/{id}/labels",
            get(rhythm::api::inherited::given).put(rhythm::api::inherited::give),
        )
        .route("/api/v1/rhythm/{id}", get(rhythm::api::show).put(rhythm::api::change))
        .route("/api/v1/rhythm/{id}/settle", post(rhythm::api::settle))
        .route("/api/v1/words/network", get(words::api::told).post(words::api::tell))
        .route("/api/v1/words/at/{word}", delete(words::api::take_back))
        .route("/api/v1/words/at/{word}/picture", get(words::api::picture))
        .route("/api/v1/words/{room}/{id}", get(words::api::list).post(words::api::create))
        .route("/api/v1/members/{id}/vouches", get(vouches::api::list).post(vouches::api::create))
        .route("/api/v1/vouches/{id}", delete(vouches::api::take_back))
        .route("/api/v1/introductions", get(introductions::api::list).post(introductions::api::create))
        .route("/api/v1/introductions/proposals", get(introductions::api::proposals))
        .route(
            "/api/v1/introductions/limits",
            get(introductions::api::limits).put(introductions::api::choose_limits),
        )
        .route("/api/v1/introductions/brings", get(introductions::api::lift::brings))
        .route("/api/v1/introductions/not-these", post(introductions::api::not_these))
        .route("/api/v1/introductions/not-these/{id}", delete(introductions::api::pair_again))
        .route("/api/v1/introductions/{id}", get(introductions::api::show))
        .route("/api/v1/introductions/{id}/answer", post(introductions::api::answer))
        .route("/api/v1/introductions/{id}/pass-on", post(introductions::api::pass_on))
        .route("/api/v1/introductions/{id}/worth", post(introductions::api::worth))
        .route("/api/v1/introductions/{id}/recorded/{member}", post(introductions::api::recorded))
        .route("/api/v1/networks", get(networks::api::list))
        .route("/api/v1/today", get(today::api::list))
        .route("/api/v1/networks/{id}/gatherings", get(networks::api::gatherings))
        .route("/api/v1/networks/{id}", get(networks::api::show).put(networks::api::change))
        .route("/api/v1/giving", get(giving::api_list).post(giving::api_create))
        .route("/api/v1/giving/{id}", get(giving::api_show).put(giving::api::acts::change))
        .route("/api/v1/giving/{id}/met", post(giving::api::acts::met))
        .route("/api/v1/giving/{id}/renew", post(giving::api::acts::renew))
        .route("/api/v1/giving/{id}/withdraw", post(giving::api::acts::withdraw))
        .route("/api/v1/giving/{id}/reopen", post(giving::api::acts::reopen))
        .route("/api/v1/giving/replies/{id}/answer", post(giving::api::acts::answer))
        .route("/api/v1/giving/{id}/replies", get(giving::api::acts::replies).post(giving::api_reply))
        .route("/api/v1/giving/{id}/fits", get(giving::api_fits))
        .route("/api/v1/transfer/mine", get(transfer::api::mine))
        .route("/api/v1/transfer/imports/{id}", get(transfer::api::import))
        .route("/api/v1/transfer/imports/{id}/headings", put(transfer::api::map))
        .route("/api/v1/transfer/imports/{id}/confirm", post(transfer::api::confirm))
        .route("/api/v1/transfer/imports/{id}/undo", post(transfer::api::take_back))
        .route("/api/v1/transfer/duplicates", get(transfer::api::duplicates))
        .route("/api/v1/transfer/duplicates/{id}", post(transfer::api::decide))
        .route("/api/v1/transfer/merges/{id}/undo", post(transfer::api::part))
        .route("/api/v1/transfer/export/{format}", get(transfer::api::export))
        // promises
        .route("/promises", get(promises::mine))
        .route("/promises/new", get(promises::new_form).post(promises::new_submit))
        .route("/promises/rings", get(promises::rings_page).post(promises::propose_ring))
        .route("/promises/rings/{id}/answer", post(promises::answer_ring))
        .route("/promises/reply/{id}", post(promises::reply))
        .route("/promises/{id}", get(promises::show))
        .route("/promises/{id}/day", post(promises::another_day))
        .route("/promises/{id}/{act}", post(promises::act))
        // exchanges
        .route("/exchanges", get(exchanges::mine))
        .route("/exchanges/new", get(exchanges::new_form).post(exchanges::new_submit))
        .route("/exchanges/network", get(exchanges::network))
        .route("/exchanges/hopes", get(exchanges::hopes_form).post(exchanges::hopes_submit))
        .route("/exchanges/kept/{id}", get(exchanges::kept_of).post(exchanges::kept))
        .route("/exchanges/{id}", get(exchanges::show))
        .route("/exchanges/{id}/confirm", post(exchanges::confirm_page))
        .route("/exchanges/{id}/dispute", post(exchanges::dispute))
        .route("/exchanges/{id}/gained", post(exchanges::gained))
        .route("/exchanges/{id}/helped", post(exchanges::helped))
        .route("/exchanges/{id}/thanks", post(exchanges::thanks))
        // resources
        .route("/resources", get(resources::list))
        .route("/resources/new", get(resources::new_form).post(resources::new_submit))
        .route("/resources/gaps", get(resources::gaps))
        .route("/resources/{id}", get(resources::show))
        .route("/resources/{id}/edit", get(resources::change_form).post(resources::change_submit))
        .route("/resources/{id}/gone", post(resources::gone))
        .route("/resources/{id}/book", post(resources::book_page))
        .route("/resources/bookings/{id}", get(resources::booking))
        .route("/resources/bookings/{id}/answer", post(resources::answer))
        .route("/resources/bookings/{id}/{step}", post(resources::act))
        // the API of the three
        .route("/api/v1/promises", get(promises::api::list).post(promises::api::create))
        .route("/api/v1/promises/record", get(promises::api::record))
        .route("/api/v1/promises/replies/{id}", post(promises::api::agree))
        .route("/api/v1/promises/rings", get(promises::api::found_rings).post(promises::api::propose_ring))
        .route("/api/v1/promises/rings/{id}", post(promises::api::answer_ring))
        .route("/api/v1/promises/{id}", get(promises::api::show))
        .route("/api/v1/promises/{id}/{act}", post(promises::api::act))
        .route("/api/v1/exchanges", get(exchanges::api::list).post(exchanges::api::create))
        .route("/api/v1/exchanges/balance", get(exchanges::api::balance))
        .route("/api/v1/exchanges/network", get(exchanges::api::network))
        .route("/api/v1/exchanges/hopes", get(exchanges::api::hopes).put(exchanges::api::put_hopes))
        .route("/api/v1/exchanges/{id}", get(exchanges::api::show))
        .route("/api/v1/exchanges/{id}/{act}", post(exchanges::api::act))
        .route("/api/v1/resources", get(resources::api::list).post(resources::api::create))
        .route("/api/v1/resources/gaps", get(resources::api::gaps))
        .route("/api/v1/resources/bookings", get(resources::api::bookings))
        .route("/api/v1/resources/bookings/{id}/{step}", post(resources::api::step))
        .route(
            "/api/v1/resources/{id}",
            get(resources::api::show).put(resources::api::change).delete(resources::api::remove),
        )
        .route("/api/v1/resources/{id}/bookings", post(resources::api::book))
        // search
        .route("/search", get(search::page))
        .route("/api/v1/search", get(search::list))
        // offline
        .route("/offline", get(offline::page))
        .route("/worker.js", get(offline::worker))
        .route("/manifest.webmanifest", get(offline::manifest))
        // notices
        .route("/notices", get(notices::page))
        .route("/notices/read", post(notices::read_all))
        .route("/notices/settings", get(notices::settings).post(notices::settings_submit))
        .route("/notices/settings/about/{id}", post(notices::about_submit))
        .route("/notices/settings/choices/{choice}/remove", post(notices::remove_choice))
        .route("/notices/devices", post(notices::subscribe))
        .route("/notices/devices/{id}/remove", post(notices::unsubscribe))
        .route("/notices/line", post(notices::line))
        .route("/notices/off/{secret}", get(notices::off).post(notices::off_submit))
        .route(
            "/api/v1/notices/settings",
            get(notices::api::settings::show).put(notices::api::settings::change),
        )
        .route("/notices/{id}", get(notices::open))
        .fallback(async || Problem::not_found());
    let files = Router::new()
        .route("/transfer", post(transfer::upload))
        .route("/words/{room}/{id}/picture", post(words::picture_submit))
        .route("/api/v1/words/{room}/{id}/picture", post(words::api::add_picture))
        .route("/api/v1/transfer/imports", get(transfer::api::imports).post(transfer::api::bring))
        .layer(DefaultBodyLimit::max(LARGEST_UPLOAD));
    Router::new()
        .merge(pages.layer(DefaultBodyLimit::max(LARGEST_FORM)))
        .merge(files)
        .layer(from_fn(openapi::known_parameters))
        .layer(from_fn_with_state(app.house.clone(), web::again::once_a_key))
        .layer(from_fn(web::guard::scopes))
        .layer(from_fn(web::guard::same_site))
        .layer(from_fn_with_state(app.house.clone(), web::asker::identify))
        .route("/assets/{mark}/{name}", get(web::assets::serve))
        .route("/healthz", get(healthz))
        .layer(from_fn(web::guard::headers))
        .with_state(app)
}

/// `GET /`: today for those who are signed in, the way in for everybody else.
async fn first_page(asker: Asker) -> impl IntoResponse {
    if asker.session.is_some() { see_other("/today") } else { see_other("/joining/sign-in") }
}

/// `GET /healthz`: 200 when the store answers.
async fn healthz(State(house): State<House>) -> impl IntoResponse {
    let db = house.database().clone();
    let answer = web::on_a_thread(move || db.answers().map_err(Problem::from)).await;
    match answer {
        Ok(()) => (StatusCode::OK, "ok\n"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer\n"),
    }
}
