vouches-title = Others stand up for
vouches-say = Say what they are good at
vouches-category = Good at
vouches-words = One sentence
vouches-words-hint = For example: taught our team wound care until we could do it ourselves
vouches-send = Stand up for it
vouches-undo = Take out
vouches-strangers = You can stand up for somebody after help or work together. Perhaps log that contact first
