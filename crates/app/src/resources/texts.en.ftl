resources-title = To share
resources-bookings = Bookings
