//! What kinds of evidence there are, and what became of each.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};

use crate::table::{Align, columns};

/// The rows of the table: how the names of such cases begin, or else the verdicts on them. The
/// first that fits counts, so that what is classic comes before what is general.
pub(crate) const OIDC: &[Kind] = &[
    Kind { title: "OIDC: good", names: &[], verdicts: &["accepted"] },
    Kind { title: "OIDC: wrong key", names: &["another's key"], verdicts: &[] },
    Kind { title: "OIDC: unknown kid", names: &[], verdicts: &["unknown-key"] },
    Kind { title: "OIDC: key of another algorithm", names: &[], verdicts: &["key-algorithm"] },
    Kind { title: "OIDC: HS256 with the public key", names: &["HS256 with"], verdicts: &[] },
    Kind {
        title: "OIDC: alg none",
        names: &["none", "unsecured", "algorithm None", "algorithm NONE", "algorithm nOnE"],
        verdicts: &[],
    },
    Kind { title: "OIDC: other algorithms", names: &[], verdicts: &["algorithm"] },
    Kind { title: "OIDC: critical headers", names: &[], verdicts: &["critical"] },
    Kind { title: "OIDC: duplicated claims", names: &["duplicated"], verdicts: &[] },
    Kind { title: "OIDC: signature changed", names: &[], verdicts: &["signature"] },
    Kind { title: "OIDC: wrong issuer", names: &[], verdicts: &["issuer"] },
    Kind { title: "OIDC: wrong audience", names: &[], verdicts: &["audience"] },
    Kind { title: "OIDC: expired", names: &[], verdicts: &["expired"] },
    Kind { title: "OIDC: not yet valid", names: &[], verdicts: &["not-yet-valid"] },
    Kind { title: "OIDC: claims lacking or wrong", names: &[""], verdicts: &[] },
];

/// The rows of SAML.
pub(crate) const SAML: &[Kind] = &[
    Kind { title: "SAML: comment in NameID", names: &["comment-in"], verdicts: &[] },
    Kind { title: "SAML: good", names: &[], verdicts: &["accepted"] },
    Kind { title: "SAML: XSW1", names: &["xsw1"], verdicts: &[] },
    Kind { title: "SAML: XSW2", names: &["xsw2"], verdicts: &[] },
    Kind { title: "SAML: XSW3", names: &["xsw3"], verdicts: &[] },
    Kind { title: "SAML: XSW4", names: &["xsw4"], verdicts: &[] },
    Kind { title: "SAML: XSW5", names: &["xsw5"], verdicts: &[] },
    Kind { title: "SAML: XSW6", names: &["xsw6"], verdicts: &[] },
    Kind { title: "SAML: XSW7", names: &["xsw7"], verdicts: &[] },
    Kind { title: "SAML: XSW8", names: &["xsw8"], verdicts: &[] },
    Kind { title: "SAML: unsigned", names: &["unsigned"], verdicts: &[] },
    Kind { title: "SAML: digest swapped", names: &["digest-swapped"], verdicts: &[] },
    Kind { title: "SAML: DTD", names: &["dtd"], verdicts: &[] },
    Kind {
        title: "SAML: entities",
        names: &["entity", "external-entity", "billion-laughs"],
        verdicts: &[],
    },
    Kind { title: "SAML: wrong recipient", names: &["wrong-recipient"], verdicts: &[] },
    Kind { title: "SAML: wrong audience", names: &[], verdicts: &["Audience(Audience)"] },
    Kind { title: "SAML: wrong issuer", names: &[], verdicts: &["Issuer"] },
    Kind { title: "SAML: expired", names: &[], verdicts: &["Expired"] },
    Kind { title: "SAML: not yet valid", names: &[], verdicts: &["NotYetValid"] },
    Kind {
        title: "SAML: wrong key or changed",
        names: &[],
        verdicts: &["Signature(Key)", "Signature(Digest)"],
    },
    Kind { title: "SAML: encryption", names: &["encrypted", "plain-where"], verdicts: &[] },
    Kind { title: "SAML: other signatures", names: &["sha1", "object"], verdicts: &[SIGNATURE] },
    Kind { title: "SAML: attributes and form", names: &[""], verdicts: &[] },
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

    /// The line that counts.
    pub(crate) fn summary(&self) -> String {
        let [accepted, refused, accepted_wrongly, refused_wrongly, _] = self.total();
        format!(
            "{accepted} accepted and {refused} refused; refused wrongly: {refused_wrongly}; \
             accepted wrongly: {accepted_wrongly}"
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
            (OIDC, "another's key, at a URL", "signature", "OIDC: wrong key"),
            (OIDC, "no signature", "signature", "OIDC: signature changed"),
            (OIDC, "without iat", "missing-iat", "OIDC: claims lacking or wrong"),
            (SAML, "xsw3-same-id", "refused", "SAML: XSW3"),
            (SAML, "file-uri", "Signature(Form)", "SAML: other signatures"),
            (SAML, "comment-in-nameid", "accepted", "SAML: comment in NameID"),
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
        assert!(tally.summary().ends_with("accepted wrongly: 1"));
        assert!(Tally::default().verdict().is_err());
    }
}
