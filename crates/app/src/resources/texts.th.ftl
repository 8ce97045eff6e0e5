resources-title = ของและผู้รู้ที่แบ่งกันใช้
resources-bookings = การขอใช้
