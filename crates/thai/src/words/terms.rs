//! The terms every lexicon begins with: what community workers write and a dictionary cuts apart or does not know.
//!
//! One line a term: its own spelling, then other spellings that mean the same, in Thai and English, so that "flood"
//! and น้ำท่วม meet. Our own collection.

/// `spelling|other spelling|…`
pub(super) const TERMS: &str = "\
อสม|อาสาสมัครสาธารณสุขประจำหมู่บ้าน|อาสาสมัครสาธารณสุข|อสมท้องถิ่น|village health volunteer|vhv|health volunteer
โรงพยาบาลส่งเสริมสุขภาพตำบล|รพ.สต.|โรงพยาบาลส่งเสริมสุขภาพประจำตำบล|สถานีอนามัย|อนามัย|health promoting hospital|subdistrict hospital|health center|health centre
โรงพยาบาล|รพ.|โรงบาล|รพช|รพท|รพศ|hospital
สำนักงานสาธารณสุขจังหวัด|สสจ
สำนักงานสาธารณสุขอำเภอ|สสอ
องค์การบริหารส่วนตำบล|อบต
องค์การบริหารส่วนจังหวัด|อบจ
องค์กรปกครองส่วนท้องถิ่น|อปท
เทศบาลตำบล|ทต
เทศบาลเมือง
เทศบาลนคร
โรงเรียน|รร.|school
วิสาหกิจชุมชน|วสช|community enterprise|social enterprise
ศูนย์พัฒนาเด็กเล็ก|ศพด|child development center|child development centre|nursery school
อาสาสมัครป้องกันภัยฝ่ายพลเรือน|อปพร
ชุดรักษาความปลอดภัยหมู่บ้าน|ชรบ
อาสาสมัครพัฒนาสังคมและความมั่นคงของมนุษย์|อพม
ป้องกันและบรรเทาสาธารณภัย|ปภ
พัฒนาสังคมและความมั่นคงของมนุษย์|พมจ
หลักประกันสุขภาพแห่งชาติ|สปสช
กองทุนหลักประกันสุขภาพ|กองทุนสปสช|กปท
สถาบันพัฒนาองค์กรชุมชน|พอช
สำนักงานกองทุนสนับสนุนการสร้างเสริมสุขภาพ|สสส
การศึกษานอกระบบ|กศน|สกร
ธนาคารเพื่อการเกษตรและสหกรณ์การเกษตร|ธกส|ธ.ก.ส.
กองทุนเงินให้กู้ยืมเพื่อการศึกษา|กยศ
การไฟฟ้าส่วนภูมิภาค|กฟภ
องค์การอาหารและยา|อย.
ผู้ใหญ่บ้าน|ผญบ|ผญ.บ้าน|village head|village headman
ผู้อำนวยการ|ผอ.|director
เจ้าหน้าที่|จนท
ประชาชน|ปชช
ผู้ป่วย|คนไข้|ผป.|patient
มหาวิทยาลัย|มหาลัย|university
กรุงเทพมหานคร|กทม|กรุงเทพ|กรุงเทพฯ|bangkok
pm25|ฝุ่นจิ๋ว|ฝุ่นพิษ|ฝุ่นละอองขนาดเล็ก|fine dust|particulate matter
line|ไลน์|ไลน
กลุ่มไลน์|กรุ๊ปไลน์|กลุ่ม line|line group
facebook|เฟซบุ๊ก|เฟสบุ๊ค|เฟซ|เฟสบุ๊ก|เฟซบุ๊ค|เฟส
youtube|ยูทูบ|ยูทูป
tiktok|ติ๊กต็อก|ติ๊กตอก
google|กูเกิล|กูเกิ้ล
zoom|ซูม
อินเทอร์เน็ต|อินเตอร์เน็ต|เน็ต|internet
wifi|ไวไฟ|wi-fi|วายฟาย
คอมพิวเตอร์|คอม|computer
โน้ตบุ๊ก|โน๊ตบุ๊ค|notebook|laptop|แล็ปท็อป
โทรศัพท์มือถือ|มือถือ|สมาร์ตโฟน|สมาร์ทโฟน|smartphone
แอปพลิเคชัน|แอพ|แอป|แอพพลิเคชั่น
เว็บไซต์|เว็บไซด์|เว็บ|website
อีเมล|อีเมล์|email|e-mail
ออนไลน์|online
โดรน|drone|uav
มอเตอร์ไซค์|มอไซค์|มอไซ|จักรยานยนต์|มอเตอร์ไซด์|motorcycle|motorbike|scooter
รถกระบะ|กระบะ|ปิกอัพ|รถปิคอัพ|pickup|pickup truck|pick-up truck
รถตู้|van|minivan
รถเข็น|วีลแชร์|wheelchair|wheel chair
เตียงผู้ป่วย|hospital bed|patient bed
ผู้ป่วยติดเตียง|คนป่วยติดเตียง|ติดเตียง|bedridden|bed-ridden|bedbound
ผู้ป่วยติดบ้าน|ติดบ้าน|housebound|homebound
ผู้สูงอายุ|ผู้สูงวัย|คนแก่|คนชรา|ผู้เฒ่า|คนเฒ่า|elderly|older people|older person|senior citizen|seniors|old people|elder
คนพิการ|ผู้พิการ|disabled|disability|people with disabilities|disabled people
เด็กเล็ก|toddler|small children|young children
เด็กกำพร้า|orphan
แม่เลี้ยงเดี่ยว|single mother|single mom|single mum
ผู้ดูแล|แคร์กีฟเวอร์|caregiver|แคร์กิฟเวอร์|carer|care giver
ถังออกซิเจน|oxygen tank|oxygen cylinder
เครื่องผลิตออกซิเจน|oxygen concentrator
แผลกดทับ|bedsore|bed sore|pressure sore|pressure ulcer
ทำแผล|ล้างแผล|wound care|wound dressing
ความดัน|ความดันโลหิต|ความดันสูง|blood pressure|hypertension
เบาหวาน|โรคเบาหวาน|diabetes|diabetic
ไข้เลือดออก|dengue|dengue fever
โควิด|โควิด19|โควิด-19|covid|covid-19|โควิท
ฟอกไต|ล้างไต|dialysis|kidney dialysis
ซึมเศร้า|โรคซึมเศร้า|depression|depressed
สุขภาพจิต|mental health
ปฐมพยาบาล|first aid
กู้ชีพ|กู้ภัย|rescue
ผ้าอ้อม|แพมเพิส|แพมเพิร์ส|diaper|nappy
นมผง|formula milk|milk powder|powdered milk
ยาสมุนไพร|herbal medicine|herb
บัตรทอง|สามสิบบาท
เบี้ยยังชีพ|เบี้ยผู้สูงอายุ|old age allowance
น้ำท่วม|นํ้าท่วม|อุทกภัย|ท่วม|flood|flooding|inundation
น้ำป่า|น้ำป่าไหลหลาก|น้ำหลาก|flash flood
ดินถล่ม|ดินสไลด์|ดินโคลนถล่ม|landslide|mudslide|landslip
แผ่นดินไหว|earthquake
ไฟป่า|wildfire|forest fire|bushfire|bush fire
แนวกันไฟ|firebreak|fire break|fire line
ลูกเห็บ|hail|hailstone|hailstorm
พายุ|พายุฤดูร้อน|storm
ภัยแล้ง|น้ำแล้ง|ขาดน้ำ|drought
หมอกควัน|ฝุ่นควัน|haze|smog
หน้ากากอนามัย|face mask|surgical mask
ศูนย์พักพิง|ศูนย์อพยพ|evacuation shelter|evacuation center|evacuation centre
ถุงยังชีพ|relief bag|survival bag|relief kit
กระสอบทราย|ถุงทราย|sandbag|sand bag
เรือท้องแบน|flat-bottomed boat|flat-bottom boat
วิทยุสื่อสาร|two-way radio|walkie-talkie|ham radio
เครื่องปั่นไฟ|generator
เครื่องสูบน้ำ|ปั๊มน้ำ|water pump
น้ำดื่ม|drinking water
น้ำประปา|ประปา|tap water|piped water
ไฟฟ้าดับ|ไฟดับ|power outage|blackout|power cut
ปุ๋ยหมัก|compost
ปุ๋ยอินทรีย์|organic fertilizer|organic fertiliser
เกษตรอินทรีย์|ออร์แกนิก|ออแกนิค|organic|organic farming|organic agriculture
เมล็ดพันธุ์|เมล็ดพันธ์|seed|seeds
น้ำหมัก|น้ำหมักชีวภาพ
ข้าวโพด|maize|corn
มันสำปะหลัง|cassava
ลำไย|longan
ทุเรียน|durian
ยางพารา|rubber tree
ปาล์มน้ำมัน|oil palm
สวนครัว|ผักสวนครัว|kitchen garden
ปศุสัตว์|livestock
ลัมปีสกิน
ห่วงโซ่อุปทาน
บัญชีครัวเรือน|household account|household accounting
กลุ่มออมทรัพย์|ออมทรัพย์|savings group|saving group
หนี้นอกระบบ|loan shark|informal debt
ทุนการศึกษา|scholarship
ตลาดนัด|flea market|weekend market
ขายออนไลน์
เครือข่าย
ผู้ประสานงาน|coordinator|co-ordinator
ผู้นำชุมชน|community leader
ปราชญ์ชาวบ้าน
จิตอาสา|volunteer|volunteering
ถอดบทเรียน|lessons learned|lesson learned
ศึกษาดูงาน|study visit|study trip
แลกเปลี่ยนเรียนรู้
ห้องประชุม|meeting room|conference room
เครื่องเสียง|sound system|pa system
โต๊ะเก้าอี้|tables and chairs|table and chair
กำนันผู้ใหญ่บ้าน
แม่บ้าน
เยาวชน|youth
วัยรุ่น|teenager|teen
แรงงานข้ามชาติ|แรงงานต่างด้าว|migrant worker|migrant labor|migrant labour
ชาติพันธุ์|ethnic minority|hill tribe
ไร้สัญชาติ|stateless
กะเหรี่ยง|ปกาเกอะญอ|ปกากะญอ
ล่ามภาษา|ล่าม|interpreter|translator
ภาษามือ|sign language
ไกล่เกลี่ย|mediation|mediator
ข่าวลือ|rumor|rumour
ข่าวลวง|ข่าวปลอม|เฟคนิวส์|เฟกนิวส์|fake news|hoax|misinformation
มิจฉาชีพ|แก๊งคอลเซ็นเตอร์|สแกมเมอร์|scam|scammer|fraud
ฤดูร้อน|หน้าร้อน|hot season
ฤดูฝน|หน้าฝน|rainy season
ฤดูหนาว|หน้าหนาว|cold season|cool season
หน้าแล้ง|ฤดูแล้ง|dry season
วันหยุด
เสาร์อาทิตย์|เสาร์-อาทิตย์|weekend
ปิดเทอม|school holidays|school break
เยี่ยมบ้าน|home visit
อาหารกลางวัน|school lunch
ซ่อมบ้าน|home repair|house repair
ขนย้าย|moving house|relocation
ดับเพลิง|firefighting|fire fighting
ดับไฟป่า
อพยพ|evacuation|evacuate
เตือนภัย|early warning
แผนที่ชุมชน|community map
ป่าชุมชน|community forest
ขยะ|garbage|rubbish|trash
รีไซเคิล|recycling|recycle
ประมงพื้นบ้าน|small-scale fishing
เลี้ยงผึ้ง|beekeeping|bee keeping
กาแฟ|coffee
นาข้าว|rice field|paddy field
โรคใบด่าง
เพาะเห็ด|mushroom growing
ทอผ้า|weaving
จักสาน|basketry|basket weaving
นวดแผนไทย|thai massage
ทันตกรรม|dental care|dentistry
กายภาพบำบัด|physiotherapy|physical therapy
ฝากครรภ์|antenatal care|prenatal care
วัคซีน|vaccine|vaccination
บริจาคเลือด|blood donation
แว่นตา|eyeglasses|glasses
ต้อกระจก|cataract
เดี๋ยว|เด๋ว|เด่ว
จริง|จิง
หนู|นู๋
ขอบคุณ|ขอบใจ|thank you
เปล่า|ป่าว
";

#[cfg(test)]
mod tests {
    use crate::text::fold;
    use std::collections::HashSet;

    #[test]
    fn no_spelling_stands_twice() {
        let mut seen = HashSet::new();
        for line in super::TERMS.lines() {
            for spelling in line.split('|') {
                assert!(!fold(spelling).is_empty(), "{line}");
                assert!(seen.insert(fold(spelling)) || spelling.contains('ํ'), "{spelling} of {line}");
            }
        }
    }
}
