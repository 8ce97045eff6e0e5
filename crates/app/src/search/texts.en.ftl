search-title = Search
search-label = What are you looking for
search-hint = People, groups, what is offered or needed, places
search-all = All
search-kind-person = Person
search-kind-group = Group
search-kind-organization = Organization
search-kind-network = Network
search-kind-offer = Offer
search-kind-need = Need
search-count = { $n ->
    [one] 1 found
   *[other] { $n } found
  }
search-count-more = More than 1,000 found. Add a word to narrow it down
search-none = Nothing found for “{ $q }” yet
search-none-hint = Try a shorter word, or say what you need: those who can help will see it
search-none-ask = Ask for help
search-meant = Did you mean
search-begin = Find people, groups, organizations, offers and needs, such as carpenter Chiang Mai
search-preparing = Search is being prepared. Wait a little and try again
search-again = Try again
search-by = by { $name }
