use std::fs;
use std::path::Path;

use serde_json::Value;

/// Requests for the operations of a service, made from the service's model.
#[derive(Debug)]
pub struct Samples {
    model: Value,
}

/// How much of an operation's input a sample has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filling {
    /// Every parameter.
    Full,
    /// The required parameters, each whole.
    Bare,
    /// No parameter.
    Empty,
}

impl Samples {
    /// Of `iam` or `sts`.
    #[must_use]
    pub fn of(service: &str) -> Self {
        let file = format!("../fixtures/models/{service}.json");
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        Self { model: serde_json::from_slice(&fs::read(path).unwrap()).unwrap() }
    }

    /// The form of a call of an operation. The same names and ARNs stand in all of them.
    #[must_use]
    pub fn form(&self, operation: &str, filling: Filling) -> String {
        encoded(&self.pairs(operation, filling))
    }

    /// The names and values of that form.
    #[must_use]
    pub fn pairs(&self, operation: &str, filling: Filling) -> Vec<(String, String)> {
        let version = self.model["api_version"].as_str().unwrap();
        let mut form = Form { samples: self, operation, pairs: Vec::new() };
        form.pair("Action", operation);
        form.pair("Version", version);
        if let Some(input) = self.model["operations"][operation]["input"].as_str() {
            form.structure("", input, filling);
        }
        form.pairs
    }

    fn shape(&self, name: &str) -> &Value {
        &self.model["shapes"][name]
    }
}

struct Form<'a> {
    samples: &'a Samples,
    operation: &'a str,
    pairs: Vec<(String, String)>,
}

impl Form<'_> {
    fn pair(&mut self, name: &str, value: &str) {
        self.pairs.push((name.to_owned(), value.to_owned()));
    }

    fn structure(&mut self, prefix: &str, shape: &str, filling: Filling) {
        let samples = self.samples;
        for member in samples.shape(shape)["members"].as_array().unwrap() {
            let is_wanted = match filling {
                Filling::Full => true,
                Filling::Bare => member["required"] == true,
                Filling::Empty => false,
            };
            if is_wanted {
                let (name, shape) = (text(&member["name"]), text(&member["shape"]));
                self.value(&format!("{prefix}{name}"), name, shape);
            }
        }
    }

    /// `at` is the whole name of the parameter, `member` the last member in it.
    fn value(&mut self, at: &str, member: &str, shape: &str) {
        let facts = self.samples.shape(shape);
        match text(&facts["type"]) {
            "structure" => self.structure(&format!("{at}."), shape, Filling::Full),
            "list" => self.value(&format!("{at}.member.1"), member, text(&facts["member"])),
            "map" => {
                let entry = format!("{at}.entry.1");
                self.value(&format!("{entry}.key"), &format!("{member}.key"), text(&facts["key"]));
                self.value(&format!("{entry}.value"), "", text(&facts["value"]));
            }
            "boolean" => self.pair(at, "true"),
            "integer" => self.pair(at, &facts["min"].as_i64().unwrap_or(1).max(1).to_string()),
            _ => {
                let value = self.text(member, facts);
                self.pair(at, &value);
            }
        }
    }

    fn text(&self, member: &str, facts: &Value) -> String {
        let own = format!("{}.{member}", self.operation);
        let given = |name: &str| VALUES.iter().find(|(known, _)| *known == name);
        if let Some((_, value)) = given(&own).or_else(|| given(member)) {
            return (*value).to_owned();
        }
        match facts["enum"].get(0) {
            Some(word) => text(word).to_owned(),
            None => "a".repeat(facts["min"].as_u64().unwrap_or(1).max(1).try_into().unwrap()),
        }
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("a text, not {value}"))
}

/// Names and values as a form.
#[must_use]
pub fn encoded(pairs: &[(String, String)]) -> String {
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
    let escape = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let pairs: Vec<_> =
        pairs.iter().map(|(name, value)| format!("{name}={}", escape(value))).collect();
    pairs.join("&")
}

/// What the samples say for the parameters of these names; `Operation.Parameter` comes before
/// `Parameter`. All others are letters.
const VALUES: [(&str, &str); 74] = [
    ("AWSServiceName", "ecs.amazonaws.com"),
    ("AccessKeyId", "AKIAALICE00000000000"),
    ("AccountAlias", "our-team"),
    ("ActionNames", "sts:AssumeRole"),
    ("Arn", "arn:aws:iam::123456789012:role/team/deploy"),
    ("AssumeRolePolicyDocument", TRUST),
    ("AuthenticationCode1", "123456"),
    ("AuthenticationCode2", "654321"),
    ("CallerArn", "arn:aws:iam::123456789012:user/team/alice"),
    ("CertificateId", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"),
    ("ContextKeyName", "aws:SourceIp"),
    ("CreatePolicy.PolicyName", "limits"),
    ("CreateSAMLProvider.Name", "idp"),
    ("DeletionTaskId", "task/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS/1f0c"),
    ("EntityArn", "arn:aws:iam::123456789012:delegation-request/aaaaaaaaaaaaaaaa"),
    ("EntityPath", "o-a1b2c3d4e5/r-f6g7"),
    ("ExternalId", "x-1"),
    ("GetFederationToken.Name", "carol"),
    ("GetFederationToken.arn", "arn:aws:iam::123456789012:policy/team/limits"),
    ("GroupName", "staff"),
    ("InstanceProfileName", "web"),
    ("Key", "stage"),
    ("JobId", "74b4bb8f-ef21-ed9c-7273-1114908d4198"),
    ("NewGroupName", "people"),
    ("NewPath", "/other/"),
    ("NewServerCertificateName", "shop"),
    ("NewUserName", "alicia"),
    ("NotificationChannel", "arn:aws:sns:eu-west-1:210987654321:requests"),
    ("OpenIDConnectProviderArn", "arn:aws:iam::123456789012:oidc-provider/id.example.com"),
    ("OrganizationsPolicyId", "p-a1b2c3d4"),
    ("OwnerAccountId", "123456789012"),
    ("OwnerId", "arn:aws:iam::123456789012:user/team/alice"),
    ("Path", "/team/"),
    ("PathPrefix", "/team/"),
    ("PermissionsBoundary", "arn:aws:iam::123456789012:policy/team/limits"),
    ("Policy", POLICY),
    ("PolicyArn", "arn:aws:iam::123456789012:policy/team/limits"),
    ("PolicyDocument", POLICY),
    ("PolicyInputList", ABOUT_CALLER),
    ("PolicyName", "extra"),
    ("PolicySourceArn", "arn:aws:iam::123456789012:user/team/alice"),
    ("PolicyTemplateArn", "arn:aws:iam::123456789012:policy/team/limits"),
    ("PrincipalArn", "arn:aws:iam::123456789012:saml-provider/idp"),
    ("Properties.key", "RoleManager/Enabled"),
    ("ProviderArn", "arn:aws:iam::aws:contextProvider/IdentityCenter"),
    ("RedirectUrl", "https://example.com/"),
    ("RemovePrivateKey", "ABCDEFGHIJKLMNOPQRSTUV"),
    ("ResourceArns", "arn:aws:iam::123456789012:role/team/deploy"),
    ("ResourceOwner", "arn:aws:iam::123456789012:root"),
    ("RoleArn", "arn:aws:iam::123456789012:role/team/deploy"),
    ("RoleName", "deploy"),
    ("RoleSessionName", "session"),
    ("SAMLProviderArn", "arn:aws:iam::123456789012:saml-provider/idp"),
    ("SSHPublicKeyId", "APKA1234567890EXAMPL"),
    ("SerialNumber", "arn:aws:iam::123456789012:mfa/alice"),
    ("ServerCertificateName", "web"),
    ("ServiceName", "codecommit.amazonaws.com"),
    ("ServiceSpecificCredentialId", "ACCA1234567890EXAMPLE"),
    ("ServiceNamespaces", "iam"),
    ("SigningAlgorithm", "RS256"),
    ("SourceIdentity", "alice"),
    ("TagKeys", "stage"),
    ("TargetPrincipal", "210987654321"),
    ("TemplateArn", "arn:aws:iam::aws:role-template/iam.amazonaws.com/PowerUserRoleTemplate:1"),
    ("ThumbprintList", "990f4193972f2becf12ddeda5237f9c952f20d9e"),
    // What an authenticator shows at the epoch of the seed `JBSWY3DPEHPK3PXP`.
    ("TokenCode", "282760"),
    ("TransitiveTagKeys", "stage"),
    ("UploadServerCertificate.ServerCertificateName", "shop"),
    ("Url", "https://id.example.com"),
    ("UserName", "alice"),
    ("Value", "test"),
    ("VersionId", "v1"),
    ("VirtualMFADeviceName", "alice"),
    ("arn", "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"),
];

const POLICY: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:GetUser","Resource":"*"}}"#;
/// What it allows depends on who calls.
const ABOUT_CALLER: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*","Condition":{"StringLike":{"aws:userid":"*"}}}}"#;
const TRUST: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}}"#;
