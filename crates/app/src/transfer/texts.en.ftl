transfer-title = Bring in a list
transfer-intro = Use the files you have: Excel, CSV, address book (vCard) or calendar (iCalendar). You see what would be made first; nothing is saved yet
transfer-choose = Choose files
transfer-look = Look before bringing in
transfer-no-file = No file was chosen
transfer-earlier = Brought in before
transfer-state-waiting = Waiting for you
transfer-state-done = Brought in
transfer-state-undone = Taken back
transfer-preview = Look before bringing in
transfer-will-make = Will be added to the network
transfer-makes-nothing = Nothing new
transfer-makes-persons = { $n ->
    [one] 1 person
   *[other] { $n } people
  }
transfer-makes-groups = { $n ->
    [one] 1 group
   *[other] { $n } groups
  }
transfer-makes-organizations = { $n ->
    [one] 1 organization
   *[other] { $n } organizations
  }
transfer-adds-to = { $n ->
    [one] Adds to 1 member, removes nothing
   *[other] Adds to { $n } members, removes nothing
  }
transfer-makes-memberships = { $n ->
    [one] 1 membership of a group or organization
   *[other] { $n } memberships of groups and organizations
  }
transfer-makes-offers = { $n ->
    [one] 1 offer
   *[other] { $n } offers
  }
transfer-makes-needs = { $n ->
    [one] 1 need
   *[other] { $n } needs
  }
transfer-pending = { $n ->
    [one] 1 person waits for consent and is not shown to others yet
   *[other] { $n } people wait for consent and are not shown to others yet
  }
transfer-makes-contacts = { $n ->
    [one] 1 logged contact
   *[other] { $n } logged contacts
  }
transfer-makes-ties = { $n ->
    [one] 1 tie
   *[other] { $n } ties
  }
transfer-makes-gatherings = { $n ->
    [one] 1 gathering
   *[other] { $n } gatherings
  }
transfer-columns = What the headings mean
transfer-look-at = Look at these cells first; if you bring it in, they are kept as plain text.
transfer-columns-check = Not all headings are known; please check that they are read right
transfer-columns-save = Read again like this
transfer-leave-out = Leave out
transfer-asked-again = Said no before, or took their yes back
transfer-asked-again-hint = This file says yes, but they said no. Their answer stays as it is: ask them, and record it on their page
transfer-left = Left the network or were removed before
transfer-left-hint = They are not added again. To take somebody back, a coordinator invites or enters them after talking with them.
transfer-rejected = Rows that cannot be read, or wait for a decision
transfer-warnings = Cells left out
transfer-pairs = May be the same person
transfer-pairs-hint = They stay apart until somebody decides
transfer-row = Row { $n }
transfer-on-sheet = { $reason } · sheet { $sheet }
transfer-unread = Sheets left out
transfer-confirm = Bring everything in
transfer-undo = Take this import back
transfer-undo-hint = Removes everything this import made. What others have answered since stays
transfer-done = Brought in on { $date }
transfer-undone = This import was taken back
transfer-see-pairs = See who could help whom
transfer-see-members = See members
transfer-duplicates = May be the same person
transfer-duplicates-none = No pairs to decide on
transfer-same = The same
transfer-apart = Two different ones
transfer-two-accounts = Each of the two has an account of their own. If they are one person, let them give up one account first, then make them one
transfer-merges = Made one
transfer-part = Part them again
transfer-merged = { $name } was made one with
transfer-export = Take it out
transfer-export-hint = Take the network out whenever you like, as far as you may see it
transfer-export-others = Take it out another way
transfer-export-xlsx = All tables in one file
transfer-export-csv = Tables as separate files, for any program
transfer-export-json = Every field, for other programs
transfer-export-vcf = Contacts, for a phone's address book
transfer-export-ics = Activities, for a calendar
transfer-export-graphml = The network, for programs that draw it
transfer-export-gexf = The network, for Gephi
transfer-export-kumu = The network, for the Kumu site
transfer-mine-title = Everything about me
transfer-mine-intro = Everything stored here about { $name }: read it, or keep it as a file
transfer-mine-xlsx = Keep as Excel
transfer-mine-csv = Keep as CSV (zip)
transfer-mine-json = Keep as JSON
transfer-mine-not-in = Answers the other side did not tell, and names you may not see, are not in it
transfer-mine-back = Back to settings
transfer-mine-yes = yes
transfer-mine-field = Item
transfer-mine-value = Content
transfer-mine-profile = About me
transfer-mine-contact-points = Ways to reach me
transfer-mine-capabilities = What I can do and want to learn
transfer-mine-consents = Consents
transfer-mine-memberships = Networks, groups and organizations I am in
transfer-mine-acting-for = Who acts for whom
transfer-mine-offers-and-needs = What I offer and need
transfer-mine-categories = Categories of offers and needs
transfer-mine-replies = My replies to others
transfer-mine-replies-received = Replies to me
transfer-mine-ties = Ties
transfer-mine-notes = Private notes
transfer-mine-contacts = Contacts
transfer-mine-gatherings = Gatherings
transfer-mine-introductions = Introductions
transfer-mine-blocked = Members I blocked
transfer-mine-notices = Notices
transfer-mine-reports = What I told the coordinators
transfer-mine-invitations = My invitations
transfer-mine-deliveries = Messages sent to me
transfer-mine-brought-in = Where a list named me
transfer-mine-merged = Names made one with mine
transfer-mine-journal = Who did what
transfer-mine-earlier-values = Values before a change
transfer-mine-account = Account
transfer-mine-sign-in-names = Names to sign in with
transfer-mine-passkeys = Passkeys
transfer-mine-sessions = Signed-in devices
transfer-mine-access-tokens = Access tokens
transfer-mine-h-kind = Kind
transfer-mine-h-name = Name
transfer-mine-h-title = Title
transfer-mine-h-text = Details
transfer-mine-h-words = Words
transfer-mine-h-at = When
transfer-mine-h-from = From
transfer-mine-h-until = Until
transfer-mine-h-expires = Ends
transfer-mine-h-last = Last used
transfer-mine-h-read = Read
transfer-mine-h-who = Who
transfer-mine-h-by = By
transfer-mine-h-for = On behalf of
transfer-mine-h-in = Where
transfer-mine-h-role = Role
transfer-mine-h-state = State
transfer-mine-h-visibility = Who may see it
transfer-mine-h-consent = Consent
transfer-mine-h-manner = How
transfer-mine-h-answer = Answer
transfer-mine-h-category = Category
transfer-mine-h-learn = Wants to learn
transfer-mine-h-chosen = Chosen by me
transfer-mine-h-side = Relation
transfer-mine-h-offers = Offers
transfer-mine-h-asks = Asks
transfer-mine-h-benefit = Benefit
transfer-mine-h-accepted = Came in by it
transfer-mine-h-act = Act
transfer-mine-h-place = Place
transfer-mine-h-available = When it suits
transfer-mine-h-languages = Languages
transfer-mine-h-work = Work and position
transfer-mine-h-context = To know before the first contact
transfer-mine-h-other = Other
transfer-mine-referrals = Referrals
