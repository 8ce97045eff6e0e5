//! Words of the import that become words of the store.

use formats::icalendar::{Reply, Status};
use formats::intake::{ActorKind, Channel, PlannedContact};

/// In person is a visit where the words say so, else a meeting (model.md, channels).
pub fn channel_word(contact: &PlannedContact) -> &'static str {
    let visit = ["เยี่ยม", "ลงพื้นที่", "ไปหา"].iter().any(|word| contact.channel_text.contains(word));
    match contact.channel {
        Channel::InPerson if visit => "visit",
        Channel::InPerson => "meeting",
        other => other.code(),
    }
}

pub const fn kind_word(kind: ActorKind) -> &'static str {
    match kind {
        ActorKind::Person => "person",
        ActorKind::Group => "group",
        ActorKind::Organization => "organization",
    }
}

pub const fn status_word(status: Status) -> &'static str {
    match status {
        Status::Cancelled => "cancelled",
        Status::Confirmed | Status::Tentative => "planned",
    }
}

/// The word of attendance for an answer to an invitation.
pub const fn reply_word(reply: Reply) -> &'static str {
    match reply {
        Reply::Yes => "going",
        Reply::Perhaps => "maybe",
        Reply::No => "declined",
        Reply::Nothing => "invited",
    }
}
