//! What kinds of evidence there are, and what became of each.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};

use crate::table::{Align, columns};

/// The rows of the table: how the names of such cases begin, or else the verdicts on them. The
/// first that fits counts, so that what is classic comes before what is general.
pub(crate) const OIDC: &[Kind] = &[
    kind("OIDC: good", &[], &["accepted"]),
    kind(
        "OIDC: keys in the header",
        &["another's key, in", "another's key, at", "another's key, told"],
        &[],
    ),
    kind("OIDC: wrong key", &["another's key"], &[]),
    kind("OIDC: unknown kid", &[], &["unknown-key"]),
    kind("OIDC: key of another algorithm", &[], &["key-algorithm"]),
    kind("OIDC: HS256 with the public key", &["HS256 with"], &[]),
    kind(
        "OIDC: alg none",
        &["none", "unsecured", "algorithm None", "algorithm NONE", "algorithm nOnE"],
        &[],
    ),
    kind("OIDC: other algorithms", &[], &["algorithm"]),
    kind("OIDC: critical headers", &[], &["critical"]),
    kind("OIDC: duplicated claims", &["duplicated"], &[]),
    kind("OIDC: signature changed or forged", &[], &["signature"]),
    kind("OIDC: wrong issuer", &[], &["issuer"]),
    kind("OIDC: wrong audience", &[], &["audience"]),
    kind("OIDC: expired", &[], &["expired"]),
    kind("OIDC: not yet valid", &[], &["not-yet-valid"]),
    kind("OIDC: encoding and JSON", &["spelling"], &["encoding", "parts", "json"]),
    kind("OIDC: claims lacking or wrong", &[""], &[]),
];

/// The rows of SAML.
pub(crate) const SAML: &[Kind] = &[
    kind("SAML: comment injection in NameID", &["comment-in-nameid"], &[]),
    kind(
        "SAML: comments elsewhere, CDATA, instructions",
        &["comment-", "cdata-", "instruction-in"],
        &[],
    ),
    kind("SAML: good", &[], &["accepted"]),
    kind("SAML: XSW1", &["xsw1"], &[]),
    kind("SAML: XSW2", &["xsw2"], &[]),
    kind("SAML: XSW3", &["xsw3"], &[]),
    kind("SAML: XSW4", &["xsw4"], &[]),
    kind("SAML: XSW5", &["xsw5"], &[]),
    kind("SAML: XSW6", &["xsw6"], &[]),
    kind("SAML: XSW7", &["xsw7"], &[]),
    kind("SAML: XSW8", &["xsw8"], &[]),
    kind(
        "SAML: wrapped otherwise",
        &[
            "duplicate-",
            "the-same-twice",
            "two-assertions",
            "signed-in",
            "signature-of-another",
            "in-an-envelope",
        ],
        &[],
    ),
    kind("SAML: unsigned", &["unsigned"], &[]),
    kind("SAML: digest swapped", &["digest-swapped"], &[]),
    kind("SAML: digest smuggled in", &["smuggled", "two-signed-infos"], &[]),
    kind("SAML: DTD", &["dtd"], &[]),
    kind("SAML: entity expansion", &["entity", "external-entity", "billion-laughs"], &[]),
    kind("SAML: wrong recipient", &["wrong-recipient"], &[]),
    kind("SAML: wrong audience", &[], &["Audience(Audience)"]),
    kind("SAML: wrong issuer", &[], &["Issuer"]),
    kind("SAML: expired", &[], &["Expired"]),
    kind("SAML: not yet valid", &[], &["NotYetValid"]),
    kind("SAML: HMAC with the public key", &["hmac-with"], &[]),
    kind("SAML: changed", &["signature-flipped"], &["Signature(Digest)"]),
    kind("SAML: wrong key", &["wrong-key"], &["Signature(Key)"]),
    kind("SAML: encryption", &["encrypted", "plain-where", "samlify-encrypted"], &[]),
    kind("SAML: other signatures", &["sha1", "object"], &[SIGNATURE]),
    kind("SAML: no well-formed XML", &["xml-"], &["Malformed(Xml)"]),
    kind("SAML: roles not offered", &[], &["Role"]),
    kind("SAML: attributes and form", &[""], &[]),
];

/// What was accepted in its time, a day later.
pub(crate) const OIDC_REPLAYED: &str = "OIDC: replayed after expiry";
/// The same of SAML.
pub(crate) const SAML_REPLAYED: &str = "SAML: replayed after expiry";

/// A row of the table.
#[derive(Debug)]
pub(crate) struct Kind {
    title: &'static str,
    names: &'static [&'static str],
    verdicts: &'static [&'static str],
}

const fn kind(
    title: &'static str,
    names: &'static [&'static str],
    verdicts: &'static [&'static str],
) -> Kind {
    Kind { title, names, verdicts }
}

/// Which row a case belongs in.
pub(crate) fn of(rows: &[Kind], name: &str, verdict: &str) -> &'static str {
    let fits = |kind: &&Kind| {
        kind.names.iter().any(|start| name.starts_with(start))
            || kind.verdicts.iter().any(|known| match *known {
                SIGNATURE => verdict.starts_with(SIGNATURE),
                known => verdict == known,
            })
    };
    rows.iter().find(fits).map_or("others", |kind| kind.title)
}

/// What became of everything.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    counts: BTreeMap<&'static str, Counts>,
    mistakes: Vec<String>,
}

#[derive(Debug, Default)]
struct Counts {
    accepted: usize,
    refused: usize,
    accepted_wrongly: usize,
    refused_wrongly: usize,
    answered_wrongly: usize,
}

/// How an answer compares with what was due.
#[derive(Debug)]
pub(crate) enum Outcome {
    Accepted,
    Refused,
    AcceptedWrongly,
    RefusedWrongly(String),
    /// Accepted or refused as it should be, but with other words than AWS's.
    AnsweredWrongly(String),
}

impl Tally {
    /// Counts an outcome.
    pub(crate) fn count(&mut self, kind: &'static str, case: &str, outcome: Outcome) {
        let counts = self.counts.entry(kind).or_default();
        let (count, mistake) = match outcome {
            Outcome::Accepted => (&mut counts.accepted, None),
            Outcome::Refused => (&mut counts.refused, None),
            Outcome::AcceptedWrongly => (&mut counts.accepted_wrongly, Some("accepted".to_owned())),
            Outcome::RefusedWrongly(answer) => (&mut counts.refused_wrongly, Some(answer)),
            Outcome::AnsweredWrongly(answer) => (&mut counts.answered_wrongly, Some(answer)),
        };
        *count += 1;
        self.mistakes.extend(mistake.map(|mistake| format!("✗ {kind}, {case}: {mistake}")));
    }

    /// A row for each kind, and the mistakes below.
    pub(crate) fn table(&self) -> String {
        let head = [
            "kind",
            "accepted",
            "refused",
            "accepted wrongly",
            "refused wrongly",
            "answered wrongly",
        ];
        let mut rows = vec![head.map(str::to_owned).to_vec()];
        for title in titles() {
            let none = Counts::default();
            let counts = self.counts.get(title).unwrap_or(&none);
            let numbers = counts.numbers().map(|number| number.to_string());
            rows.push([title.to_owned()].into_iter().chain(numbers).collect());
        }
        let total = self.total().map(|number| number.to_string());
        rows.push(["all".to_owned()].into_iter().chain(total).collect());
        let mut text = columns(&rows, Align::Right);
        text.extend(self.mistakes.iter().map(|mistake| format!("{mistake}\n")));
        text
    }

    /// What came of it all; the last line is the one that counts.
    pub(crate) fn summary(&self) -> String {
        let [accepted, refused, accepted_wrongly, refused_wrongly, answered_wrongly] = self.total();
        format!(
            "{accepted} accepted and {refused} refused as they should be; answered wrongly: \
             {answered_wrongly}\n\
             accepted wrongly: {accepted_wrongly}, refused wrongly: {refused_wrongly}"
        )
    }

    /// # Errors
    ///
    /// There was a mistake, or a kind of which nothing was shown.
    pub(crate) fn verdict(&self) -> Result<()> {
        ensure!(self.mistakes.is_empty(), "{} mistakes", self.mistakes.len());
        let unseen: Vec<_> = titles().filter(|title| !self.counts.contains_key(title)).collect();
        ensure!(unseen.is_empty(), "nothing was shown of: {}", unseen.join("; "));
        Ok(())
    }

    fn total(&self) -> [usize; 5] {
        self.counts.values().map(Counts::numbers).fold([0; 5], |[a, b, c, d, e], more| {
            let [f, g, h, i, j] = more;
            [a + f, b + g, c + h, d + i, e + j]
        })
    }
}

impl Counts {
    fn numbers(&self) -> [usize; 5] {
        [
            self.accepted,
            self.refused,
            self.accepted_wrongly,
            self.refused_wrongly,
            self.answered_wrongly,
        ]
    }
}

fn titles() -> impl Iterator<Item = &'static str> {
    let oidc = OIDC.iter().map(|kind| kind.title).chain([OIDC_REPLAYED]);
    oidc.chain(SAML.iter().map(|kind| kind.title)).chain([SAML_REPLAYED])
}

/// How the verdicts on signatures begin.
const SIGNATURE: &str = "Signature(";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_classic_comes_first() {
        for (rows, name, verdict, expected) in [
            (OIDC, "another's key, at a URL", "signature", "OIDC: keys in the header"),
            (OIDC, "another's key, without a key id", "signature", "OIDC: wrong key"),
            (OIDC, "no signature", "signature", "OIDC: signature changed or forged"),
            (OIDC, "without iat", "missing-iat", "OIDC: claims lacking or wrong"),
            (SAML, "xsw3-same-id", "refused", "SAML: XSW3"),
            (SAML, "file-uri", "Signature(Form)", "SAML: other signatures"),
            (SAML, "comment-in-nameid", "accepted", "SAML: comment injection in NameID"),
        ] {
            assert_eq!(of(rows, name, verdict), expected, "{name}");
        }
    }

    #[test]
    fn one_mistake_is_enough() {
        let mut tally = Tally::default();
        titles().for_each(|title| tally.count(title, "a", Outcome::Refused));
        assert!(tally.verdict().is_ok());
        tally.count("SAML: XSW1", "b", Outcome::AcceptedWrongly);
        assert!(tally.verdict().is_err());
        assert!(tally.table().contains("✗ SAML: XSW1, b: accepted\n"));
        assert!(tally.summary().ends_with("\naccepted wrongly: 1, refused wrongly: 0"));
        assert!(Tally::default().verdict().is_err());
    }
}
