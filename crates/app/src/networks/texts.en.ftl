networks-about-empty = Nobody has written down yet what this network is for
networks-about-write = Write it now
networks-people = { $n ->
    [one] 1 person
   *[other] { $n } people
  }
networks-groups = { $n ->
    [one] 1 group
   *[other] { $n } groups
  }
networks-organizations = { $n ->
    [one] 1 organization
   *[other] { $n } organizations
  }
networks-offers = { $n ->
    [one] 1 offer
   *[other] { $n } offers
  }
networks-needs = { $n ->
    [one] 1 need
   *[other] { $n } needs
  }
networks-coordinators = Coordinators
networks-edit = Edit the network
networks-name = Name of the network
networks-purpose = What is this network for
networks-purpose-hint = One or two sentences, as you would tell a newcomer
networks-work = Waiting for a coordinator
networks-work-none = Nothing is waiting
networks-work-consent = { $n ->
    [one] 1 person waits to be asked for consent
   *[other] { $n } people wait to be asked for consent
  }
networks-work-duplicates = { $n ->
    [one] 1 pair may be the same person
   *[other] { $n } pairs may be the same person
  }
networks-work-unclaimed = { $n ->
    [one] 1 person has no account of their own yet
   *[other] { $n } people have no account of their own yet
  }
networks-work-concerns = { $n ->
    [one] 1 concern was brought by a member
   *[other] { $n } concerns were brought by members
  }
networks-introduce = Introductions
networks-import = Bring in a list
networks-export = Export
networks-invite = Invite
networks-gatherings = Gatherings
networks-members = See all members
networks-work-applications = { $n ->
    [one] 1 person asks to join
   *[other] { $n } people ask to join
  }
