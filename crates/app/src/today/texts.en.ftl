today-title = Today
today-hello = Hello { $name }
today-empty-title = Nothing is waiting today
today-empty-text = Rest, or call somebody you have not talked to for a while
today-empty-board = See what is offered and needed
today-begin-title = Two minutes to begin
today-begin-text = Say one thing you can give and one thing you need, and Saan looks for people who could help each other
today-begin-offer = Offer something
today-begin-need = Ask for help
today-tie-why = Answer when it suits you. If it does not, the other side is not told
today-tie-offers = Offers: { $what }
today-reply = { $name } answered “{ $title }”
today-reply-why = Somebody waits to hear from you
today-ending-offer = Your offer “{ $title }” ends soon
today-ending-need = Your need “{ $title }” ends soon
today-ending-why = Shown until { $date }; one tap keeps it open
today-renew = Keep it open
today-look = Open
today-calls = { $n ->
    [one] 1 person to call
   *[other] { $n } people to call
  }
today-consents = { $n ->
    [one] 1 person waits to be asked for consent
   *[other] { $n } people wait to be asked for consent
  }
today-duplicates = { $n ->
    [one] 1 pair may be the same person
   *[other] { $n } pairs may be the same person
  }
today-coordinator-why = As a coordinator
today-need = Could you help? “{ $title }”
today-applications = { $n ->
    [one] 1 person asks to join
   *[other] { $n } people ask to join
  }
today-add-details = Add details of the contact
today-alone-title = Begin with the list you have
today-alone-text = Bring in the sheet of members you keep; you see it before anything is saved, and then who could help whom. Or invite the first person
today-alone-import = Bring in a list
today-alone-invite = Invite someone
