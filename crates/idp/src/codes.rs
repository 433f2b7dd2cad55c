use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use aws_smithy_types::DateTime;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use daypass_ident::{IdGen, Secret};

/// Authorization codes that wait to be exchanged (RFC 6749, section 4.1.2): each is good once, for a
/// minute. The oldest give way when there are many.
#[derive(Debug, Default)]
pub(crate) struct Codes(Mutex<VecDeque<(Secret<String>, Grant)>>);

/// What a user has agreed to by signing in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Grant {
    pub(crate) client: String,
    pub(crate) user: String,
    pub(crate) redirect_uri: String,
    pub(crate) scope: String,
    pub(crate) nonce: Option<String>,
    /// `code_challenge` with the method `S256`.
    pub(crate) challenge: Option<String>,
    /// When the user signed in.
    pub(crate) at: DateTime,
}

impl Codes {
    /// A new code for a grant.
    pub(crate) fn add(&self, grant: Grant, ids: &dyn IdGen) -> String {
        let mut bytes = [0; 32];
        ids.fill(&mut bytes);
        let code = URL_SAFE_NO_PAD.encode(bytes);
        let mut codes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if codes.len() == MOST {
            codes.pop_front();
        }
        codes.push_back((Secret::new(code.clone()), grant));
        code
    }

    /// What a code stands for; never again for the same code.
    pub(crate) fn take(&self, code: &str, now: DateTime) -> Option<Grant> {
        let code = Secret::new(code.to_owned());
        let mut codes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = codes.iter().position(|(known, _)| *known == code)?;
        let (_, grant) = codes.remove(place)?;
        (now.secs().saturating_sub(grant.at.secs()) < LIFETIME).then_some(grant)
    }
}

const MOST: usize = 1000;
/// In seconds.
const LIFETIME: i64 = 60;

#[cfg(test)]
mod tests {
    use daypass_ident::SystemIds;

    use super::*;

    fn grant(at: i64) -> Grant {
        Grant {
            client: "app".to_owned(),
            user: "ana".to_owned(),
            redirect_uri: "http://localhost/".to_owned(),
            scope: "openid".to_owned(),
            nonce: None,
            challenge: None,
            at: DateTime::from_secs(at),
        }
    }

    #[test]
    fn a_code_is_good_once_and_for_a_minute() {
        let codes = Codes::default();
        let code = codes.add(grant(100), &SystemIds);
        assert_eq!(codes.take("another", DateTime::from_secs(100)), None);
        assert_eq!(codes.take(&code, DateTime::from_secs(159)), Some(grant(100)));
        assert_eq!(codes.take(&code, DateTime::from_secs(159)), None);
        let late = codes.add(grant(100), &SystemIds);
        assert_eq!(codes.take(&late, DateTime::from_secs(160)), None);
    }

    #[test]
    fn the_oldest_give_way() {
        let codes = Codes::default();
        let first = codes.add(grant(0), &SystemIds);
        let second = codes.add(grant(0), &SystemIds);
        for _ in 2..=MOST {
            codes.add(grant(0), &SystemIds);
        }
        assert_eq!(codes.take(&first, DateTime::from_secs(0)), None);
        assert!(codes.take(&second, DateTime::from_secs(0)).is_some());
    }
}
