vouches-title = เพื่อนรับรองว่าเก่งเรื่อง
vouches-say = บอกว่าเก่งเรื่องอะไร
vouches-category = เก่งเรื่อง
vouches-words = เล่าสั้น ๆ หนึ่งประโยค
vouches-words-hint = เช่น สอนทำแผลให้ทีมเราจนทำเองได้
vouches-send = รับรอง
vouches-undo = เอาออก
vouches-strangers = รับรองกันได้เมื่อเคยช่วยกันหรือทำงานด้วยกัน ลองบันทึกการติดต่อครั้งนั้นก่อน
