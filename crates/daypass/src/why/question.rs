use anyhow::bail;

use super::ALL;
use crate::ask::Endpoint;

/// Which request is asked about, and which server.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Question {
    pub(super) endpoint: Endpoint,
    /// `None`: the latest that was denied.
    pub(super) id: Option<String>,
}

impl Question {
    /// Reads what somebody has pasted: an id, a text that holds one, an address on the server, or a URL, which
    /// names the server too.
    ///
    /// # Errors
    /// When there is no id, or several, or the server's URL is none.
    pub(super) fn of(request: Option<&str>, endpoint: &str) -> anyhow::Result<Self> {
        let Some(text) = request else {
            return Ok(Self { endpoint: endpoint.parse()?, id: None });
        };
        let text = text.trim();
        if let Some((server, id)) = text.split_once(ALL).filter(|(server, _)| is_url(server)) {
            let id = id.trim_matches('/');
            let id = if id.is_empty() { None } else { Some(self::id(id)?) };
            return Ok(Self { endpoint: server.parse()?, id });
        }
        let address = text.strip_prefix(ALL).and_then(|rest| rest.strip_prefix('/'));
        Ok(Self { id: Some(id(address.unwrap_or(text))?), endpoint: endpoint.parse()? })
    }
}

fn is_url(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}

fn id(text: &str) -> anyhow::Result<String> {
    let is_of_id = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if !text.is_empty() && text.chars().all(is_of_id) {
        return Ok(text.to_owned());
    }
    let mut ids: Vec<&str> = text.split(|c| !is_of_id(c)).filter(|word| is_uuid(word)).collect();
    ids.dedup();
    match *ids {
        [id] => Ok(id.to_owned()),
        [] => bail!(
            "{text:?} is no request id: it looks like 59d8f8f4-73a9-41d7-9435-c5167dd0d724, and is in \
             the header x-amzn-requestid of the answer"
        ),
        _ => bail!("{text:?} is no request id: there are several in it, give one"),
    }
}

/// Whether a text has the form of a UUID (RFC 9562, section 4).
fn is_uuid(text: &str) -> bool {
    let groups = text.split('-').map(|group| {
        let is_hexadecimal = group.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_hexadecimal.then_some(group.len())
    });
    groups.eq([8, 4, 4, 4, 12].map(Some))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "59d8f8f4-73a9-41d7-9435-c5167dd0d724";
    const HERE: &str = "http://127.0.0.1:4566";

    #[test]
    fn what_is_pasted_is_read() {
        let cases = [
            (None, HERE, None),
            (Some(ID.to_owned()), HERE, Some(ID)),
            (Some(format!("  {ID}\n")), HERE, Some(ID)),
            (Some("0".to_owned()), HERE, Some("0")),
            (Some(format!("/_daypass/why/{ID}")), HERE, Some(ID)),
            (Some(format!("http://[::1]:4567/_daypass/why/{ID}")), "http://[::1]:4567", Some(ID)),
            (Some("http://[::1]:4567/_daypass/why".to_owned()), "http://[::1]:4567", None),
            (Some(format!("(request id: {ID})")), HERE, Some(ID)),
            (
                Some(format!("StatusCode: 403, RequestID: {ID}, api error AccessDenied")),
                HERE,
                Some(ID),
            ),
            (Some(format!("\"x-amzn-requestid\": \"{ID}\"")), HERE, Some(ID)),
            (Some(format!("ask why: daypass why {ID} request_id={ID}")), HERE, Some(ID)),
        ];
        for (text, endpoint, id) in cases {
            let question = Question::of(text.as_deref(), HERE).unwrap();
            let expected = (endpoint.parse().unwrap(), id.map(ToOwned::to_owned));
            assert_eq!((question.endpoint, question.id), expected, "{text:?}");
        }
    }

    #[test]
    fn what_is_no_question() {
        let several = format!("{ID} 69d8f8f4-73a9-41d7-9435-c5167dd0d724");
        for text in [
            "",
            "a b",
            "a/b",
            &several,
            &format!("https://localhost/_daypass/why/{ID}"),
            &format!("{ID}0 x"),
        ] {
            let error = Question::of(Some(text), HERE).unwrap_err().to_string();
            assert!(
                error.contains(" is no request id") || error.contains("TLS"),
                "{text}: {error}"
            );
        }
    }
}
