//! The pages of this feature, by topic.

mod access;
mod belonging;
mod claiming;
mod growth;
mod invitations;
mod leaving;
mod passkeys;
mod providers;
mod settings;
mod setup;
mod sign_in;
mod unclaimed;

pub use access::{
    access, email_confirm, email_form, email_remove, email_submit, name_submit, new_password_form,
    new_password_submit, reset_form, reset_submit,
};
pub use belonging::{belonging, belonging_answer, belonging_submit, cards};
pub use claiming::{claim, claim_form, claim_submit, consent_form, consent_submit};
pub(super) use growth::grown;
pub use growth::{Grown, brought, growth};
pub use invitations::{
    ask_form, ask_submit, invitation, invite_form, invite_submit, invited, invited_submit, invited_with,
    withdraw_invitation,
};
pub use leaving::{block, erase_submit, leave_form, leave_submit, panel, report_form, report_submit};
pub use passkeys::{
    passkey_begin, passkey_challenge, passkey_register, passkey_remove, passkey_rename, passkey_sign_in,
};
pub use providers::{link_form, link_submit, provider_back, tie_provider, untie_provider, with_provider};
pub use settings::{
    end_session, language_submit, make_token, password_submit, revoke_token, settings, steward_add,
    steward_end, stewards, visibility_submit,
};
pub use setup::{setup_form, setup_submit};
pub use sign_in::{act_as, language, me, sign_in, sign_in_submit, sign_out};
pub use unclaimed::{code, consent_sheet, record_consent, unclaimed};
