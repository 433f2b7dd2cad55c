//! Names and literals of Rust.

use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};

/// The name of a type: `SAMLProviderListEntry` becomes `SamlProviderListEntry`.
pub(super) fn type_name(name: &str) -> String {
    name.to_upper_camel_case()
}

/// The name of a field: `SSHPublicKeyBody` becomes `ssh_public_key_body`.
pub(super) fn field_name(name: &str) -> String {
    let name = name.to_snake_case();
    match name.as_str() {
        "type" => "r#type".to_owned(),
        _ => name,
    }
}

/// The name of a static.
pub(super) fn static_name(name: &str) -> String {
    name.to_shouty_snake_case()
}

/// A string literal, raw where that reads better.
pub(super) fn literal(text: &str) -> String {
    match text.contains('\\') && !text.contains('"') {
        true => format!("r\"{text}\""),
        false => format!("{text:?}"),
    }
}

/// The `use` lines that a text needs, of the names that its kind of file may need: those of the
/// standard library, of other crates, and of the module above.
pub(super) fn imports(text: &str, candidates: &[(&str, &[&str])]) -> String {
    let lines = candidates.iter().filter_map(|(path, names)| {
        let needed: Vec<&str> = names.iter().copied().filter(|name| mentions(text, name)).collect();
        let (before, after) = match *path {
            "std::collections" => ("", "\n"),
            "super" => ("\n", ""),
            _ => ("", ""),
        };
        let line = || format!("{before}use {path}::{{{}}};\n{after}", needed.join(", "));
        (!needed.is_empty()).then(line)
    });
    lines.collect()
}

fn mentions(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|token| token == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acronyms_are_words() {
        assert_eq!(
            type_name("AddClientIDToOpenIDConnectProvider"),
            "AddClientIdToOpenIdConnectProvider"
        );
        assert_eq!(type_name("statusType"), "StatusType");
        assert_eq!(field_name("SSHPublicKeyBody"), "ssh_public_key_body");
        assert_eq!(field_name("QRCodePNG"), "qr_code_png");
        assert_eq!(field_name("AuthenticationCode1"), "authentication_code1");
        assert_eq!(field_name("Type"), "r#type");
    }
}
