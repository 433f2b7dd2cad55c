//! The operations of the property test, in a world so small that they meet.

use std::sync::LazyLock;

use proptest::bool::weighted;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

/// An operation with its parameters.
#[derive(Debug, Clone)]
pub(super) enum Operation {
    CreateUser { name: Name, path: Path, boundary: Option<PolicyRef>, tags: Tags },
    UpdateUser { name: Name, new_name: Option<Name>, new_path: Option<Path> },
    DeleteUser { name: Name },
    CreateGroup { name: Name, path: Path },
    UpdateGroup { name: Name, new_name: Option<Name>, new_path: Option<Path> },
    DeleteGroup { name: Name },
    AddUserToGroup { group: Name, user: Name },
    RemoveUserFromGroup { group: Name, user: Name },
    CreateRole { name: Name, path: Path, trust: Trust, boundary: Option<PolicyRef>, tags: Tags },
    UpdateRole { name: Name, description: Option<&'static str>, seconds: Option<i32> },
    UpdateAssumeRolePolicy { name: Name, trust: Trust },
    DeleteRole { name: Name },
    PutInline { kind: Kind, name: Name, policy: Name, document: usize },
    DeleteInline { kind: Kind, name: Name, policy: Name },
    Attach { kind: Kind, name: Name, policy: PolicyRef },
    Detach { kind: Kind, name: Name, policy: PolicyRef },
    PutBoundary { kind: BoundedKind, name: Name, policy: PolicyRef },
    DeleteBoundary { kind: BoundedKind, name: Name },
    CreatePolicy { name: Name, path: Path, document: usize, tags: Tags },
    CreatePolicyVersion { policy: PolicyRef, document: usize, default: bool },
    SetDefaultPolicyVersion { policy: PolicyRef, version: u32 },
    DeletePolicyVersion { policy: PolicyRef, version: u32 },
    DeletePolicy { policy: PolicyRef },
    CreateInstanceProfile { name: Name, path: Path, tags: Tags },
    DeleteInstanceProfile { name: Name },
    AddRoleToInstanceProfile { profile: Name, role: Name },
    RemoveRoleFromInstanceProfile { profile: Name, role: Name },
    Tag { what: Tagged, tags: Tags },
    Untag { what: Tagged, keys: Vec<String> },
    CreateAccessKey { user: Name },
    UpdateAccessKey { user: Name, key: usize, active: bool },
    DeleteAccessKey { user: Name, key: usize },
    CreateLoginProfile { user: Name, password: &'static str, reset: Option<bool> },
    UpdateLoginProfile { user: Name, password: Option<&'static str>, reset: Option<bool> },
    DeleteLoginProfile { user: Name },
}

pub(super) type Name = &'static str;
pub(super) type Path = &'static str;
pub(super) type Tags = Vec<(String, String)>;

/// What holds policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    User,
    Group,
    Role,
}

/// What can have a permissions boundary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BoundedKind {
    User,
    Role,
}

/// What can have tags.
#[derive(Debug, Clone)]
pub(super) enum Tagged {
    User(Name),
    Role(Name),
    Policy(PolicyRef),
    InstanceProfile(Name),
}

/// A managed policy, there or not.
#[derive(Debug, Clone)]
pub(super) enum PolicyRef {
    Own {
        name: Name,
        path: Path,
    },
    Aws(usize),
    /// AWS's, for service-linked roles only.
    ServiceLinked,
}

impl PolicyRef {
    pub(super) fn arn(&self) -> String {
        match self {
            Self::Own { name, path } => format!("arn:aws:iam::{ACCOUNT}:policy{path}{name}"),
            Self::Aws(index) => AWS_POLICIES[*index].to_owned(),
            Self::ServiceLinked => SERVICE_LINKED.to_owned(),
        }
    }

    pub(super) fn is_aws(&self) -> bool {
        !matches!(self, Self::Own { .. })
    }
}

/// Whom a role trusts.
#[derive(Debug, Clone)]
pub(super) enum Trust {
    Ec2,
    /// A user by its ARN, there or not.
    User {
        name: Name,
        path: Path,
    },
}

impl Trust {
    pub(super) fn document(&self) -> String {
        let principal = match self {
            Self::Ec2 => r#"{"Service":"ec2.amazonaws.com"}"#.to_owned(),
            Self::User { name, path } => format!(r#"{{"AWS":"{}"}}"#, user_arn(path, name)),
        };
        format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{principal},"Action":"sts:AssumeRole"}}]}}"#
        )
    }
}

pub(super) fn user_arn(path: &str, name: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:user{path}{name}")
}

/// A few dozen operations, most of them on what the first ones make. Some are one after the other what leads to a
/// quota.
pub(super) fn sequence() -> impl Strategy<Value = Vec<Operation>> {
    let one = operation().prop_map(|operation| vec![operation]);
    let parts = prop_oneof![
        50 => one,
        10 => there_and_back(),
        1 => many_groups(),
        1 => many_attachments(),
        1 => many_tags(),
        1 => many_versions(),
        1 => many_inline_policies(),
    ];
    (furniture(), vec(parts, 1..100)).prop_map(|(first, parts)| [first, parts.concat()].concat())
}

/// Most of an account with two of each kind.
fn furniture() -> impl Strategy<Value = Vec<Operation>> {
    let all: Vec<_> = ["ann", "an_n"].into_iter().flat_map(one_of_each).collect();
    vec(weighted(0.9), all.len()).prop_map(move |chosen| {
        let chosen = all.iter().zip(chosen).filter(|(_, is_chosen)| *is_chosen);
        chosen.map(|(operation, _)| operation.clone()).collect()
    })
}

fn one_of_each(name: Name) -> [Operation; 5] {
    let (path, boundary, trust) = ("/", None, Trust::Ec2);
    [
        Operation::CreateUser { name, path, boundary, tags: Vec::new() },
        Operation::CreateGroup { name, path },
        Operation::CreateRole { name, path, trust, boundary: None, tags: Vec::new() },
        Operation::CreatePolicy { name, path, document: 0, tags: Vec::new() },
        Operation::CreateInstanceProfile { name, path, tags: Vec::new() },
    ]
}

fn operation() -> impl Strategy<Value = Operation> {
    use Operation as O;
    let users = prop_oneof![
        4 => (name(), path(), boundary(), tags())
            .prop_map(|(name, path, boundary, tags)| O::CreateUser { name, path, boundary, tags }),
        2 => (name(), option::of(name()), option::of(path()))
            .prop_map(|(name, new_name, new_path)| O::UpdateUser { name, new_name, new_path }),
        2 => name().prop_map(|name| O::DeleteUser { name }),
    ];
    let groups = prop_oneof![
        3 => (name(), path()).prop_map(|(name, path)| O::CreateGroup { name, path }),
        1 => (name(), option::of(name()), option::of(path()))
            .prop_map(|(name, new_name, new_path)| O::UpdateGroup { name, new_name, new_path }),
        2 => name().prop_map(|name| O::DeleteGroup { name }),
        4 => (name(), name()).prop_map(|(group, user)| O::AddUserToGroup { group, user }),
        2 => (name(), name()).prop_map(|(group, user)| O::RemoveUserFromGroup { group, user }),
    ];
    let roles = prop_oneof![
        4 => (name(), path(), trust(), boundary(), tags()).prop_map(
            |(name, path, trust, boundary, tags)| O::CreateRole { name, path, trust, boundary, tags }
        ),
        1 => (name(), option::of(select(&["one", "two"][..])), option::of(select(&[3600, 7200][..])))
            .prop_map(|(name, description, seconds)| O::UpdateRole { name, description, seconds }),
        1 => (name(), trust()).prop_map(|(name, trust)| O::UpdateAssumeRolePolicy { name, trust }),
        2 => name().prop_map(|name| O::DeleteRole { name }),
    ];
    let held = prop_oneof![
        3 => (kind(), name(), inline_name(), 0..DOCUMENTS.len()).prop_map(
            |(kind, name, policy, document)| O::PutInline { kind, name, policy, document }
        ),
        2 => (kind(), name(), inline_name())
            .prop_map(|(kind, name, policy)| O::DeleteInline { kind, name, policy }),
        4 => (kind(), name(), policy_ref())
            .prop_map(|(kind, name, policy)| O::Attach { kind, name, policy }),
        3 => (kind(), name(), policy_ref())
            .prop_map(|(kind, name, policy)| O::Detach { kind, name, policy }),
        2 => (bounded_kind(), name(), policy_ref())
            .prop_map(|(kind, name, policy)| O::PutBoundary { kind, name, policy }),
        1 => (bounded_kind(), name()).prop_map(|(kind, name)| O::DeleteBoundary { kind, name }),
    ];
    let policies = prop_oneof![
        4 => (name(), path(), 0..DOCUMENTS.len(), tags()).prop_map(
            |(name, path, document, tags)| O::CreatePolicy { name, path, document, tags }
        ),
        5 => (policy_ref(), 0..DOCUMENTS.len(), any::<bool>()).prop_map(
            |(policy, document, default)| O::CreatePolicyVersion { policy, document, default }
        ),
        2 => (policy_ref(), 1..7_u32)
            .prop_map(|(policy, version)| O::SetDefaultPolicyVersion { policy, version }),
        2 => (policy_ref(), 1..7_u32)
            .prop_map(|(policy, version)| O::DeletePolicyVersion { policy, version }),
        2 => policy_ref().prop_map(|policy| O::DeletePolicy { policy }),
    ];
    let profiles = prop_oneof![
        3 => (name(), path(), tags())
            .prop_map(|(name, path, tags)| O::CreateInstanceProfile { name, path, tags }),
        1 => name().prop_map(|name| O::DeleteInstanceProfile { name }),
        3 => (name(), name())
            .prop_map(|(profile, role)| O::AddRoleToInstanceProfile { profile, role }),
        2 => (name(), name())
            .prop_map(|(profile, role)| O::RemoveRoleFromInstanceProfile { profile, role }),
    ];
    let all_tags = prop_oneof![
        2 => (tagged(), tags()).prop_map(|(what, tags)| O::Tag { what, tags }),
        1 => (tagged(), vec(tag_key(), 1..3)).prop_map(|(what, keys)| O::Untag { what, keys }),
    ];
    let credentials = prop_oneof![
        4 => name().prop_map(|user| O::CreateAccessKey { user }),
        2 => (name(), 0..4_usize, any::<bool>())
            .prop_map(|(user, key, active)| O::UpdateAccessKey { user, key, active }),
        2 => (name(), 0..4_usize).prop_map(|(user, key)| O::DeleteAccessKey { user, key }),
        2 => (name(), password(), option::of(any::<bool>())).prop_map(
            |(user, password, reset)| O::CreateLoginProfile { user, password, reset }
        ),
        1 => (name(), option::of(password()), option::of(any::<bool>())).prop_map(
            |(user, password, reset)| O::UpdateLoginProfile { user, password, reset }
        ),
        1 => name().prop_map(|user| O::DeleteLoginProfile { user }),
    ];
    // In boxes, since what is generated is large on the stack.
    prop_oneof![
        4 => users.boxed(), 4 => groups.boxed(), 3 => roles.boxed(), 5 => held.boxed(),
        5 => policies.boxed(), 3 => profiles.boxed(), 2 => all_tags.boxed(), 3 => credentials.boxed(),
    ]
}

/// What is done and undone, if it can be done at all.
fn there_and_back() -> impl Strategy<Value = Vec<Operation>> {
    use Operation as O;
    (kind(), bounded_kind(), name(), name(), policy_ref(), 0..5_usize).prop_map(
        |(kind, bounded, name, other, policy, which)| match which {
            0 => vec![
                O::Attach { kind, name, policy: policy.clone() },
                O::Detach { kind, name, policy },
            ],
            1 => vec![
                O::PutInline { kind, name, policy: INLINE_NAMES[0], document: 0 },
                O::DeleteInline { kind, name, policy: INLINE_NAMES[0] },
            ],
            2 => vec![
                O::PutBoundary { kind: bounded, name, policy },
                O::DeleteBoundary { kind: bounded, name },
            ],
            3 => vec![
                O::AddRoleToInstanceProfile { profile: name, role: other },
                O::RemoveRoleFromInstanceProfile { profile: name, role: other },
            ],
            _ => vec![
                O::AddUserToGroup { group: name, user: other },
                O::RemoveUserFromGroup { group: name, user: other },
            ],
        },
    )
}

/// One user in so many groups.
fn many_groups() -> impl Strategy<Value = Vec<Operation>> {
    (name(), 0..=GROUPS.len()).prop_map(|(user, count)| {
        let create = |name: &Name| Operation::CreateGroup { name, path: "/" };
        let add = |group: &Name| Operation::AddUserToGroup { group, user };
        GROUPS[..count].iter().flat_map(|name| [create(name), add(name)]).collect()
    })
}

/// So many of AWS's policies attached to one.
fn many_attachments() -> impl Strategy<Value = Vec<Operation>> {
    (kind(), name(), 0..=AWS_POLICIES.len()).prop_map(|(kind, name, count)| {
        let attach = |index| Operation::Attach { kind, name, policy: PolicyRef::Aws(index) };
        (0..count).map(attach).collect()
    })
}

/// So many tags at once, and as many again that are partly the same.
fn many_tags() -> impl Strategy<Value = Vec<Operation>> {
    (tagged(), 0..=50_usize).prop_map(|(what, count)| {
        let tags = |first: usize| {
            (first..first + count).map(|number| (format!("k{number}"), String::new())).collect()
        };
        let again = Operation::Tag { what: what.clone(), tags: tags(20) };
        vec![Operation::Tag { what, tags: tags(0) }, again]
    })
}

/// So many versions of a policy.
fn many_versions() -> impl Strategy<Value = Vec<Operation>> {
    (policy_ref(), 0..6_usize).prop_map(|(policy, count)| {
        let version = Operation::CreatePolicyVersion { policy, document: 1, default: true };
        vec![version; count]
    })
}

/// As many as there are names for, each as large as can be.
fn many_inline_policies() -> impl Strategy<Value = Vec<Operation>> {
    (kind(), name(), 0..=INLINE_NAMES.len()).prop_map(|(kind, name, count)| {
        let document = DOCUMENTS.len() - 1;
        let put = |policy: &Name| Operation::PutInline { kind, name, policy, document };
        INLINE_NAMES[..count].iter().map(put).collect()
    })
}

/// Three names, two of them in two cases. Their order is not that of the letters in lower case.
fn name() -> impl Strategy<Value = Name> {
    prop_oneof![
        8 => Just("ann"),
        4 => Just("an_n"),
        2 => Just("Ann"),
        1 => Just("AN_N"),
        1 => Just("bob"),
    ]
}

fn path() -> impl Strategy<Value = Path> {
    prop_oneof![5 => Just("/"), 1 => Just("/x/")]
}

/// The case of the names of inline policies counts; that is a choice of ours.
fn inline_name() -> impl Strategy<Value = Name> {
    select(&INLINE_NAMES[..])
}

fn policy_ref() -> impl Strategy<Value = PolicyRef> {
    prop_oneof![
        8 => (name(), path()).prop_map(|(name, path)| PolicyRef::Own { name, path }),
        2 => (0..3_usize).prop_map(PolicyRef::Aws),
        1 => Just(PolicyRef::ServiceLinked),
    ]
}

fn boundary() -> impl Strategy<Value = Option<PolicyRef>> {
    option::weighted(0.2, policy_ref())
}

fn trust() -> impl Strategy<Value = Trust> {
    prop_oneof![
        Just(Trust::Ec2),
        (name(), path()).prop_map(|(name, path)| Trust::User { name, path }),
    ]
}

fn kind() -> impl Strategy<Value = Kind> {
    select(&[Kind::User, Kind::Group, Kind::Role][..])
}

fn bounded_kind() -> impl Strategy<Value = BoundedKind> {
    select(&[BoundedKind::User, BoundedKind::Role][..])
}

fn tagged() -> impl Strategy<Value = Tagged> {
    prop_oneof![
        name().prop_map(Tagged::User),
        name().prop_map(Tagged::Role),
        policy_ref().prop_map(Tagged::Policy),
        name().prop_map(Tagged::InstanceProfile),
    ]
}

fn tags() -> impl Strategy<Value = Tags> {
    let value = select(&["1", "2"][..]).prop_map(str::to_owned);
    vec((tag_key(), value), 0..3)
}

fn tag_key() -> impl Strategy<Value = String> {
    let keys = prop_oneof![
        10 => select(&["team", "Team", "env"][..]),
        1 => Just("AWS:team"),
    ];
    keys.prop_map(str::to_owned)
}

fn password() -> impl Strategy<Value = &'static str> {
    select(&[GOOD_PASSWORD, BAD_PASSWORD][..])
}

pub(super) const GOOD_PASSWORD: &str = "Password1";
pub(super) const BAD_PASSWORD: &str = "password";
pub(super) const ACCOUNT: &str = "000000000000";

const INLINE_NAMES: [Name; 3] = ["p", "q", "P"];

/// One more than a user may be in.
const GROUPS: [Name; 11] = ["g0", "g1", "g2", "g3", "g4", "g5", "g6", "g7", "g8", "g9", "g10"];

/// One more than a role may have.
pub(super) static AWS_POLICIES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let policies = daypass_catalog::managed_policies().iter();
    policies.filter(|policy| policy.path == "/").map(|policy| policy.arn).take(21).collect()
});

pub(super) const SERVICE_LINKED: &str =
    "arn:aws:iam::aws:policy/aws-service-role/AWSSupportServiceRolePolicy";

/// Two of the last are more than a user's inline policies may have.
pub(super) static DOCUMENTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let document = |resource: &str| {
        format!(
            r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"s3:*","Resource":"{resource}"}}}}"#
        )
    };
    vec![
        document("*"),
        document("arn:aws:s3:::b"),
        document(&format!("arn:aws:s3:::{}", "c".repeat(1000))),
    ]
});
