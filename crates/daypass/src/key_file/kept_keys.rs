use daypass_federation::oidc::sign::SignError;
use daypass_federation::{IssuerKeys, ParseIssuerKeysError};
use daypass_ident::{IdGen, Secret};
use daypass_token::{ParseKeysError, SealingKeys};

/// What a key file keeps: the written form of the sealing keys and, below it, that of the issuer keys.
#[derive(Debug)]
pub struct KeptKeys {
    /// The keys that seal sessions.
    pub sealing: SealingKeys,
    /// The keys that sign web identities. `None` in a file of before there were any, until the next
    /// rotation: the issuer's keys then end with the process.
    pub issuer: Option<IssuerKeys>,
}

impl KeptKeys {
    /// Fresh keys. `now` is in Unix seconds.
    ///
    /// # Errors
    /// When the cryptographic library cannot make keys.
    pub(super) fn generate(ids: &dyn IdGen, now: i64) -> Result<Self, SignError> {
        let sealing = SealingKeys::generate(ids, now);
        Ok(Self { sealing, issuer: Some(IssuerKeys::generate(now)?) })
    }

    /// Fresh issuer keys beside sealing keys that were rotated. Of the older ones as many stay as of
    /// those: no web identity lasts longer than a session.
    ///
    /// # Errors
    /// When the cryptographic library cannot make keys.
    pub(super) fn rotated_with(&self, sealing: SealingKeys, now: i64) -> Result<Self, SignError> {
        let older = sealing.list().count().saturating_sub(1);
        let issuer = match &self.issuer {
            Some(issuer) => issuer.rotated(older, now),
            None => IssuerKeys::generate(now),
        };
        Ok(Self { sealing, issuer: Some(issuer?) })
    }

    /// The keys from their written form.
    ///
    /// # Errors
    /// When it is not in that form, or has too many keys.
    pub(super) fn parse(text: &str) -> Result<Self, ParseKeptKeysError> {
        let Some(start) = issuer_section(text) else {
            return Ok(Self { sealing: SealingKeys::parse(text)?, issuer: None });
        };
        let (sealing, issuer) = text.split_at_checked(start).unwrap_or((text, ""));
        let first = sealing.lines().count() + 1;
        let issuer = IssuerKeys::parse((first..).zip(issuer.lines()))?;
        Ok(Self { sealing: SealingKeys::parse(sealing)?, issuer: Some(issuer) })
    }

    /// The keys in writing, as [`parse`](Self::parse) reads them.
    ///
    /// # Errors
    /// When the cryptographic library cannot write a key.
    pub(super) fn to_text(&self) -> Result<Secret<String>, SignError> {
        let sealing = self.sealing.to_text();
        let Some(issuer) = &self.issuer else { return Ok(sealing) };
        let issuer = issuer.to_text()?;
        // With room for all, so that growing leaves no copy behind.
        let mut text = String::with_capacity(sealing.expose().len() + 1 + issuer.expose().len());
        text.push_str(sealing.expose());
        text.push('\n');
        text.push_str(issuer.expose());
        Ok(Secret::new(text))
    }
}

/// Why a text is not that of a key file. No message shows anything of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseKeptKeysError {
    /// The sealing keys are not what they should be.
    #[error(transparent)]
    Sealing(#[from] ParseKeysError),
    /// The issuer keys are not what they should be.
    #[error(transparent)]
    Issuer(#[from] ParseIssuerKeysError),
}

/// Where the line begins that names the form of issuer keys.
fn issuer_section(text: &str) -> Option<usize> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if line.trim_end() == IssuerKeys::FORM {
            return Some(start);
        }
        start += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use daypass_ident::SystemIds;

    use super::*;

    #[test]
    fn a_file_of_before_there_were_issuer_keys_still_opens_and_gets_them_at_a_rotation() {
        let sealing = SealingKeys::generate(&SystemIds, 100);
        let old = KeptKeys::parse(sealing.to_text().expose()).unwrap();
        assert!(old.issuer.is_none() && old.sealing.list().eq(sealing.list()));
        assert_eq!(old.to_text().unwrap(), sealing.to_text());

        let rotated = sealing.rotated(None, &SystemIds, 200).unwrap();
        let rotated = old.rotated_with(rotated, 200).unwrap();
        assert_eq!(names(&rotated), ["RSA_0"]);
        let read = KeptKeys::parse(rotated.to_text().unwrap().expose()).unwrap();
        assert!(read.sealing.list().eq(rotated.sealing.list()));
        assert_eq!(names(&read), ["RSA_0"]);
    }

    #[test]
    fn both_kinds_are_rotated_together() {
        let mut keys = KeptKeys::generate(&SystemIds, 100).unwrap();
        let rotate = |keys: &KeptKeys, keep, now| {
            keys.rotated_with(keys.sealing.rotated(keep, &SystemIds, now).unwrap(), now).unwrap()
        };
        for now in [200, 300] {
            keys = rotate(&keys, None, now);
        }
        assert_eq!(names(&keys), ["RSA_2", "RSA_1", "RSA_0"]);
        keys = rotate(&keys, Some(1), 400);
        assert_eq!((keys.sealing.list().count(), names(&keys).len()), (2, 2));
        assert_eq!(names(&rotate(&keys, Some(0), 500)), ["RSA_4"]);
    }

    #[test]
    fn mistakes_are_told_with_the_line_of_the_whole_file() {
        let keys = KeptKeys::generate(&SystemIds, 100).unwrap().to_text().unwrap();
        let lines = keys.expose().lines().count();
        let cases = [
            (format!("{}100 0 x y\n", keys.expose()), Ok(lines + 1)),
            (keys.expose().replacen("100 ", "1oo ", 1), Err(3)),
        ];
        for (text, line) in cases {
            let expected = match line {
                Ok(line) => ParseIssuerKeysError::Line(line).into(),
                Err(line) => ParseKeptKeysError::from(ParseKeysError::Line(line)),
            };
            assert_eq!(KeptKeys::parse(&text).unwrap_err(), expected);
        }
        let headless = KeptKeys::parse(IssuerKeys::FORM).unwrap_err();
        assert_eq!(headless, ParseIssuerKeysError::None.into());
    }

    fn names(keys: &KeptKeys) -> Vec<&str> {
        keys.issuer.iter().flat_map(|keys| keys.list().map(|([rsa, _], _)| rsa)).collect()
    }
}
