use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use serde_json::Value;

/// The identity provider, or what it vouches for.
#[derive(Debug, Args)]
#[command(after_help = IDP_HELP)]
pub(crate) struct Idp {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    #[command(flatten)]
    pub(super) options: Options,
}

/// What the provider is.
#[derive(Debug, Args)]
pub(super) struct Options {
    /// A file with a table [idp]; that of daypass serve will do
    #[arg(long, value_name = "FILE", env = "DAYPASS_CONFIG", global = true)]
    pub(super) config: Option<PathBuf>,
    /// Where to listen [default: 127.0.0.1:4580]
    #[arg(long, value_name = "ADDRESS", env = "DAYPASS_IDP_LISTEN", global = true)]
    pub(super) listen: Option<String>,
    /// The issuer that tokens name [default: http:// and where it listens]
    #[arg(long, value_name = "URL", env = "DAYPASS_IDP_ISSUER", global = true)]
    pub(super) issuer: Option<String>,
    /// Where the private key is kept; made if it is not there [default: a fresh key for each start]
    #[arg(long, value_name = "FILE", env = "DAYPASS_IDP_KEY_FILE", global = true)]
    pub(super) key_file: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Print an ID token of a user
    Token(Token),
    /// Print a signed SAML response about a user, in base64
    Assertion(Assertion),
    /// Print the SAML metadata, for create-saml-provider
    Metadata,
    /// Print what IAM Identity Center would assert of a user, for the ProvidedContexts of AssumeRole
    Context(ContextOptions),
}

/// A token.
#[derive(Debug, Args)]
pub(super) struct Token {
    /// Whom it is about
    #[arg(long, value_name = "NAME")]
    pub(super) user: String,
    /// Whom it is for [default: the first client]
    #[arg(long, value_name = "ID")]
    pub(super) audience: Option<String>,
    /// A claim, in place of any other of its name; the value is JSON, or else a text. May be repeated
    #[arg(long = "claim", value_name = "NAME=VALUE", value_parser = super::claim)]
    pub(super) claims: Vec<(String, Value)>,
}

/// A response.
#[derive(Debug, Args)]
pub(super) struct Assertion {
    /// Whom it is about
    #[arg(long, value_name = "NAME")]
    pub(super) user: String,
    /// A role to choose from, in place of the user's own. May be repeated
    #[arg(long = "role", value_name = "ROLE_ARN,PROVIDER_ARN")]
    pub(super) roles: Vec<String>,
    /// An attribute, in place of any other of its name; repeated, it has several values
    #[arg(long = "attribute", value_name = "NAME=VALUE", value_parser = super::name_and_value)]
    pub(super) attributes: Vec<(String, String)>,
    /// Where it is to be posted, one of acs_urls [default: the first]
    #[arg(long, value_name = "URL")]
    pub(super) acs_url: Option<String>,
}

/// A context assertion, which only the server that made it reads.
#[derive(Debug, Args)]
#[command(after_help = CONTEXT_HELP)]
pub(super) struct ContextOptions {
    /// The user's id in the identity store, such as 544894e8-80c1-707f-60e3-3ba6510dfac1
    #[arg(long, value_name = "UUID")]
    pub(super) user_id: String,
    /// What a session is to know the user for
    #[arg(long, value_enum, default_value_t = Kind::Identity)]
    pub(super) kind: Kind,
    /// The identity store [default: arn:aws:identitystore::ACCOUNT:identitystore/d-1234567890]
    #[arg(long, value_name = "ARN")]
    pub(super) identity_store_arn: Option<String>,
    /// The instance [default: arn:aws:sso:::instance/ssoins-1234567890abcdef]
    #[arg(long, value_name = "ARN")]
    pub(super) instance_arn: Option<String>,
    /// The application [default: one of the instance, with the id apl-1234567890abcdef]
    #[arg(long, value_name = "ARN")]
    pub(super) application_arn: Option<String>,
    /// The server that is to read it
    #[arg(
        long,
        value_name = "URL",
        env = "AWS_ENDPOINT_URL",
        default_value = "http://127.0.0.1:4566"
    )]
    pub(super) endpoint: String,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
}

/// The claim of IAM Identity Center's ID token that it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Kind {
    /// sts:identity_context: to decide by, and for logs
    Identity,
    /// sts:audit_context: for logs alone
    Audit,
}

/// The form of what is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// The assertion alone
    Text,
    /// With all that it says
    Json,
}

const CONTEXT_HELP: &str = r#"Try it: a role that may be assumed on behalf of one user alone, while the server runs:
  eval "$(daypass env)"
  aws iam create-role --role-name reader --assume-role-policy-document '{"Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Action": ["sts:AssumeRole", "sts:SetContext"],
    "Principal": {"AWS": "arn:aws:iam::000000000000:root"}, "Condition": {"StringEquals":
    {"sts:RequestContext/identitystore:UserId": "544894e8-80c1-707f-60e3-3ba6510dfac1"}}}}'
  context=$(daypass idp context --user-id 544894e8-80c1-707f-60e3-3ba6510dfac1)
  aws sts assume-role --role-arn arn:aws:iam::000000000000:role/reader --role-session-name app \
    --provided-contexts \
    "ProviderArn=arn:aws:iam::aws:contextProvider/IdentityCenter,ContextAssertion=$context"

The session's requests have the condition keys identitystore:UserId and identitystore:IdentityStoreArn,
and the audit log names the user in onBehalfOf. With the kind identity, AWS's managed policy
AWSIAMIdentityCenterAllowListForIdentityContext bounds the session: it may call the services that know
about users (Athena, Glue, Lake Formation, S3 Access Grants, Amazon Q, ...), and of STS and IAM only
GetCallerIdentity.

An assertion is good for an hour. Or over HTTP, in any language:
  curl http://127.0.0.1:4566/_daypass/context-assertions \
    -d '{"userId": "544894e8-80c1-707f-60e3-3ba6510dfac1", "kind": "audit"}'"#;

const IDP_HELP: &str = r#"Try it: the server and the identity provider, both from one file, daypass.toml:
  [idp]
  key_file = "idp-key.pem"
  users = [{ name = "alice", password = "secret", tags = { team = "red" } }]
  clients = [{ id = "my-app", secret = "also-secret" }]

  daypass --config daypass.toml          # or, in a process of its own, daypass idp --config …

In a second shell, with a role that trusts the provider:
  eval "$(daypass env)"
  aws iam create-open-id-connect-provider --url http://127.0.0.1:4580 --client-id-list my-app
  aws iam create-role --role-name dev --assume-role-policy-document '{"Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Action": ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"],
    "Principal": {"Federated": "arn:aws:iam::000000000000:oidc-provider/127.0.0.1:4580"}}}'
  aws sts assume-role-with-web-identity --role-arn arn:aws:iam::000000000000:role/dev \
    --role-session-name alice \
    --web-identity-token "$(daypass idp token --config daypass.toml --user alice)"

Or a program asks for the token, as of any provider:
  curl -u my-app:also-secret http://127.0.0.1:4580/token \
    -d grant_type=password -d username=alice -d password=secret

Without a file there is the user alice with the password alice, and the client daypass with the secret
daypass. A user may have: name, password, claims, tags, transitive_tag_keys, source_identity, and for
SAML roles and attributes; a client: id, secret, redirect_uris, claims. [idp.saml] has entity_id,
acs_urls, audience. For SAML, register what daypass idp metadata prints with create-saml-provider.

Claims and attributes that are configured replace those of the protocol, exp and aud among them: so
whatever should be refused can be tried, too."#;
