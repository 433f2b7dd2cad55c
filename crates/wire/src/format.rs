/// The language of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// XML, which the Query protocol speaks.
    #[default]
    Xml,
    /// JSON, for clients that ask for it.
    Json,
}

impl Format {
    /// The format that an `Accept` header asks for: the first of its media types that we speak,
    /// else XML.
    pub fn from_accept(accept: Option<&str>) -> Self {
        let Some(accept) = accept else {
            return Self::default();
        };
        let known = |entry: &str| {
            let media_type = entry.split(';').next()?.trim();
            let is = |name: &str| media_type.eq_ignore_ascii_case(name);
            if is("application/json") {
                return Some(Self::Json);
            }
            (is("text/xml") || is("application/xml")).then_some(Self::Xml)
        };
        accept.split(',').find_map(known).unwrap_or_default()
    }

    /// The `Content-Type` of the answer.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Xml => "text/xml",
            Self::Json => "application/json",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_client_that_asks_gets_json() {
        let cases = [
            (None, Format::Xml),
            (Some(""), Format::Xml),
            (Some("*/*"), Format::Xml),
            (Some("application/json"), Format::Json),
            (Some("Application/JSON"), Format::Json),
            (Some("text/html, application/json;q=0.9"), Format::Json),
            (Some("text/xml, application/json"), Format::Xml),
        ];
        for (accept, format) in cases {
            assert_eq!(Format::from_accept(accept), format, "{accept:?}");
        }
    }
}
