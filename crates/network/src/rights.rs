//! Who may do what, as one table: role × action. Whether the member may see the object at all is the audience's
//! matter, not this table's. The operator's technical rights stand apart from any voice in a network.

use crate::vocabulary::Role;

/// Something one does in a network that not everybody may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Read the directory, the board and the pages of members.
    ReadNetwork,
    /// Post offers and needs, propose ties, log contacts.
    Weave,
    /// Have a vote; decisions come later, the right is kept from the first day.
    Vote,
    /// Invite others into the network.
    Invite,
    /// Enter members on behalf of people, record their consent and answers.
    EnterMembers,
    /// Bring in files and take an import back.
    Import,
    /// Take the network's data out.
    Export,
    /// Decide on duplicates, merge and undo.
    DecideDuplicates,
    /// Propose introductions to others.
    Introduce,
    /// Accept applications, change roles, remove members.
    ManageMembers,
    /// Change what the network says about itself.
    EditNetwork,
    /// See and settle what members reported.
    SettleConcerns,
}

impl Action {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::ReadNetwork,
        Self::Weave,
        Self::Vote,
        Self::Invite,
        Self::EnterMembers,
        Self::Import,
        Self::Export,
        Self::DecideDuplicates,
        Self::Introduce,
        Self::ManageMembers,
        Self::EditNetwork,
        Self::SettleConcerns,
    ];
}

/// Whether a role carries a right.
#[must_use]
pub const fn may(role: Role, action: Action) -> bool {
    match action {
        Action::ReadNetwork => true,
        Action::Weave | Action::Invite => !matches!(role, Role::Observer),
        Action::Vote => !matches!(role, Role::Supporter | Role::Observer),
        Action::Introduce
        | Action::EnterMembers
        | Action::Import
        | Action::Export
        | Action::DecideDuplicates
        | Action::ManageMembers
        | Action::EditNetwork
        | Action::SettleConcerns => matches!(role, Role::Coordinator),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table as people read it; a change of rights is a change here, seen in review.
    const TABLE: &str = "
                      member coordinator supporter observer steward
    ReadNetwork       yes    yes         yes       yes      yes
    Weave             yes    yes         yes       no       yes
    Vote              yes    yes         no        no       yes
    Invite            yes    yes         yes       no       yes
    EnterMembers      no     yes         no        no       no
    Import            no     yes         no        no       no
    Export            no     yes         no        no       no
    DecideDuplicates  no     yes         no        no       no
    Introduce         no     yes         no        no       no
    ManageMembers     no     yes         no        no       no
    EditNetwork       no     yes         no        no       no
    SettleConcerns    no     yes         no        no       no
    ";

    #[test]
    fn every_cell_of_the_table_holds() {
        let mut lines = TABLE.lines().map(str::trim).filter(|line| !line.is_empty());
        let roles: Vec<Role> =
            lines.next().unwrap().split_whitespace().map(|word| Role::from_word(word).unwrap()).collect();
        let mut seen = 0;
        for line in lines {
            let mut cells = line.split_whitespace();
            let name = cells.next().unwrap();
            let action = *Action::ALL.iter().find(|action| format!("{action:?}") == name).unwrap();
            for (role, cell) in roles.iter().zip(cells) {
                assert_eq!(may(*role, action), cell == "yes", "{name} for {role:?}");
                seen += 1;
            }
        }
        assert_eq!(seen, Action::ALL.len() * Role::ALL.len(), "the table names every role and action");
    }
}
