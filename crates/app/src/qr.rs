//! QR codes as SVG in the page: a link that a phone reads from a screen or from paper.

use qrcode::{Color, EcLevel, QrCode};

/// The quiet zone the standard asks for around a code, in modules.
const QUIET: usize = 4;

/// The code of a text as an SVG element; empty when the text is longer than a code can hold.
#[must_use]
pub fn svg(text: &str, label: &str) -> String {
    // level M survives a fold in the paper
    let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::M) else { return String::new() };
    let width = code.width();
    let mut path = String::new();
    for (i, _) in code.to_colors().iter().enumerate().filter(|(_, color)| **color == Color::Dark) {
        path.push_str(&format!("M{} {}h1v1h-1z", i % width + QUIET, i / width + QUIET));
    }
    let side = width + 2 * QUIET;
    let label = label.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    format!(
        "<svg viewBox=\"0 0 {side} {side}\" role=\"img\" aria-label=\"{label}\" shape-rendering=\"crispEdges\">\
         <path d=\"{path}\"/></svg>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_becomes_a_square_with_its_label_escaped() {
        let svg = svg("https://saan.test/joining/i/0123456789abcdef", "ลิงก์ \"ชวน\" <b>");
        assert!(
            svg.starts_with("<svg viewBox=\"0 0 37 37\""),
            "version 3 has 29 modules, and 4 quiet on each side"
        );
        assert!(svg.contains("aria-label=\"ลิงก์ &quot;ชวน&quot; &lt;b>\""));
        // the finder pattern's first dark module stands right after the quiet zone
        assert!(svg.contains("M4 4h1v1h-1z"));
    }

    #[test]
    fn a_text_too_long_for_a_code_is_no_code() {
        assert_eq!(super::svg(&"x".repeat(5000), "long"), "");
    }
}
