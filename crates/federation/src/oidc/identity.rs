use super::OidcError;
use super::json::Json;
use super::jwt::Claims;
use super::tags::{self, SessionTags};

#[cfg(test)]
mod tests;

/// Whom a provider vouches for: the verified claims of a token, as AWS uses them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebIdentity {
    /// The provider as it is registered: its URL without the scheme.
    pub provider: String,
    /// `iss`, as it stands in the token.
    pub issuer: String,
    /// `sub`: whom the provider vouches for.
    pub subject: String,
    /// The client that the token is for, one of those registered.
    pub audience: String,
    /// What conditions on the provider's keys are compared with.
    pub keys: Vec<ProviderKey>,
    /// Session tags that the provider asks for, in the order of their keys. Whether they are
    /// allowed, too many or contradictory is judged like that of any session tags.
    pub tags: Vec<(String, String)>,
    /// Which of them are passed on by role chaining.
    pub transitive_tag_keys: Vec<String>,
    /// The source identity that the provider asks for.
    pub source_identity: Option<String>,
}

/// A condition key of a provider, with its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderKey {
    /// The key in lower case: `accounts.google.com:aud`.
    pub key: String,
    /// Its values, at least one.
    pub values: Vec<String>,
    /// Whether requests of the session have the key too: `amr`, `aud`, `id` and `sub` only (IAM User
    /// Guide, "IAM and AWS STS condition context keys"). Others are for the trust policy.
    pub persists: bool,
}

impl WebIdentity {
    /// What verified claims come to.
    pub(super) fn of(claims: &Claims, provider: &str, audience: &str) -> Result<Self, OidcError> {
        let length = claims.subject.chars().count();
        if !(1..=LONGEST_SUBJECT).contains(&length) {
            let problem = "is empty or longer than 255 characters";
            return Err(OidcError::RejectedClaim { claim: "sub", problem });
        }
        if claims.subject.chars().any(is_not_text) {
            let problem = "has control characters";
            return Err(OidcError::RejectedClaim { claim: "sub", problem });
        }
        let SessionTags { tags, transitive } = SessionTags::of(&claims.all)?;
        Ok(Self {
            provider: provider.to_owned(),
            issuer: claims.issuer.clone(),
            subject: claims.subject.clone(),
            audience: audience.to_owned(),
            keys: provider_keys(claims, provider, audience),
            tags,
            transitive_tag_keys: transitive,
            source_identity: tags::source_identity(&claims.all)?,
        })
    }

    /// The user of an application that signed in with Amazon: its access token is opaque, so that
    /// only Amazon can say these two.
    #[must_use]
    pub fn login_with_amazon(app_id: &str, user_id: &str) -> Self {
        Self::of_access_token(AMAZON, app_id, user_id)
    }

    /// The user of an application that signed in with Facebook, whose access tokens are opaque too.
    #[must_use]
    pub fn facebook(app_id: &str, user_id: &str) -> Self {
        Self::of_access_token(FACEBOOK, app_id, user_id)
    }

    fn of_access_token(provider: &str, app_id: &str, user_id: &str) -> Self {
        let keys = keys_of(provider).iter().filter_map(|key| {
            let value = match key.source {
                Source::Client => app_id,
                Source::Subject => user_id,
                Source::Audiences | Source::Claim(_) | Source::Member(..) => return None,
            };
            Some(key.with(provider, vec![value.to_owned()]))
        });
        Self {
            provider: provider.to_owned(),
            issuer: provider.to_owned(),
            subject: user_id.to_owned(),
            audience: app_id.to_owned(),
            keys: keys.collect(),
            tags: Vec::new(),
            transitive_tag_keys: Vec::new(),
            source_identity: None,
        }
    }
}

fn provider_keys(claims: &Claims, provider: &str, audience: &str) -> Vec<ProviderKey> {
    let keys = keys_of(provider).iter().chain(extra_keys_of(provider));
    let keys = keys.filter_map(|key| {
        let claim = |name: &str| claims.all.get(name).map(values);
        let values = match key.source {
            Source::Client => vec![audience.to_owned()],
            Source::Audiences => claims.audiences.clone(),
            Source::Subject => vec![claims.subject.clone()],
            Source::Claim(name) => claim(name)?,
            Source::Member(object, name) => match claims.all.get(object)? {
                Json::Object(members) => values(members.get(name)?),
                _ => return None,
            },
        };
        (!values.is_empty()).then(|| key.with(provider, values))
    });
    keys.collect()
}

/// What no answer of STS, which is XML 1.0, can say, and what a log would obey.
fn is_not_text(c: char) -> bool {
    c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}')
}

/// What a condition can compare: texts, numbers, truth values, and lists of these.
fn values(claim: &Json) -> Vec<String> {
    match claim {
        Json::Text(text) => vec![text.clone()],
        Json::Integer(number) => vec![number.to_string()],
        Json::Bool(value) => vec![value.to_string()],
        Json::List(list) => {
            list.iter().filter(|value| !matches!(value, Json::List(_))).flat_map(values).collect()
        }
        Json::Null | Json::Number | Json::Object(_) => Vec::new(),
    }
}

/// A condition key, without the provider, and what it is made of.
struct Key {
    name: &'static str,
    source: Source,
    persists: bool,
}

enum Source {
    /// The client that the token is for.
    Client,
    /// `aud`, whatever `azp` says.
    Audiences,
    Subject,
    Claim(&'static str),
    /// A member of a claim that is an object.
    Member(&'static str, &'static str),
}

impl Key {
    const fn new(name: &'static str, source: Source, persists: bool) -> Self {
        Self { name, source, persists }
    }

    /// A claim that is its own key, for trust policies only.
    const fn claim(name: &'static str) -> Self {
        Self::new(name, Source::Claim(name), false)
    }

    fn with(&self, provider: &str, values: Vec<String>) -> ProviderKey {
        let mut key = [provider, ":", self.name].concat();
        key.make_ascii_lowercase();
        ProviderKey { key, values, persists: self.persists }
    }
}

/// The keys that every token of a provider has, if it has the claims.
fn keys_of(provider: &str) -> &'static [Key] {
    match provider {
        AMAZON => &AMAZON_KEYS,
        FACEBOOK => &FACEBOOK_KEYS,
        _ => &USUAL_KEYS,
    }
}

/// Claims of well-known providers that AWS has made keys of (Service Authorization Reference, "AWS
/// Security Token Service"). Those of any other provider cannot be asked for.
fn extra_keys_of(provider: &str) -> &'static [Key] {
    let (host, path) = provider.split_once('/').unwrap_or((provider, ""));
    match (host, path) {
        ("accounts.google.com", "") => &GOOGLE_KEYS,
        ("token.actions.githubusercontent.com", _) => &GITHUB_KEYS,
        ("github.com", path) if path.starts_with("enterprises/") => &GITHUB_KEYS,
        (host, "") if is_between(host, "token.actions.", &[".ghe.com"]) => &GITHUB_KEYS,
        ("gitlab.com", "") => &GITLAB_KEYS,
        ("agent.buildkite.com", "") => &BUILDKITE_KEYS,
        (host, "") if is_between(host, "agent.", &[".buildkite.dev", ".buildkite.site"]) => {
            &BUILDKITE_KEYS
        }
        ("oidc.circleci.com", path) if path.starts_with("org/") => &CIRCLECI_KEYS,
        (host, "") if is_between(host, "idcs-", &[".identity.oraclecloud.com"]) => &ORACLE_KEYS,
        _ => &[],
    }
}

/// Whether a host begins and ends so, with a name of somebody's between.
fn is_between(host: &str, start: &str, ends: &[&str]) -> bool {
    let rest = host.strip_prefix(start);
    rest.is_some_and(|rest| ends.iter().any(|end| rest.len() > end.len() && rest.ends_with(end)))
}

const AMAZON: &str = "www.amazon.com";
const FACEBOOK: &str = "graph.facebook.com";

/// Cognito's `aud` (the identity pool), `sub` and `amr` are among them.
static USUAL_KEYS: [Key; 5] = [
    Key::new("aud", Source::Client, true),
    Key::new("oaud", Source::Audiences, false),
    Key::new("sub", Source::Subject, true),
    Key::new("amr", Source::Claim("amr"), true),
    Key::claim("email"),
];

static AMAZON_KEYS: [Key; 2] =
    [Key::new("app_id", Source::Client, false), Key::new("user_id", Source::Subject, false)];

static FACEBOOK_KEYS: [Key; 2] =
    [Key::new("app_id", Source::Client, false), Key::new("id", Source::Subject, true)];

static GOOGLE_KEYS: [Key; 1] = [Key::new(
    "google/organization_number",
    Source::Member("google", "organization_number"),
    false,
)];

static GITHUB_KEYS: [Key; 10] = [
    Key::claim("actor"),
    Key::claim("actor_id"),
    Key::claim("enterprise_id"),
    Key::claim("environment"),
    Key::claim("job_workflow_ref"),
    Key::claim("ref"),
    Key::claim("repository"),
    Key::claim("repository_id"),
    Key::claim("repository_owner_id"),
    Key::claim("workflow"),
];

static GITLAB_KEYS: [Key; 9] = [
    Key::claim("namespace_id"),
    Key::claim("pipeline_source"),
    Key::claim("project_id"),
    Key::claim("ref_protected"),
    Key::claim("runner_environment"),
    Key::claim("user_access_level"),
    Key::claim("user_email"),
    Key::claim("user_id"),
    Key::claim("user_login"),
];

static BUILDKITE_KEYS: [Key; 7] = [
    Key::claim("build_branch"),
    Key::claim("cluster_id"),
    Key::claim("cluster_name"),
    Key::claim("organization_id"),
    Key::claim("organization_slug"),
    Key::claim("pipeline_id"),
    Key::claim("pipeline_slug"),
];

static CIRCLECI_KEYS: [Key; 1] = [Key::claim("oidc.circleci.com/project-id")];

static ORACLE_KEYS: [Key; 1] = [Key::claim("rpst_id")];

/// OpenID Connect Core, section 2; STS has no room for more in its answer.
const LONGEST_SUBJECT: usize = 255;
