//! Where and when a credential is good for.

use crate::{error::AuthError, time::Timestamp};

/// A view of the five parts of a credential, `keyid/date/region/service/aws4_request`.
///
/// Until the scope has been checked they are only what the request claims, and a part that is missing is empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Credential<'a> {
    /// The id of the access key that signs.
    pub access_key_id: &'a str,
    /// The day, `YYYYMMDD`.
    pub date: &'a str,
    /// The region.
    pub region: &'a str,
    /// The service, as the credential scope names it (`sts`, `iam`).
    pub service: &'a str,
    /// `aws4_request`.
    pub terminator: &'a str,
}

impl<'a> Credential<'a> {
    pub(crate) fn of(text: &'a str) -> Self {
        let mut parts = text.split('/');
        let mut part = || parts.next().unwrap_or_default();
        Self {
            access_key_id: part(),
            date: part(),
            region: part(),
            service: part(),
            terminator: part(),
        }
    }

    /// As [`of`](Self::of), but only if there are exactly five parts.
    pub(crate) fn parse(text: &'a str) -> Result<Self, AuthError> {
        match text.split('/').count() {
            5 => Ok(Self::of(text)),
            _ => Err(AuthError::CredentialParts { credential: text.to_owned() }),
        }
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
    pub(crate) fn refuse_others(
        &self,
        claimed: Credential<'_>,
        signed: Timestamp,
    ) -> Result<(), AuthError> {
        let faults = ScopeFaults {
            region: !self.regions.contains(claimed.region),
            service: (claimed.service != self.service).then(|| self.service.to_owned()),
            terminator: (claimed.terminator != TERMINATOR).then(|| claimed.terminator.to_owned()),
            date: (claimed.date != signed.date()).then(|| (claimed.date.to_owned(), signed)),
        };
        match faults {
            ScopeFaults { region: false, service: None, terminator: None, date: None } => Ok(()),
            faults => Err(AuthError::Scope(Box::new(faults))),
        }
    }
}

impl Regions<'_> {
    fn contains(&self, region: &str) -> bool {
        match self {
            Self::Only(only) => *only == region,
            Self::AnyOf(some) => some.contains(&region),
        }
    }
}

/// What is wrong with a credential scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeFaults {
    /// The region is not served here.
    pub region: bool,
    /// The service is not the one that stands here.
    pub service: Option<String>,
    /// The scope ends in this instead of `aws4_request`.
    pub terminator: Option<String>,
    /// The scope's date is not the day of the moment that the request was signed at.
    pub date: Option<(String, Timestamp)>,
}

impl ScopeFaults {
    /// AWS's sentences, one for each fault. Each but the last kind ends in a space, even at the very end.
    pub(crate) fn message(&self) -> String {
        let mut message = String::new();
        if self.region {
            message.push_str("Credential should be scoped to a valid region. ");
        }
        if let Some(service) = &self.service {
            message.push_str("Credential should be scoped to correct service: '");
            message.push_str(service);
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
