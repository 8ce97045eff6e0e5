//! What the codes of a plan mean, in the words of whoever reads it.

use thai::Lang;

use super::headings::Column;

/// A reason, a warning or a kind of row in words; an unknown code is its own word.
#[must_use]
pub fn reason(code: &str, lang: Lang) -> String {
    if let Some(column) = code.strip_prefix("error_cell:") {
        let column = Column::from_code(column).map_or(column, |column| self::column(column, lang));
        return match lang {
            Lang::Thai => format!("ช่อง{column}เป็นค่าผิดพลาดจากสูตร จึงเว้นว่าง"),
            Lang::English => format!("the cell of {column} holds an error value; left empty"),
        };
    }
    let (thai, english) = match code {
        "blank" => ("แถวว่าง", "blank row"),
        "section" => ("หัวข้อคั่น", "section title"),
        "repeated_header" => ("หัวตารางซ้ำ", "headings repeated"),
        "summary" => ("แถวรวมยอด", "summary row"),
        "note" => ("หมายเหตุ", "note"),
        "error_in_key_cell" => ("ช่องชื่อเป็นค่าผิดพลาดจากสูตร", "the name is an error value"),
        "no_name_no_org" => ("ไม่มีทั้งชื่อและหน่วยงาน", "neither a name nor an organization"),
        "test_row" => ("แถวทดสอบ", "test row"),
        "consent_refused" => ("เจ้าของข้อมูลไม่ยินยอม", "consent was refused"),
        "consent_withdrawn" => ("เจ้าของข้อมูลถอนความยินยอมในแถวหลัง", "consent was withdrawn in a later row"),
        "left_before" => (
            "ออกจากเครือข่ายหรือถูกนำออกไปแล้ว จึงไม่เพิ่มซ้ำ ให้ผู้ประสานงานตัดสิน",
            "left the network or was removed before; not added again, for a coordinator to decide",
        ),
        "undecodable_bytes" => ("มีตัวอักษรที่อ่านไม่ได้", "letters that cannot be read"),
        "too_many_fields" => ("มีช่องมากกว่าหัวตาราง", "more fields than headings"),
        "missing_participant" => ("ไม่ระบุว่าใครคุยกับใคร", "who spoke with whom is missing"),
        "invalid_date" => ("ไม่มีวันที่นี้ในปฏิทิน", "there is no such date"),
        "implausible_date" => ("ปีของวันที่ผิดปกติ", "the year is unlikely"),
        "vague_date" => ("วันที่เป็นคำบรรยาย ไม่ใช่วันที่", "words in place of a date"),
        "missing_date" => ("ไม่มีวันที่", "the date is missing"),
        "missing_endpoint" => ("ขาดปลายข้างหนึ่ง", "one end is missing"),
        "missing_relation" => ("ไม่ระบุความสัมพันธ์", "the relation is missing"),
        "self_tie" => ("โยงกับตัวเอง", "tied to itself"),
        "unknown_endpoint" => ("ไม่รู้จักปลายข้างหนึ่ง", "one end is not known"),
        "ambiguous_endpoint" => ("ปลายข้างหนึ่งหมายถึงได้หลายคน", "one end could be several people"),
        "unknown_relation" => ("ไม่รู้จักความสัมพันธ์นี้", "the relation is not known"),
        "unknown" => ("ไม่รู้จัก", "not known"),
        "ambiguous" => ("หมายถึงได้หลายคน", "could be several people"),
        "no_name" => ("ไม่มีชื่อ", "no name"),
        "card_not_closed" => ("นามบัตรไม่จบ", "the card has no end"),
        "no_start" => ("ไม่มีเวลาเริ่ม", "no start"),
        "end_before_start" => ("จบก่อนเริ่ม", "it ends before it begins"),
        "invalid_email" => ("อีเมลไม่ถูกต้อง", "no valid e-mail address"),
        "invalid_phone" => ("ไม่มีเบอร์โทรที่ถูกต้อง", "no valid telephone number"),
        "invalid_timestamp" => ("เวลาที่ตอบไม่ถูกต้อง", "no valid time of sending"),
        "formula_without_value" => {
            ("สูตรไม่มีผลลัพธ์บันทึกไว้ จึงเว้นว่าง", "a formula without a saved result; left empty")
        }
        "strength_out_of_range" => ("ระดับความสัมพันธ์ต้องเป็น 1 ถึง 5", "strength is 1 to 5"),
        "strength_unreadable" => ("อ่านระดับความสัมพันธ์ไม่ได้", "the strength cannot be read"),
        "since_unreadable" => ("อ่านวันที่เริ่มไม่ได้", "since when cannot be read"),
        "same_name_different_contact" => ("ชื่อเดียวกันแต่ติดต่อคนละทาง", "same name, different contact"),
        "shared_contact" => {
            ("คนละชื่อแต่ใช้เบอร์ อีเมล หรือไลน์เดียวกัน", "different names, one phone, e-mail or LINE")
        }
        "partial_name" => {
            ("ชื่อไม่เต็มตรงกับคนในหน่วยงานเดียวกัน", "a first name alone, of someone in the same organization")
        }
        "similar_name" => ("ชื่อคล้ายกันมาก", "very similar names"),
        "group_word_missing" => ("ต่างกันแค่คำว่ากลุ่มหรือชมรมข้างหน้า", "the same but for the word of the group"),
        "hidden" => ("แผ่นงานถูกซ่อน", "the sheet is hidden"),
        "very_hidden" => ("แผ่นงานถูกซ่อนโดยโปรแกรม", "the sheet is hidden by a program"),
        "empty" => ("แผ่นงานว่าง", "the sheet is empty"),
        "no_headings" => ("ไม่พบหัวตารางที่รู้จัก", "no known headings"),
        other => (other, other),
    };
    match lang {
        Lang::Thai => thai.to_owned(),
        Lang::English => english.to_owned(),
    }
}

/// What a column holds, in words.
#[must_use]
pub const fn column(column: Column, lang: Lang) -> &'static str {
    let (thai, english) = match column {
        Column::Submitted => ("เวลาที่ตอบ", "time of sending"),
        Column::Name => ("ชื่อ", "name"),
        Column::FamilyName => ("นามสกุล", "family name"),
        Column::Nickname => ("ชื่อเล่น", "nickname"),
        Column::Organization => ("หน่วยงาน", "organization"),
        Column::Role => ("บทบาท", "role"),
        Column::Province => ("จังหวัด", "province"),
        Column::District => ("อำเภอ", "district"),
        Column::Subdistrict => ("ตำบล", "sub-district"),
        Column::Phone => ("เบอร์โทร", "telephone"),
        Column::Line => ("LINE", "LINE"),
        Column::Email => ("อีเมล", "e-mail"),
        Column::Offer => ("สิ่งที่ให้ได้", "offers"),
        Column::Need => ("สิ่งที่ต้องการ", "needs"),
        Column::Availability => ("ช่วงเวลาที่สะดวก", "convenient times"),
        Column::Consent => ("ความยินยอม", "consent"),
        Column::Date => ("วันที่", "date"),
        Column::Who => ("ใคร", "who"),
        Column::With => ("คุยกับใคร", "with whom"),
        Column::Channel => ("ช่องทาง", "channel"),
        Column::Topic => ("เรื่อง", "topic"),
        Column::Source => ("ต้นทาง", "from"),
        Column::Target => ("ปลายทาง", "to"),
        Column::Relation => ("ความสัมพันธ์", "relation"),
        Column::Strength => ("ระดับ", "strength"),
        Column::Since => ("ตั้งแต่", "since"),
    };
    match lang {
        Lang::Thai => thai,
        Lang::English => english,
    }
}
