//! Where and when a credential is good for.

use std::borrow::Cow;

use memchr::memchr_iter;

use crate::{
    algorithm::Algorithm, claims::Claims, error::AuthError, region_set::RegionSet, time::Timestamp,
};

/// A view of the parts of a credential, `keyid/date/region/service/aws4_request`; that of SigV4a has no region.
///
/// Until the scope has been checked they are only what the request claims, and a part that is missing is empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Credential<'a> {
    /// The id of the access key that signs.
    pub access_key_id: &'a str,
    /// The day, `YYYYMMDD`.
    pub date: &'a str,
    /// The region; empty with SigV4a.
    pub region: &'a str,
    /// The service, as the credential scope names it (`sts`, `iam`).
    pub service: &'a str,
    /// `aws4_request`.
    pub terminator: &'a str,
}

/// A credential as it was sent, whose parts have been found.
#[derive(Clone)]
pub(crate) struct CredentialText<'a> {
    text: Cow<'a, str>,
    algorithm: Algorithm,
    /// Where each of the first five parts ends; that of a missing part is the end of the text.
    ends: [usize; PARTS],
    /// How many parts there are.
    count: usize,
}

impl<'a> CredentialText<'a> {
    pub(crate) fn new(text: Cow<'a, str>, algorithm: Algorithm) -> Self {
        let mut ends = [text.len(); PARTS];
        let mut count = 1;
        for slash in memchr_iter(b'/', text.as_bytes()) {
            if let Some(end) = ends.get_mut(count - 1) {
                *end = slash;
            }
            count += 1;
        }
        Self { text, algorithm, ends, count }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// The parts; what is missing is empty.
    pub(crate) fn parts(&self) -> Credential<'_> {
        let mut start = 0;
        let [access_key_id, date, third, fourth, fifth] = self.ends.map(|end| {
            let part = self.text.get(start..end).unwrap_or_default();
            start = end + 1;
            part
        });
        let (region, service, terminator) = match self.algorithm {
            Algorithm::HmacSha256 => (third, fourth, fifth),
            Algorithm::EcdsaP256Sha256 => ("", third, fourth),
        };
        Credential { access_key_id, date, region, service, terminator }
    }

    /// The parts, if there are exactly as many as the algorithm has.
    pub(crate) fn exact_parts(&self) -> Result<Credential<'_>, AuthError> {
        let algorithm = self.algorithm;
        let expected = match algorithm {
            Algorithm::HmacSha256 => PARTS,
            Algorithm::EcdsaP256Sha256 => PARTS - 1,
        };
        if self.count == expected {
            Ok(self.parts())
        } else {
            Err(AuthError::CredentialParts { algorithm, credential: self.as_str().to_owned() })
        }
    }

    /// The credential scope: everything after the access key id.
    pub(crate) fn scope(&self) -> &str {
        let [access_key_id, ..] = self.ends;
        self.text.get(access_key_id + 1..).unwrap_or_default()
    }
}

/// The scope that an endpoint accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExpectedScope<'a> {
    /// The service, as the credential scope names it.
    pub service: &'a str,
    /// The regions.
    pub regions: Regions<'a>,
}

/// The regions that an endpoint accepts in a credential scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Regions<'a> {
    /// This one: a regional host's own, or `us-east-1` at a global host.
    Only(&'a str),
    /// Any of these: an address that stands for many hosts, such as a local one.
    AnyOf(&'a [&'a str]),
}

impl ExpectedScope<'_> {
    /// Finds all faults at once, as AWS does.
    pub(crate) fn refuse_others(&self, claims: &Claims<'_>) -> Result<(), AuthError> {
        let (claimed, signed) = (claims.credential.exact_parts()?, claims.signed_at);
        let faults = ScopeFaults {
            region: self.regions.find(claims).is_none().then(|| Wrong {
                claimed: claims.region_set().map_or(claimed.region, RegionSet::as_str).to_owned(),
                expected: self.regions.served().first().copied().unwrap_or_default().to_owned(),
            }),
            service: (claimed.service != self.service).then(|| Wrong {
                claimed: claimed.service.to_owned(),
                expected: self.service.to_owned(),
            }),
            terminator: (claimed.terminator != TERMINATOR).then(|| claimed.terminator.to_owned()),
            date: (!signed.is_on(claimed.date)).then(|| (claimed.date.to_owned(), signed)),
        };
        match faults {
            ScopeFaults { region: None, service: None, terminator: None, date: None } => Ok(()),
            faults => Err(AuthError::Scope(Box::new(faults))),
        }
    }
}

impl<'r> Regions<'r> {
    /// The one of these regions that a request is for, or `None` if it is for another.
    ///
    /// A SigV4 credential names it. A SigV4a signature may be good for many of them, and then it is the first that
    /// its region set names in full, or else the first of these that a wildcard of the set covers.
    pub fn find(&self, claims: &Claims<'_>) -> Option<&'r str> {
        let served = self.served();
        match &claims.region_set {
            Some(set) => set.choose(served),
            None => {
                let claimed = claims.credential.parts().region;
                served.iter().copied().find(|region| *region == claimed)
            }
        }
    }

    fn served(&self) -> &[&'r str] {
        match self {
            Self::Only(only) => std::slice::from_ref(only),
            Self::AnyOf(some) => some,
        }
    }
}

/// What is wrong with a credential scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeFaults {
    /// The region, or the set of them, is not served here; the first that is served is expected.
    pub region: Option<Wrong>,
    /// The service is another.
    pub service: Option<Wrong>,
    /// The scope ends in this instead of `aws4_request`.
    pub terminator: Option<String>,
    /// The scope's date is not the day of the moment that the request was signed at.
    pub date: Option<(String, Timestamp)>,
}

/// A part of a scope that should be another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// What the request says.
    pub claimed: String,
    /// What it should say.
    pub expected: String,
}

impl ScopeFaults {
    /// AWS's sentences, one for each fault. Each but the last kind ends in a space, even at the very end.
    pub(crate) fn message(&self) -> String {
        let mut message = String::new();
        if self.region.is_some() {
            message.push_str("Credential should be scoped to a valid region. ");
        }
        if let Some(service) = &self.service {
            message.push_str("Credential should be scoped to correct service: '");
            message.push_str(&service.expected);
            message.push_str("'. ");
        }
        if let Some(terminator) = &self.terminator {
            message.push_str(
                "Credential should be scoped with a valid terminator: 'aws4_request', not '",
            );
            message.push_str(terminator);
            message.push_str("'.");
        }
        if let Some((date, signed)) = &self.date {
            if self.terminator.is_some() {
                message.push(' ');
            }
            message.push_str(&format!(
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: \
                 '{date}' != '{}', from '{signed}'.",
                signed.date()
            ));
        }
        message
    }
}

pub(crate) const TERMINATOR: &str = "aws4_request";
const PARTS: usize = 5;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_credential() {
        for (text, parts, scope) in [
            ("k/d/r/s/t", ["k", "d", "r", "s", "t"], "d/r/s/t"),
            ("k/d/r/s/t/more", ["k", "d", "r", "s", "t"], "d/r/s/t/more"),
            ("k/d/r/s/", ["k", "d", "r", "s", ""], "d/r/s/"),
            ("k//r", ["k", "", "r", "", ""], "/r"),
            ("k/", ["k", "", "", "", ""], ""),
            ("\u{e9}", ["\u{e9}", "", "", "", ""], ""),
            ("", ["", "", "", "", ""], ""),
        ] {
            let credential = CredentialText::new(text.into(), Algorithm::HmacSha256);
            let found = credential.parts();
            let found =
                [found.access_key_id, found.date, found.region, found.service, found.terminator];
            assert_eq!((found, credential.scope()), (parts, scope), "{text}");
            assert_eq!(credential.exact_parts().is_ok(), text.split('/').count() == 5, "{text}");
        }
    }
}
