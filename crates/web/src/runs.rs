//! On an English page every run of Thai says that it is Thai: a speech engine, the breaking of lines and the choice of a
//! face all follow `lang` (WCAG 3.1.2, Language of Parts). Names and what members wrote stand on such pages everywhere,
//! so this is done once, on the finished page, and not by hand in each template.

use std::borrow::Cow;

/// Elements whose text may hold no further element; they carry the language themselves.
const WHOLE: [&str; 3] = ["option", "textarea", "title"];

/// Marks the Thai runs of an English page.
pub fn mark_thai(html: &str) -> Cow<'_, str> {
    if !html.contains(is_thai) {
        return Cow::Borrowed(html);
    }
    let mut out = String::with_capacity(html.len() + html.len() / 8);
    let mut rest = html;
    while let Some((text, from_tag)) = rest.split_once('<') {
        let Some((tag, after)) = from_tag.split_once('>') else { break };
        push_text(&mut out, text);
        let name = tag.split([' ', '/', '\n']).next().unwrap_or_default();
        let inner = after.split('<').next().unwrap_or_default();
        let spoken_for = tag.contains(" lang=\"");
        let whole = WHOLE.contains(&name);
        out.push('<');
        out.push_str(tag);
        if !spoken_for && ((whole && inner.contains(is_thai)) || (name == "input" && typed_thai(tag))) {
            out.push_str(" lang=\"th\"");
        }
        out.push('>');
        rest = after;
        if whole || spoken_for && name != "html" || name == "script" || name == "style" {
            // nothing may be wrapped here, or it has said its language already
            out.push_str(inner);
            rest = after.strip_prefix(inner).unwrap_or(after);
        }
    }
    push_text(&mut out, rest);
    Cow::Owned(out)
}

/// Wraps each run from one Thai letter to the last before a Latin one.
fn push_text(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(start) = rest.find(is_thai) {
        let (before, from) = rest.split_at(start);
        let latin = from.find(|c: char| c.is_alphabetic() && !is_thai(c)).unwrap_or(from.len());
        let (reach, _) = from.split_at(latin);
        let end = reach.char_indices().rfind(|(_, c)| is_thai(*c)).map_or(0, |(at, c)| at + c.len_utf8());
        let (run, after) = from.split_at(end);
        out.push_str(before);
        out.push_str("<span lang=\"th\">");
        out.push_str(run);
        out.push_str("</span>");
        rest = after;
    }
    out.push_str(rest);
}

fn typed_thai(tag: &str) -> bool {
    tag.split_once(" value=\"")
        .and_then(|(_, value)| value.split('"').next())
        .is_some_and(|v| v.contains(is_thai))
}

const fn is_thai(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{e7f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_an_english_sentence_is_marked() {
        assert_eq!(
            mark_thai("<h1>พี่ดา invites you to เครือข่าย 5 จังหวัด</h1>"),
            "<h1><span lang=\"th\">พี่ดา</span> invites you to <span lang=\"th\">เครือข่าย 5 จังหวัด</span></h1>"
        );
    }

    #[test]
    fn what_holds_no_element_carries_the_language_itself() {
        assert_eq!(
            mark_thai("<option value=\"1\">ลำปาง</option><textarea rows=\"4\">ขอยืม <b</textarea>"),
            "<option value=\"1\" lang=\"th\">ลำปาง</option><textarea rows=\"4\" lang=\"th\">ขอยืม <b</textarea>"
        );
        assert_eq!(mark_thai("<input value=\"แนน\">"), "<input value=\"แนน\" lang=\"th\">");
    }

    #[test]
    fn what_has_said_its_language_is_left_alone() {
        let switch = "<html lang=\"en\"><a lang=\"th\" href=\"/\">ไทย</a></html>";
        assert_eq!(mark_thai(switch), switch);
    }

    proptest::proptest! {
        #[test]
        fn without_the_marks_the_page_is_what_it_was(html in "[ก-๙a-c<>/ \"=&;0-9]{0,60}") {
            let marked = mark_thai(&html).replace("<span lang=\"th\">", "").replace("</span>", "").replace(" lang=\"th\"", "");
            let before = html.replace("</span>", "");
            proptest::prop_assert_eq!(marked, before);
        }
    }
}
