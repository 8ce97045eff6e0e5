resources-title = ของและผู้รู้ที่แบ่งกันใช้
