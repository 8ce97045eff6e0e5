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
transfer-columns-check = Not all headings are known; please check that they are read right
transfer-columns-save = Read again like this
transfer-leave-out = Leave out
transfer-rejected = Rows that cannot be read, or wait for a decision
transfer-warnings = Cells left out
transfer-pairs = May be the same person
transfer-pairs-hint = They stay apart until somebody decides
transfer-row = Row { $n }
transfer-unread = Sheets left out
transfer-confirm = Bring everything in
transfer-undo = Take this import back
transfer-undo-hint = Removes everything this import made. What others have answered since stays
transfer-done = Brought in on { $date }
transfer-undone = This import was taken back
transfer-see-members = See members
transfer-duplicates = May be the same person
transfer-duplicates-none = No pairs to decide on
transfer-same = The same
transfer-apart = Two different ones
transfer-merges = Made one
transfer-part = Part them again
transfer-merged = { $name } was made one with
transfer-export = Take it out
transfer-export-hint = Take the network out whenever you like, as far as you may see it
