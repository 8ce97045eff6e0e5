//! Texts stand in Fluent files beside the feature, `texts.th.ftl` and `texts.en.ftl`. From them comes one typed
//! function a message: a missing key, argument or language does not compile.
//!
//! Of Fluent we take what the two languages need: text, `{ $name }` and `{ $n -> [one] … *[other] … }`. An argument
//! that is selected on is a number (`i64`), every other one is anything that can be displayed. Arguments stand in the
//! order of their names: the two languages may use them in different orders.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, Variant, VariantKey};

/// Reads `texts.th.ftl` and `texts.en.ftl` in each folder and writes `$OUT_DIR/texts.rs`: `impl Texts` with a method
/// a message. Every key begins with the name of its folder.
pub fn generate(folders: &[(String, PathBuf)]) {
    let mut methods = String::new();
    for (name, folder) in folders {
        let thai = read(name, &folder.join("texts.th.ftl"));
        let english = read(name, &folder.join("texts.en.ftl"));
        let keys: BTreeSet<_> = thai.keys().chain(english.keys()).collect();
        for key in keys {
            let (Some(th), Some(en)) = (thai.get(key), english.get(key)) else {
                panic!("{name}: the text `{key}` stands in one language only");
            };
            method(&mut methods, key, th, en);
        }
    }
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join("texts.rs");
    std::fs::write(out, format!("impl Texts {{\n{methods}}}\n")).expect("OUT_DIR can be written");
}

type Message = Pattern<String>;

fn read(folder: &str, path: &Path) -> BTreeMap<String, Message> {
    println!("cargo::rerun-if-changed={}", path.display());
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let resource = fluent_syntax::parser::parse(text)
        .unwrap_or_else(|(_, errors)| panic!("{}: {errors:?}", path.display()));
    let mut messages = BTreeMap::new();
    for entry in resource.body {
        let Entry::Message(message) = entry else { continue };
        let key = message.id.name;
        assert!(
            key.starts_with(&format!("{folder}-")),
            "{}: `{key}` does not begin with `{folder}-`",
            path.display()
        );
        let value = message.value.unwrap_or_else(|| panic!("{}: `{key}` is empty", path.display()));
        assert!(messages.insert(key.clone(), value).is_none(), "{}: `{key}` stands twice", path.display());
    }
    messages
}

fn method(out: &mut String, key: &str, th: &Message, en: &Message) {
    let mut arguments = BTreeMap::new();
    collect(th, &mut arguments);
    collect(en, &mut arguments);
    let name = key.replace('-', "_");
    let doc = plain(th).unwrap_or_else(|| format!("`{key}`"));
    let _ = writeln!(out, "    /// {}", doc.replace('\n', " "));
    if arguments.is_empty() {
        let _ = writeln!(out, "    #[must_use]\n    pub const fn {name}(self) -> &'static str {{");
        let _ = writeln!(
            out,
            "        match self.0 {{ Lang::Thai => {:?}, Lang::English => {:?} }}\n    }}",
            plain(th).unwrap_or_default(),
            plain(en).unwrap_or_default()
        );
        return;
    }
    let parameters: Vec<String> = arguments
        .iter()
        .map(|(name, number)| {
            format!(
                "{name}: {}",
                if *number { "impl std::borrow::Borrow<i64>" } else { "impl std::fmt::Display" }
            )
        })
        .collect();
    let _ = writeln!(out, "    #[must_use]\n    pub fn {name}(self, {}) -> String {{", parameters.join(", "));
    for (name, _) in arguments.iter().filter(|(_, number)| **number) {
        let _ = writeln!(out, "        let {name}: i64 = *{name}.borrow();");
    }
    let _ = writeln!(
        out,
        "        match self.0 {{\n            Lang::Thai => {},\n            Lang::English => {},\n        }}\n    }}",
        render(th),
        render(en)
    );
}

/// The text of a message without arguments.
fn plain(message: &Message) -> Option<String> {
    message
        .elements
        .iter()
        .map(|element| match element {
            PatternElement::TextElement { value } => Some(value.clone()),
            PatternElement::Placeable {
                expression: Expression::Inline(InlineExpression::StringLiteral { value }),
            } => Some(value.clone()),
            PatternElement::Placeable { .. } => None,
        })
        .collect()
}

/// The arguments of a message; true where one is a number.
fn collect(message: &Message, arguments: &mut BTreeMap<String, bool>) {
    for element in &message.elements {
        let PatternElement::Placeable { expression } = element else { continue };
        match expression {
            Expression::Inline(InlineExpression::VariableReference { id }) => {
                arguments.entry(id.name.clone()).or_insert(false);
            }
            Expression::Inline(InlineExpression::StringLiteral { .. }) => {}
            Expression::Inline(other) => panic!("not understood in a text: {other:?}"),
            Expression::Select { selector: InlineExpression::VariableReference { id }, variants } => {
                arguments.insert(id.name.clone(), true);
                for variant in variants {
                    collect(&variant.value, arguments);
                }
            }
            Expression::Select { selector, .. } => panic!("select on an argument, not on {selector:?}"),
        }
    }
}

/// The Rust expression that makes the text.
fn render(message: &Message) -> String {
    let mut format = String::new();
    let mut values = Vec::new();
    for element in &message.elements {
        match element {
            PatternElement::TextElement { value } => {
                format.push_str(&value.replace('{', "{{").replace('}', "}}"));
            }
            PatternElement::Placeable {
                expression: Expression::Inline(InlineExpression::VariableReference { id }),
            } => {
                format.push_str("{}");
                values.push(id.name.clone());
            }
            PatternElement::Placeable {
                expression: Expression::Inline(InlineExpression::StringLiteral { value }),
            } => {
                format.push_str(&value.replace('{', "{{").replace('}', "}}"));
            }
            PatternElement::Placeable {
                expression:
                    Expression::Select { selector: InlineExpression::VariableReference { id }, variants },
            } => {
                format.push_str("{}");
                values.push(select(&id.name, variants));
            }
            PatternElement::Placeable { expression } => panic!("not understood in a text: {expression:?}"),
        }
    }
    if let (["{}"], [only]) = ([format.as_str()], values.as_slice())
        && only.starts_with("match ")
    {
        // a choice alone is a text already
        return only.clone();
    }
    if values.is_empty() {
        format!("{:?}.to_owned()", format.replace("{{", "{").replace("}}", "}"))
    } else {
        format!("format!({format:?}, {})", values.join(", "))
    }
}

fn select(argument: &str, variants: &[Variant<String>]) -> String {
    let mut arms = String::new();
    let mut fallback = String::new();
    for variant in variants {
        let text = render(&variant.value);
        match &variant.key {
            VariantKey::NumberLiteral { value } => {
                let _ = write!(arms, "{value} => {text}, ");
            }
            // one is the only plural word the two languages need
            VariantKey::Identifier { name } if name == "one" => {
                let _ = write!(arms, "1 => {text}, ");
            }
            VariantKey::Identifier { name } if name == "zero" => {
                let _ = write!(arms, "0 => {text}, ");
            }
            VariantKey::Identifier { .. } => fallback = text,
        }
    }
    format!("match {argument} {{ {arms}_ => {fallback} }}")
}
