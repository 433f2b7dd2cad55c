//! A bare `+` in a query has the one meaning that the signature gives it.

use daypass_sigv4::{
    AuthError, Carrier, ExpectedScope, PayloadHash, Plus, Presented, Regions, Request, SigningKey,
};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode, utf8_percent_encode};
use proptest::{collection::vec, prelude::*};

use crate::signed::{SECRET, Sent, carriers};

#[test]
fn the_reading_is_the_one_that_was_signed() {
    for carrier in [Carrier::Header, Carrier::Query] {
        for (query, signed, plus) in [
            ("Tags.member.1.Value=a+b", "Tags.member.1.Value=a%20b", Ok(Plus::Space)),
            ("Tags.member.1.Value=a+b", "Tags.member.1.Value=a%2Bb", Ok(Plus::Literal)),
            ("a=+&b=+", "a=%20&b=%20", Ok(Plus::Space)),
            ("a=+&b=+", "a=%2B&b=%20", Err(AuthError::Mismatch)),
            ("a=%2B", "a=%2B", Ok(Plus::Literal)),
            ("a=%2B", "a=%20", Err(AuthError::Mismatch)),
            ("", "", Ok(Plus::Literal)),
        ] {
            assert_eq!(sent(carrier, signed, query).plus(), plus, "{query} {signed}");
        }
    }
}

/// The token is looked up before the signature is verified, so that it has one reading.
#[test]
fn what_carries_the_signature_is_read_one_way() {
    let signed = sample("a=b").signed(Carrier::Query, Some("to+ken"));
    let token =
        |value: &str| Sent { query: signed.query.replace("to%2Bken", value), ..signed.clone() };
    assert!(signed.query.contains("to%2Bken"), "{}", signed.query);
    assert_eq!(token("to+ken").plus(), Ok(Plus::Literal));

    let signed = sample("a=b").signed(Carrier::Query, Some("to ken"));
    assert!(signed.query.contains("to%20ken"), "{}", signed.query);
    let token = Sent { query: signed.query.replace("to%20ken", "to+ken"), ..signed.clone() };
    assert_eq!(signed.plus(), Ok(Plus::Literal));
    assert_eq!(token.plus(), Err(AuthError::Mismatch));
}

proptest! {
    /// One signature, one meaning: what a query is decoded to by the reading under which its signature holds is what
    /// was signed, however it was written; and where the other reading is another text, it is not accepted.
    #[test]
    fn one_signature_has_one_meaning(
        pairs in vec(("[a-b+ %]{1,3}", "[a-b+ %]{0,4}"), 1..4),
        spaces_as_plus in any::<bool>(),
        bare in vec(any::<bool>(), 32),
        carrier in carriers(),
    ) {
        let write = |bare: &mut dyn FnMut() -> bool| {
            let mut text = |text: &str| -> String {
                text.chars()
                    .map(|character| match character {
                        ' ' if spaces_as_plus && bare() => "+".to_owned(),
                        '+' if !spaces_as_plus && bare() => "+".to_owned(),
                        other => utf8_percent_encode(&other.to_string(), NON_ALPHANUMERIC).to_string(),
                    })
                    .collect()
            };
            let pairs = pairs.iter().map(|(name, value)| format!("{}={}", text(name), text(value)));
            pairs.collect::<Vec<_>>().join("&")
        };
        let mut bare = bare.into_iter().cycle();
        let query = write(&mut || bare.next().unwrap());
        let signed = write(&mut || false);
        let plus = sent(carrier, &signed, &query).plus();
        prop_assert_eq!(&plus, &Ok(match query.contains('+') && spaces_as_plus {
            true => Plus::Space,
            false => Plus::Literal,
        }));
        prop_assert_eq!(decoded(&query, plus.unwrap()), pairs);

        // Every signature that holds for this text on the wire is of one of its two readings.
        for other in [Plus::Literal, Plus::Space] {
            let signed = query.replace('+', if other == Plus::Space { "%20" } else { "%2B" });
            let found = sent(carrier, &signed, &query).plus().unwrap();
            prop_assert_eq!(decoded(&query, found), decoded(&query, other));
        }
    }
}

fn decoded(query: &str, plus: Plus) -> Vec<(String, String)> {
    let decode = |text: &str| {
        let text = if plus == Plus::Space { text.replace('+', " ") } else { text.to_owned() };
        String::from_utf8(percent_decode(text.as_bytes()).collect()).unwrap()
    };
    query
        .split('&')
        .map(|pair| pair.split_once('=').unwrap())
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

/// A request that is signed with one query and sent with another.
fn sent(carrier: Carrier, signed: &str, query: &str) -> Sent {
    let mut sent = sample(signed).signed(carrier, None);
    assert!(sent.query.starts_with(signed), "{} {signed}", sent.query);
    sent.query.replace_range(..signed.len(), query);
    sent
}

fn sample(query: &str) -> Sent {
    Sent {
        method: "GET".into(),
        path: "/".into(),
        query: query.into(),
        headers: vec![("Host".into(), b"sts.eu-central-1.amazonaws.com".to_vec())],
        body: Vec::new(),
        time: 1_800_000_000,
    }
}

impl Sent {
    fn plus(&self) -> Result<Plus, AuthError> {
        let request = Request::new(&self.method, &self.path, &self.query, &self.headers);
        let expected = ExpectedScope { service: "sts", regions: Regions::Only("eu-central-1") };
        let scoped =
            Presented::parse(&request)?.check_freshness(self.time)?.check_scope(&expected)?;
        let scope = scoped.credential();
        let key = SigningKey::derive(SECRET.as_bytes(), scope.date, scope.region, scope.service);
        scoped.verify(&key, &PayloadHash::of(&self.body)).map(|verified| verified.plus())
    }
}
