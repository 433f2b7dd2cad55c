use daypass_policy::lint::{KeyFacts, KeyType, Vocabulary};

/// A few services with a few names, like AWS's.
pub(crate) struct Small;

struct Action {
    service: &'static str,
    name: &'static str,
    arns: &'static [&'static str],
    keys: &'static [&'static str],
}

const fn action(
    service: &'static str,
    name: &'static str,
    arns: &'static [&'static str],
    keys: &'static [&'static str],
) -> Action {
    Action { service, name, arns, keys }
}

const USER: &[&str] = &["arn:${Partition}:iam::${Account}:user/${UserNameWithPath}"];
const ROLE: &[&str] = &["arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}"];
const BUCKET: &[&str] = &["arn:${Partition}:s3:::${BucketName}"];
const OBJECT: &[&str] = &["arn:${Partition}:s3:::${BucketName}/${ObjectName}"];
const TAGS: &[&str] = &["aws:RequestTag/", "aws:TagKeys"];

const ACTIONS: &[Action] = &[
    action("iam", "CreateUser", USER, TAGS),
    action("iam", "GetUser", USER, &[]),
    action("iam", "ListUsers", &[], &[]),
    action("iam", "PassRole", ROLE, &["iam:PassedToService"]),
    action("s3", "GetObject", OBJECT, &["s3:ExistingObjectTag/"]),
    action("s3", "ListAllMyBuckets", &[], &[]),
    action("s3", "ListBucket", BUCKET, &["s3:prefix", "s3:max-keys"]),
    action("s3", "PutObject", OBJECT, &["s3:ExistingObjectTag/"]),
    action("sts", "AssumeRole", ROLE, &["sts:ExternalId"]),
    action("sts", "AssumeRoleWithSAML", ROLE, &["saml:aud"]),
    action("sts", "AssumeRoleWithWebIdentity", ROLE, &["accounts.google.com:aud"]),
    action("sts", "TagSession", ROLE, &["sts:TransitiveTagKeys"]),
];

const fn key(name: &'static str, value_type: KeyType, multivalued: bool) -> KeyFacts<'static> {
    KeyFacts { name, value_type, multivalued }
}

const GLOBAL: &[KeyFacts<'static>] = &[
    key("aws:CurrentTime", KeyType::Date, false),
    key("aws:EpochTime", KeyType::Date, false),
    key("aws:MultiFactorAuthAge", KeyType::Numeric, false),
    key("aws:MultiFactorAuthPresent", KeyType::Bool, false),
    key("aws:PrincipalArn", KeyType::Arn, false),
    key("aws:PrincipalOrgPaths", KeyType::Text, true),
    key("aws:PrincipalTag/${TagKey}", KeyType::Text, false),
    key("aws:RequestTag/${TagKey}", KeyType::Text, false),
    key("aws:SourceIp", KeyType::Ip, false),
    key("aws:SourceVpcArn", KeyType::Text, false),
    key("aws:TagKeys", KeyType::Text, true),
    key("aws:userid", KeyType::Text, false),
    key("aws:username", KeyType::Text, false),
];

const OF_SERVICES: &[(&str, KeyFacts<'static>)] = &[
    ("iam", key("aws:TagKeys", KeyType::Text, true)),
    ("iam", key("aws:RequestTag/${TagKey}", KeyType::Text, false)),
    ("iam", key("iam:PassedToService", KeyType::Text, false)),
    ("s3", key("s3:ExistingObjectTag/${key}", KeyType::Text, false)),
    ("s3", key("s3:max-keys", KeyType::Numeric, false)),
    ("s3", key("s3:prefix", KeyType::Text, false)),
    ("sts", key("accounts.google.com:aud", KeyType::Text, false)),
    ("sts", key("saml:aud", KeyType::Text, false)),
    ("sts", key("sts:ExternalId", KeyType::Text, false)),
    ("sts", key("sts:TransitiveTagKeys", KeyType::Text, true)),
];

impl Vocabulary for Small {
    fn services(&self) -> Vec<&str> {
        vec!["iam", "s3", "sts"]
    }

    fn actions(&self, service: &str) -> Option<Vec<&str>> {
        let of_service = |action: &&Action| action.service.eq_ignore_ascii_case(service);
        let names: Vec<_> = ACTIONS.iter().filter(of_service).map(|action| action.name).collect();
        (!names.is_empty()).then_some(names)
    }

    fn resource_arns(&self, service: &str, name: &str) -> Vec<&str> {
        find(service, name).map(|action| action.arns.to_vec()).unwrap_or_default()
    }

    fn carries(&self, service: &str, name: &str, key: &str) -> bool {
        find(service, name).is_some_and(|action| {
            action.keys.iter().any(|known| match known.strip_suffix('/') {
                Some(_) => key.to_lowercase().starts_with(&known.to_lowercase()),
                None => known.eq_ignore_ascii_case(key),
            })
        })
    }

    fn service_key(&self, service: &str, key: &str) -> Option<KeyFacts<'_>> {
        let of_service = |(known, _): &&(&str, _)| known.eq_ignore_ascii_case(service);
        OF_SERVICES.iter().filter(of_service).map(|(_, facts)| *facts).find(|f| covers(f, key))
    }

    fn global_key(&self, key: &str) -> Option<KeyFacts<'_>> {
        GLOBAL.iter().copied().find(|facts| covers(facts, key))
    }

    fn key_names(&self, service: &str) -> Vec<&str> {
        if service.is_empty() {
            return GLOBAL.iter().map(|facts| facts.name).collect();
        }
        OF_SERVICES.iter().filter(|(s, _)| *s == service).map(|(_, facts)| facts.name).collect()
    }

    fn is_multivalued(&self, key: &str) -> bool {
        key.ends_with(":amr")
    }

    fn is_service_principal(&self, name: &str) -> bool {
        SERVICES.contains(&name)
    }

    fn service_principals(&self) -> Vec<&str> {
        SERVICES.to_vec()
    }
}

const SERVICES: [&str; 3] =
    ["ec2.amazonaws.com", "ecs-tasks.amazonaws.com", "lambda.amazonaws.com"];

fn find(service: &str, name: &str) -> Option<&'static Action> {
    ACTIONS.iter().find(|action| {
        action.service.eq_ignore_ascii_case(service) && action.name.eq_ignore_ascii_case(name)
    })
}

fn covers(facts: &KeyFacts<'_>, key: &str) -> bool {
    match facts.name.split_once("${") {
        Some((start, _)) => {
            key.len() > start.len() && key.to_lowercase().starts_with(&start.to_lowercase())
        }
        None => facts.name.eq_ignore_ascii_case(key),
    }
}
