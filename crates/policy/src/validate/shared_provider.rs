//! Identity providers whose tokens say in a claim, not in the issuer, whose they are (IAM User
//! Guide, "Identity-provider controls for shared OIDC providers").

use daypass_ident::eq_ignore_case;

use crate::condition::{Family, Operator};
use crate::document::{Document, Elements, scalar_text};
use crate::json::{self, Node};
use crate::pattern::ActionPatterns;
use crate::{Malformed, Policy};

impl Policy {
    /// Checks what IAM asks of a trust policy in the moment when it is saved, and never of one that
    /// stands: whoever trusts an identity provider that many organisations share must ask for the
    /// claim that tells them apart.
    ///
    /// # Errors
    /// [`Malformed::SharedProvider`] for the first provider of which every tenant would be trusted.
    pub fn check_shared_providers(&self) -> Result<(), Malformed> {
        // INVARIANT: the text was parsed once already.
        let Ok(root) = json::parse(self.text()) else { return Ok(()) };
        let statements = Document::of(&root).and_then(|document| document.statements());
        statements.unwrap_or_default().iter().try_for_each(check)
    }
}

fn check(elements: &Elements<'_>) -> Result<(), Malformed> {
    if elements.effect.and_then(Node::as_str) != Some("Allow") || !admits_web_identities(elements) {
        return Ok(());
    }
    let principals = elements.principal.and_then(Node::as_object).unwrap_or_default();
    principals
        .iter()
        .filter(|member| member.key == "Federated")
        .flat_map(|member| member.value.as_list())
        .filter_map(Node::as_str)
        .try_for_each(|provider| {
            let Some(keys) = tenancy_keys(provider) else { return Ok(()) };
            if evaluates_one_of(elements, &keys) {
                return Ok(());
            }
            Err(Malformed::SharedProvider {
                provider: provider.into(),
                keys: keys.join(" or ").into(),
            })
        })
}

fn admits_web_identities(elements: &Elements<'_>) -> bool {
    let Some((actions, negated)) = elements.actions() else { return false };
    let patterns = ActionPatterns::new(actions.iter().filter_map(Node::as_str));
    patterns.matches("sts:AssumeRoleWithWebIdentity") != negated
}

/// The condition keys that tell the tenants of a provider apart; `None` for a provider that belongs
/// to one.
fn tenancy_keys(provider: &str) -> Option<Vec<String>> {
    let (_, issuer) = provider.split_once(":oidc-provider/")?;
    let (issuer, claims) = SHARED.iter().find(|(known, _)| eq_ignore_case(known, issuer))?;
    let key = |claim: &&str| match claim.contains(':') {
        true => (*claim).to_owned(),
        false => format!("{issuer}:{claim}"),
    };
    Some(claims.iter().map(key).collect())
}

/// Whether a condition compares one of the keys with something: AWS looks for one value that is
/// more than wildcards, be it as wide as `repo:*`, and at no other values beside it.
fn evaluates_one_of(elements: &Elements<'_>, keys: &[String]) -> bool {
    let operators = elements.condition.and_then(Node::as_object).unwrap_or_default();
    operators
        .iter()
        .filter(|operator| is_positive_string_operator(&operator.key))
        .flat_map(|operator| operator.value.as_object().unwrap_or_default())
        .filter(|condition| keys.iter().any(|key| eq_ignore_case(key, &condition.key)))
        .flat_map(|condition| condition.value.as_list())
        .filter_map(scalar_text)
        .any(|value| !value.trim_matches(['*', '?', ' ']).is_empty())
}

/// An operator with `IfExists` lets everybody in who lacks the claim.
fn is_positive_string_operator(name: &str) -> bool {
    Operator::parse(name).is_some_and(|operator| {
        matches!(operator.family, Family::String(_)) && !operator.negated && !operator.if_exists
    })
}

/// The issuers, without their scheme, and the claims that tell tenants apart: those of the issuer,
/// or a condition key of another kind.
const SHARED: [(&str, &[&str]); 15] = [
    ("agent.buildkite.com", &["sub"]),
    ("api.pulumi.com/oidc", &["aud"]),
    ("app.terraform.io", &["sub"]),
    ("gitlab.com", &["sub"]),
    ("oidc-configuration.audit-log.githubusercontent.com", &["sub"]),
    ("oidc.codefresh.io", &["sub"]),
    ("oidc.vercel.com", &["aud"]),
    ("proidc.upbound.io", &["sub"]),
    ("sandboxes.cloud", &["aud"]),
    ("scalr.io", &["sub"]),
    ("sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d", &["sts:RoleSessionName"]),
    ("studio.datachain.ai/api", &["sub"]),
    ("token.actions.githubusercontent.com", &["sub", "job_workflow_ref"]),
    ("tokens.cloud.shisho.dev", &["sub"]),
    ("vstoken.actions.githubusercontent.com", &["sub"]),
];

#[cfg(test)]
mod tests {
    use crate::{Policy, PolicyKind};

    const GITHUB: &str =
        "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com";

    fn refusal(provider: &str, effect: &str, action: &str, condition: &str) -> Option<String> {
        let text = format!(
            r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "{effect}",
                "Principal": {{"Federated": ["{provider}"]}}, "Action": "{action}",
                "Condition": {condition}}}}}"#
        );
        let policy = Policy::parse(PolicyKind::Trust, &text).unwrap();
        policy.check_shared_providers().err().map(|error| error.to_string())
    }

    fn github(condition: &str) -> bool {
        refusal(GITHUB, "Allow", "sts:AssumeRoleWithWebIdentity", condition).is_none()
    }

    #[test]
    fn a_shared_provider_needs_a_condition_on_its_tenants() {
        let sub = "token.actions.githubusercontent.com:sub";
        let fine = [
            format!(r#"{{"StringEquals": {{"{sub}": "repo:acme/x:ref:refs/heads/main"}}}}"#),
            format!(r#"{{"StringLike": {{"{sub}": "repo:acme/*"}}}}"#),
            format!(r#"{{"StringLike": {{"{sub}": "repo:*"}}}}"#),
            format!(r#"{{"StringLike": {{"{sub}": ["*", "repo:acme/*"]}}}}"#),
            format!(r#"{{"StringEqualsIgnoreCase": {{"{sub}": "repo:acme/x"}}}}"#),
            format!(r#"{{"ForAnyValue:StringLike": {{"{sub}": "repo:acme/*"}}}}"#),
            r#"{"StringLike": {"token.actions.githubusercontent.com:job_workflow_ref": "a/b/*"}}"#
                .to_owned(),
            r#"{"StringLike": {"TOKEN.actions.githubusercontent.com:SUB": "repo:acme/x"}}"#
                .to_owned(),
        ];
        for condition in fine {
            assert!(github(&condition), "{condition}");
        }
        let open = [
            "{}".to_owned(),
            r#"{"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}}"#
                .to_owned(),
            r#"{"StringEquals": {"token.actions.githubusercontent.com:repository": "acme/x"}}"#
                .to_owned(),
            format!(r#"{{"StringLike": {{"{sub}": "*"}}}}"#),
            format!(r#"{{"StringLike": {{"{sub}": ["?*", ""]}}}}"#),
            format!(r#"{{"StringLike": {{"{sub}": []}}}}"#),
            format!(r#"{{"StringNotEquals": {{"{sub}": "repo:acme/x"}}}}"#),
            format!(r#"{{"StringLikeIfExists": {{"{sub}": "repo:acme/*"}}}}"#),
            format!(r#"{{"Null": {{"{sub}": "false"}}}}"#),
        ];
        for condition in open {
            assert!(!github(&condition), "{condition}");
        }
    }

    #[test]
    fn the_refusal_names_provider_and_keys() {
        assert_eq!(
            refusal(GITHUB, "Allow", "sts:AssumeRoleWithWebIdentity", "{}").unwrap(),
            format!(
                "Trust policy with trusted principal {GITHUB} must evaluate, using StringEquals, \
                 StringLike or StringEqualsIgnoreCase, token.actions.githubusercontent.com:sub or \
                 token.actions.githubusercontent.com:job_workflow_ref which is not scoped to all."
            )
        );
        let pulumi = "arn:aws:iam::111111111111:oidc-provider/api.pulumi.com/oidc";
        let text = refusal(pulumi, "Allow", "sts:AssumeRoleWithWebIdentity", "{}").unwrap();
        assert!(text.contains(", api.pulumi.com/oidc:aud which"), "{text}");
        let sentinel = "arn:aws:iam::111111111111:oidc-provider/\
                        sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d";
        let text = refusal(sentinel, "Allow", "sts:AssumeRoleWithWebIdentity", "{}").unwrap();
        assert!(text.contains(", sts:RoleSessionName which"), "{text}");
    }

    #[test]
    fn others_need_none() {
        let own = "arn:aws:iam::111111111111:oidc-provider/login.example.com";
        assert_eq!(refusal(own, "Allow", "sts:AssumeRoleWithWebIdentity", "{}"), None);
        assert_eq!(refusal(GITHUB, "Deny", "sts:AssumeRoleWithWebIdentity", "{}"), None);
        assert_eq!(refusal(GITHUB, "Allow", "sts:TagSession", "{}"), None);
    }
}
