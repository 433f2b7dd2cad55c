//! Mistakes in the signed headers.

use super::{
    Hypotheses,
    draft::Draft,
    hypotheses::HOST,
    mistake::MistakeKind::{
        CanonicalForm, HeaderChanged, HeaderNotListed, HeaderNotSigned, HeaderWhitespace, Host,
        SessionToken, SignedHeadersOrder,
    },
    seen::{Seen, trimmed},
};

pub(super) fn suppose<'a>(seen: &Seen<'a>, all: &mut Hypotheses<'a>) {
    // First, because it writes every line anew.
    suppose_white_space(seen, all);
    suppose_hosts(seen, all);
    suppose_changes(seen, all);
    suppose_lists(seen, all);
    suppose_forms(seen, all);
}

/// The names under which a client may know the server.
fn suppose_hosts<'a>(seen: &Seen<'a>, all: &mut Hypotheses<'a>) {
    let sent = seen.value("host", trimmed).unwrap_or_default();
    let sent = String::from_utf8_lossy(&sent).into_owned();
    let (name, port) = match sent.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (name, Some(port)),
        _ => (sent.as_str(), None),
    };
    let with_port = |name: &str| port.map_or(name.to_owned(), |port| format!("{name}:{port}"));
    let mut hosts = Vec::new();
    match port {
        Some(_) => hosts.push(name.to_owned()),
        None => hosts.extend(["443", "80", "4566"].map(|port| format!("{name}:{port}"))),
    }
    for local in LOCAL.into_iter().filter(|local| LOCAL.contains(&name) && *local != name) {
        hosts.extend([with_port(local), local.to_owned()]);
    }
    let forwarded = seen.value("x-forwarded-host", trimmed);
    hosts.extend(forwarded.map(|host| String::from_utf8_lossy(&host).into_owned()));
    let [_, region, service, _] = seen.scope;
    hosts.push(format!("{service}.{region}.amazonaws.com"));
    hosts.push(format!("{service}.amazonaws.com"));
    for (position, host) in hosts.into_iter().enumerate() {
        let advice = format!(
            "the host was signed as `{host}` and arrived as `{sent}`; sign the Host header that you send, and let \
             no proxy change it"
        );
        let change = move |draft: &mut Draft<'a>| draft.set("host", host.as_bytes());
        match position < LIKELY_HOSTS {
            true => all.likely(Host, HOST, advice, change),
            false => all.unlikely(Host, HOST, advice, change),
        }
    }
}

fn suppose_white_space<'a>(seen: &Seen<'a>, all: &mut Hypotheses<'a>) {
    for (form, advice) in [
        (
            <[u8]>::to_vec as fn(&[u8]) -> Vec<u8>,
            "header values were signed with all their white space; trim them and write each run of spaces as one",
        ),
        (
            |value| value.trim_ascii().to_vec(),
            "runs of spaces within header values were signed as they are; write each as one space",
        ),
        (
            |value| [b" ", &*trimmed(value)].concat(),
            "header values were signed with a space before them; nothing stands between colon and value",
        ),
    ] {
        let values: Vec<Option<Vec<u8>>> =
            seen.list.iter().map(|name| seen.value(name, form)).collect();
        all.likely(HeaderWhitespace, "header white space", advice, move |draft| {
            for ((_, line), value) in draft.headers.iter_mut().zip(&values) {
                if let Some(value) = value {
                    line.clone_from(value);
                }
            }
        });
    }
}

/// What proxies and HTTP libraries do to headers after they were signed.
fn suppose_changes<'a>(seen: &Seen<'a>, all: &mut Hypotheses<'a>) {
    for name in &seen.list {
        let sent = seen.value(name, trimmed);
        for (position, value) in originals(seen, name, sent.as_deref()).into_iter().enumerate() {
            let sent = match &sent {
                None => "did not arrive at all".to_owned(),
                Some(sent) => format!("arrived as `{}`", String::from_utf8_lossy(sent)),
            };
            let advice = format!(
                "the header `{name}` was signed as `{}` and {sent}; sign it as it is sent, or do not sign it",
                String::from_utf8_lossy(&value)
            );
            let (slot, name) = (format!("header {name}"), name.clone());
            let change = move |draft: &mut Draft<'a>| draft.set(&name, &value);
            match position < LIKELY_ORIGINALS {
                true => all.likely(HeaderChanged, &slot, advice, change),
                false => all.unlikely(HeaderChanged, &slot, advice, change),
            }
        }
    }
}

/// The values that a header may have had before it was changed.
fn originals(seen: &Seen<'_>, name: &str, sent: Option<&[u8]>) -> Vec<Vec<u8>> {
    let texts = |texts: &[&str]| texts.iter().map(|text| text.as_bytes().to_vec()).collect();
    match name {
        "connection" => texts(&["keep-alive", "close", "Keep-Alive", "Close", "Upgrade"]),
        "accept-encoding" => {
            texts(&["identity", "gzip", "gzip, deflate", "gzip, deflate, br", "*", ""])
        }
        "accept" => texts(&["*/*", "application/json", ""]),
        "user-agent" | "cache-control" => texts(&[""]),
        "transfer-encoding" => texts(&["chunked", "identity"]),
        "expect" => texts(&["100-continue"]),
        "te" => texts(&["trailers"]),
        "content-length" => texts(&[&seen.body.len().to_string(), "0"]),
        "x-amz-content-sha256" => vec![seen.payload.clone()],
        "content-type" => {
            let sent = String::from_utf8_lossy(sent.unwrap_or_default()).into_owned();
            let bare = sent.split(';').next().unwrap_or_default().trim().to_owned();
            let charset = |text: &str| format!("{bare}{text}");
            texts(&[
                &bare,
                &charset("; charset=utf-8"),
                &charset("; charset=UTF-8"),
                &charset(";charset=utf-8"),
                &charset(";charset=UTF-8"),
                "application/x-www-form-urlencoded",
                "application/x-www-form-urlencoded; charset=utf-8",
                "",
            ])
        }
        _ => Vec::new(),
    }
}

/// Where the list and the lines above it name different headers.
fn suppose_lists<'a>(seen: &Seen<'a>, all: &mut Hypotheses<'a>) {
    let mut others: Vec<String> =
        seen.headers.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
    others.sort();
    others.dedup();
    others.retain(|name| !seen.is_signed(name) && name != "authorization");
    // Those that clients do sign come first.
    others.sort_by_key(|name| !(name.starts_with("x-amz-") || name.starts_with("content-")));
    for (position, name) in others.into_iter().take(MOST_HEADERS).enumerate() {
        let value = seen.value(&name, trimmed).unwrap_or_default();
        let advice = format!(
            "the header `{name}` was signed, but `SignedHeaders` does not name it; add it there"
        );
        let add = {
            let (name, value) = (name.clone(), value.clone());
            move |draft: &mut Draft<'a>| {
                draft.set(&name, &value);
                draft.list.push(name.clone().into_bytes());
                draft.list.sort();
            }
        };
        let slot = format!("header {name}");
        match position < LIKELY_HEADERS {
            true => all.likely(HeaderNotListed, &slot, advice.clone(), add),
            false => all.unlikely(HeaderNotListed, &slot, advice.clone(), add),
        }
        all.unlikely(HeaderNotListed, &slot, advice, move |draft| draft.set(&name, &value));
    }
    for name in seen.list.iter().take(MOST_HEADERS) {
        let kind = if name == "x-amz-security-token" { SessionToken } else { HeaderNotSigned };
        let advice = format!(
            "`SignedHeaders` names the header `{name}`, which the signature does not cover; sign it"
        );
        let slot = format!("header {name}");
        let remove = {
            let name = name.clone();
            move |draft: &mut Draft<'a>| {
                draft.headers.retain(|(line, _)| line != name.as_bytes());
                draft.list.retain(|listed| listed != name.as_bytes());
            }
        };
        match kind {
            SessionToken => all.likely(kind, &slot, advice.clone(), remove),
            _ => all.unlikely(kind, &slot, advice.clone(), remove),
        }
        let name = name.clone();
        all.unlikely(kind, &slot, advice, move |draft| {
            draft.headers.retain(|(line, _)| line != name.as_bytes());
        });
    }
    // Signed and not sent: whoever knows the token can tell.
    if let (Some(token), false) = (seen.session_token, seen.presigned) {
        let advice = "the session token was signed, but not sent as it was; send it as `X-Amz-Security-Token` and \
                      name that in `SignedHeaders`";
        all.likely(SessionToken, "header x-amz-security-token", advice, move |draft| {
            draft.set("x-amz-security-token", token.as_bytes());
            let name = b"x-amz-security-token".to_vec();
            if !draft.list.contains(&name) {
                draft.list.push(name);
                draft.list.sort();
            }
        });
    }
}

/// Lines in another form.
fn suppose_forms<'a>(seen: &Seen<'a>, all: &mut Hypotheses<'a>) {
    if seen.list != seen.sent_list {
        let as_sent: Vec<Vec<u8>> =
            seen.sent_list.iter().map(|name| name.as_bytes().to_vec()).collect();
        let advice = "the list of signed headers was signed as it was sent; write it in lower case, sorted, and each \
                      name once";
        let list = as_sent.clone();
        all.likely(SignedHeadersOrder, "list", advice, move |draft| draft.list.clone_from(&list));
        all.likely(SignedHeadersOrder, "list", advice, move |draft| {
            let place = |name: &[u8]| as_sent.iter().position(|it| it.eq_ignore_ascii_case(name));
            draft.headers.sort_by_key(|(name, _)| place(name));
            draft.list.clone_from(&as_sent);
        });
    }
    all.unlikely(
        CanonicalForm,
        "blank line",
        "the empty line between the headers and their list was left out; each header ends its own line, and one more \
         line break follows",
        |draft| draft.blank_line = false,
    );
    let as_sent: Vec<Vec<u8>> = seen
        .list
        .iter()
        .map(|name| {
            let sent = seen.headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
            sent.map_or(name.as_str(), |(sent, _)| *sent).as_bytes().to_vec()
        })
        .collect();
    let in_title_case: Vec<Vec<u8>> = seen.list.iter().map(|name| title_case(name)).collect();
    for names in [as_sent, in_title_case] {
        let advice =
            "the names of the headers were signed in their own case; write them in lower case";
        all.unlikely(CanonicalForm, "header names", advice, move |draft| {
            for ((line, _), name) in draft.headers.iter_mut().zip(&names) {
                line.clone_from(name);
            }
        });
    }
    all.unlikely(
        CanonicalForm,
        "header values",
        "the values of the headers were signed in lower case; only their names are",
        |draft| draft.headers.iter_mut().for_each(|(_, value)| value.make_ascii_lowercase()),
    );
    let order: Vec<&str> = seen.headers.iter().map(|(name, _)| *name).collect();
    all.unlikely(
        CanonicalForm,
        "header order",
        "the headers were signed in the order in which they were sent; sort them by name",
        move |draft| {
            let place = |name: &[u8]| {
                order.iter().position(|sent| sent.as_bytes().eq_ignore_ascii_case(name))
            };
            draft.headers.sort_by_key(|(name, _)| place(name));
        },
    );
}

fn title_case(name: &str) -> Vec<u8> {
    let mut starts = true;
    name.bytes()
        .map(|byte| {
            let upper = std::mem::replace(&mut starts, byte == b'-');
            if upper { byte.to_ascii_uppercase() } else { byte }
        })
        .collect()
}

impl Draft<'_> {
    /// Gives a header this value, and a line of its own if it has none.
    fn set(&mut self, name: &str, value: &[u8]) {
        match self.headers.iter_mut().find(|(line, _)| line == name.as_bytes()) {
            Some((_, line)) => *line = value.to_vec(),
            None => {
                self.headers.push((name.as_bytes().to_vec(), value.to_vec()));
                self.headers.sort();
            }
        }
    }
}

/// The names of this machine.
const LOCAL: [&str; 5] = ["localhost", "127.0.0.1", "[::1]", "0.0.0.0", "host.docker.internal"];
const LIKELY_HOSTS: usize = 3;
const LIKELY_ORIGINALS: usize = 3;
const LIKELY_HEADERS: usize = 3;
const MOST_HEADERS: usize = 12;
