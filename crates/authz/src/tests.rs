//! Authorisation from the outside: a caller, the policies that bind them, an operation that needs
//! something, and AWS's answer.

use std::sync::Arc;

use aws_smithy_types::DateTime;
use daypass_ident::{
    AccessKeyId, AccessKeyKind, AccountId, Arn, IdKind, Principal, SystemClock, SystemIds, UniqueId,
};
use daypass_model::sts::{GetCallerIdentityInput, GetCallerIdentityOutput};
use daypass_model::{ErrorShape, Operation, Service, ServiceError};
use daypass_state::record::{
    AccessKeyRecord, GroupRecord, HeldPolicies, KeyOwner, KeyStatus, RoleRecord, Tags, UserRecord,
};
use daypass_state::{Caller, Directory, Draft, State, Tx, WellKnownKeys};
use daypass_store::MemoryStore;
use daypass_token::{KeyRing, Mfa, SessionClaims, SessionPolicies};
use serde_json::{Value, json};

use crate::{Call, Departures, Env, Guarded, Handle, Origin, Permitted, Scope, Targets, authorise};

const NOW: i64 = 1_800_000_000;
const ALICE: &str = "arn:aws:iam::123456789012:user/staff/alice";
const ROLE: &str = "arn:aws:sts::123456789012:assumed-role/deploy/s1";

#[tokio::test]
async fn an_operation_that_names_no_target_is_refused_to_all_but_those_it_opens_itself_to() {
    let world = World::new(Alice { inline: Some(allow_all()), ..Alice::default() }).await;
    for caller in [world.root(), world.alice()] {
        let error = world.ask::<NamesNothing>(caller).unwrap_err();
        assert_eq!(error.shape.code, "AccessDenied");
    }
    let denied = json!({ "Effect": "Deny", "Action": "*", "Resource": "*" });
    let world = World::new(Alice { inline: Some(denied), ..Alice::default() }).await;
    assert!(world.ask::<NeedsNothing>(world.alice()).is_ok());
}

#[tokio::test]
async fn denials_say_which_kind_of_policy_decided() {
    let deny = json!({ "Effect": "Deny", "Action": "iam:*", "Resource": "*" });
    let s3 = json!({ "Effect": "Allow", "Action": "s3:*", "Resource": "*" });
    let admin = || Some("arn:aws:iam::aws:policy/AdministratorAccess");
    let s3_only = Some("arn:aws:iam::aws:policy/AmazonS3FullAccess");
    let cases = [
        (Alice::default(), "because no identity-based policy allows the iam:CreateUser action"),
        (
            Alice { inline: Some(s3), ..Alice::default() },
            "because no identity-based policy allows the iam:CreateUser action",
        ),
        (
            Alice { inline: Some(deny.clone()), attached: admin(), ..Alice::default() },
            "with an explicit deny in an identity-based policy",
        ),
        (
            Alice { group: Some(deny), attached: admin(), ..Alice::default() },
            "with an explicit deny in an identity-based policy",
        ),
        (
            Alice { attached: admin(), boundary: s3_only, ..Alice::default() },
            "because no permissions boundary allows the iam:CreateUser action",
        ),
    ];
    for (alice, because) in cases {
        let world = World::new(alice).await;
        let error = world.ask::<CreatesUser>(world.alice()).unwrap_err();
        assert_eq!(error.shape.status, 403);
        assert_eq!(
            error.message.unwrap(),
            format!(
                "User: {ALICE} is not authorized to perform: iam:CreateUser on resource: \
                 arn:aws:iam::123456789012:user/carol {because}"
            )
        );
    }
}

#[tokio::test]
async fn what_a_denial_shows_may_differ_from_what_policies_are_matched_with() {
    let world = World::new(Alice::default()).await;
    let message = world.ask::<ListsUsers>(world.alice()).unwrap_err().message.unwrap();
    assert!(message.contains("on resource: arn:aws:iam::123456789012:user/ because"), "{message}");
    let message = world.ask::<Terse>(world.alice()).unwrap_err().message.unwrap();
    assert!(message.ends_with("on resource: arn:aws:iam::123456789012:role/x"), "{message}");

    let on_path = json!({
        "Effect": "Allow", "Action": "iam:ListUsers",
        "Resource": "arn:aws:iam::123456789012:user/*",
    });
    let world = World::new(Alice { inline: Some(on_path), ..Alice::default() }).await;
    assert!(world.ask::<ListsUsers>(world.alice()).is_err(), "a path is not everything");
}

#[tokio::test]
async fn every_way_to_hold_a_policy_grants() {
    let admin = Some("arn:aws:iam::aws:policy/AdministratorAccess");
    let cases = [
        Alice { inline: Some(allow_all()), ..Alice::default() },
        Alice { attached: admin, ..Alice::default() },
        Alice { group: Some(allow_all()), ..Alice::default() },
        Alice { group_attached: admin, ..Alice::default() },
        Alice { attached: admin, boundary: admin, ..Alice::default() },
    ];
    for alice in cases {
        let shown = format!("{alice:?}");
        let world = World::new(alice).await;
        assert!(world.ask::<CreatesUser>(world.alice()).is_ok(), "{shown}");
    }
}

#[tokio::test]
async fn what_cannot_be_understood_allows_nothing() {
    let gone = "arn:aws:iam::123456789012:policy/gone";
    let missing = Some(gone);
    let admin = Some("arn:aws:iam::aws:policy/AdministratorAccess");
    let cases = [
        Alice { raw_inline: Some("{ not a policy"), attached: admin, ..Alice::default() },
        Alice { attached: missing, inline: Some(allow_all()), ..Alice::default() },
        Alice { attached: admin, boundary: missing, ..Alice::default() },
    ];
    for alice in cases {
        let shown = format!("{alice:?}");
        let world = World::new(alice).await;
        assert!(world.ask::<CreatesUser>(world.alice()).is_err(), "{shown}");
    }
    let world = World::new(Alice::default()).await;
    for policies in [
        SessionPolicies { inline: Some("{".to_owned()), arns: Vec::new() },
        SessionPolicies { inline: None, arns: vec![gone.parse().unwrap()] },
        SessionPolicies::default(),
    ] {
        let shown = format!("{policies:?}");
        let session = world.role_session(|claims| claims.session_policies = Some(policies));
        assert!(world.ask::<CreatesUser>(session).is_err(), "{shown}");
    }
}

#[tokio::test]
async fn condition_keys_have_awss_values() {
    let text = |key: &str, value: &str| json!({ "StringEquals": { key: value } });
    let absent = |key: &str| json!({ "Null": { key: "true" } });
    let of_alice = [
        text("aws:PrincipalArn", ALICE),
        text("aws:PrincipalAccount", "123456789012"),
        text("aws:PrincipalType", "User"),
        text("aws:username", "alice"),
        text("aws:PrincipalTag/Team", "red"),
        text("aws:PrincipalTag/TEAM", "red"),
        json!({ "StringLike": { "aws:userid": "AIDA*" } }),
        absent("aws:PrincipalTag/absent"),
        absent("aws:TokenIssueTime"),
        absent("aws:MultiFactorAuthPresent"),
        json!({ "Bool": { "aws:PrincipalIsAWSService": "false", "aws:ViaAWSService": "false" } }),
        text("aws:RequestedRegion", "us-east-1"),
        json!({ "IpAddress": { "aws:SourceIp": "192.0.2.0/24" } }),
        json!({ "Bool": { "aws:SecureTransport": "false" } }),
        json!({ "DateEquals": { "aws:CurrentTime": "2027-01-15T08:00:00Z" } }),
        json!({ "NumericEquals": { "aws:EpochTime": "1800000000" } }),
        text("aws:UserAgent", "test/1.0"),
        absent("aws:Referer"),
        text("aws:ResourceAccount", "123456789012"),
        text("aws:RequestTag/stage", "prod"),
        text("aws:ResourceTag/owner", "me"),
        text("iam:ResourceTag/owner", "me"),
        json!({ "ForAllValues:StringEquals": { "aws:TagKeys": ["stage"] } }),
        absent("iam:NoSuchKey"),
    ];
    for condition in of_alice {
        let world = World::new(Alice { inline: Some(when(&condition)), ..Alice::default() }).await;
        assert!(world.ask::<CreatesUser>(world.alice()).is_ok(), "{condition}");
    }
    let of_session = [
        text("aws:PrincipalArn", "arn:aws:iam::123456789012:role/deploy"),
        text("aws:PrincipalType", "AssumedRole"),
        absent("aws:username"),
        text("aws:PrincipalTag/team", "of the session"),
        text("aws:PrincipalTag/kept", "of the role"),
        text("aws:SourceIdentity", "carol"),
        json!({ "DateEquals": { "aws:TokenIssueTime": "2027-01-15T07:58:20Z" } }),
        json!({ "Bool": { "aws:MultiFactorAuthPresent": "true" } }),
        json!({ "NumericEquals": { "aws:MultiFactorAuthAge": "100" } }),
        json!({ "StringLike": { "aws:userid": "AROA*:s1" } }),
    ];
    for condition in of_session {
        let world = World::with_role(when(&condition)).await;
        let session = world.role_session(|claims| {
            claims.tags = vec![("Team".to_owned(), "of the session".to_owned())];
            claims.source_identity = Some("carol".to_owned());
            claims.mfa = Some(Mfa { serial: "m".to_owned(), authenticated_at: NOW - 100 });
        });
        assert!(world.ask::<CreatesUser>(session).is_ok(), "{condition}");
    }
}

#[tokio::test]
async fn the_kind_of_a_session_limits_what_it_may_call() {
    let world = World::new(Alice { inline: Some(allow_all()), ..Alice::default() }).await;
    let invalid = "403 InvalidClientTokenId The security token included in the request is invalid.";
    let plain = world.user_session(|_| {});
    let with_code = world.user_session(|claims| {
        claims.mfa = Some(Mfa { serial: "m".to_owned(), authenticated_at: NOW });
    });
    let federated = world.user_session(|claims| {
        claims.issuer = Some(claims.principal.clone());
        claims.principal = Principal::FederatedUser { account: account(), name: "fed".into() };
        claims.session_policies =
            Some(SessionPolicies { inline: Some(document(allow_all())), arns: Vec::new() });
    });
    let role = World::with_role(allow_all()).await;
    let role_session = role.role_session(|_| {});

    assert_eq!(text(world.ask::<CreatesUser>(plain.clone())), invalid);
    assert_eq!(text(world.ask::<CreatesUser>(with_code.clone())), "allowed");
    assert_eq!(text(world.ask::<CreatesUser>(federated.clone())), invalid);
    assert_eq!(text(role.ask::<CreatesUser>(role_session.clone())), "allowed");
    for caller in [plain, with_code, federated] {
        assert_eq!(text(world.ask::<GetsCallerIdentity>(caller.clone())), "allowed");
        assert_eq!(text(world.ask::<GetsKeyInfo>(caller)), invalid);
    }
    assert_eq!(text(role.ask::<GetsKeyInfo>(role_session.clone())), "allowed");
    assert_eq!(
        text(role.ask::<GetsSessionToken>(role_session)),
        "403 AccessDenied Cannot call GetSessionToken with session credentials"
    );
}

#[tokio::test]
async fn root_may_what_no_policy_says() {
    let world = World::new(Alice::default()).await;
    assert!(world.ask::<CreatesUser>(world.root()).is_ok());
}

/// Operations that need something.
macro_rules! operation {
    ($name:ident, $operation:literal, $service:ident, |$scope:ident, $targets:ident| $body:expr) => {
        #[derive(Debug)]
        struct $name;

        impl Operation for $name {
            const NAME: &'static str = $operation;
            const SERVICE: Service = Service::$service;
            const HAS_RESULT: bool = true;
            const SIGNED: bool = true;
            const ERRORS: &'static [&'static ErrorShape] = &[];
            type Input = GetCallerIdentityInput;
            type Output = GetCallerIdentityOutput;
        }

        impl Guarded for $name {
            fn targets(
                _: &GetCallerIdentityInput,
                $scope: &Scope<'_>,
                $targets: &mut Targets,
            ) -> Result<(), ServiceError> {
                $body;
                Ok(())
            }
        }

        impl Handle for $name {
            fn run(_: &Permitted<Self>, _: &mut Tx) -> Result<Self::Output, ServiceError> {
                Ok(GetCallerIdentityOutput::default())
            }
        }
    };
}

operation!(NamesNothing, "NamesNothing", Iam, |_s, targets| {
    let _ = targets;
});
operation!(NeedsNothing, "NeedsNothing", Iam, |_s, targets| targets.need_no_permission());
operation!(GetsCallerIdentity, "GetCallerIdentity", Sts, |_s, targets| {
    targets.need_no_permission()
});
operation!(GetsSessionToken, "GetSessionToken", Sts, |_s, targets| targets.need_no_permission());
operation!(GetsKeyInfo, "GetAccessKeyInfo", Sts, |_s, targets| {
    targets.need_on_all("sts:GetAccessKeyInfo")
});
operation!(ListsUsers, "ListUsers", Iam, |_s, targets| {
    targets.need_on_all("iam:ListUsers").shown_as("arn:aws:iam::123456789012:user/")
});
operation!(Terse, "Terse", Iam, |scope, targets| {
    targets.need("iam:X", Arn::role(scope.account(), "/", "x")).denied_tersely()
});
operation!(CreatesUser, "CreateUser", Iam, |scope, targets| {
    let mut tags = Tags::default();
    tags.set("owner", "me", |a, b| a == b);
    targets
        .need("iam:CreateUser", Arn::user(scope.account(), "/", "carol"))
        .request_tags([("stage", "prod")].into_iter())
        .resource_tags(&tags)
});

/// What binds the one user of the world.
#[derive(Debug, Default)]
struct Alice {
    inline: Option<Value>,
    raw_inline: Option<&'static str>,
    attached: Option<&'static str>,
    group: Option<Value>,
    group_attached: Option<&'static str>,
    boundary: Option<&'static str>,
}

/// An account with a user and a role.
struct World {
    env: Arc<Env>,
    role: UniqueId,
    alice: Principal,
}

impl World {
    async fn new(alice: Alice) -> Self {
        Self::build(alice, allow_all()).await
    }

    async fn with_role(policy: Value) -> Self {
        Self::build(Alice::default(), policy).await
    }

    async fn build(alice: Alice, role_policy: Value) -> Self {
        let id = |kind| UniqueId::generate(kind, account(), &SystemIds);
        let (user_id, group_id, role_id) = (id(IdKind::User), id(IdKind::Group), id(IdKind::Role));
        let mut draft = Draft::default();
        let raw = alice.raw_inline.map(|text| ("raw".to_owned(), text.to_owned()));
        let mut held = held(alice.inline, alice.attached);
        held.inline.extend(raw);
        draft.put_user(
            account(),
            &UserRecord {
                name: "alice".to_owned(),
                path: "/staff/".to_owned(),
                id: user_id,
                create_date: 0,
                permissions_boundary: alice.boundary.map(|arn| arn.parse().unwrap()),
                policies: held,
                groups: vec![group_id],
                tags: tags(&[("Team", "red")]),
            },
        );
        draft.put_group(
            account(),
            &GroupRecord {
                name: "staff".to_owned(),
                path: "/".to_owned(),
                id: group_id,
                create_date: 0,
                policies: self::held(alice.group, alice.group_attached),
            },
        );
        draft.put_role(
            account(),
            &RoleRecord {
                name: "deploy".to_owned(),
                path: "/".to_owned(),
                id: role_id,
                create_date: 0,
                assume_role_policy_document: String::new(),
                description: None,
                max_session_duration: 3_600,
                permissions_boundary: None,
                policies: self::held(Some(role_policy), None),
                tags: tags(&[("team", "of the role"), ("kept", "of the role")]),
            },
        );
        draft.put_access_key(
            account(),
            &AccessKeyRecord {
                id: "AKIAALICE".parse().unwrap(),
                secret: "secret".to_owned().into(),
                owner: KeyOwner::User(user_id),
                status: KeyStatus::Active,
                create_date: 0,
            },
        );
        let state = State::open(Arc::new(MemoryStore::new())).await.unwrap();
        state.replace(draft).await.unwrap();
        let well_known = Some(WellKnownKeys { account: account() });
        let env = Arc::new(Env {
            state,
            directory: Directory::new(KeyRing::generate(&SystemIds), well_known),
            clock: Arc::new(SystemClock),
            ids: Arc::new(SystemIds),
            departures: Departures::NONE,
        });
        let alice = Principal::User {
            account: account(),
            path: "/staff/".into(),
            name: "alice".into(),
            id: user_id,
        };
        Self { env, role: role_id, alice }
    }

    fn ask<Op: Handle<Input = GetCallerIdentityInput>>(
        &self,
        caller: Caller,
    ) -> Result<Permitted<Op>, ServiceError> {
        let call = Call {
            env: Arc::clone(&self.env),
            view: self.env.state.view(),
            caller,
            region: "eu-west-1".into(),
            now: DateTime::from_secs(NOW),
            origin: Origin {
                source_ip: Some([192, 0, 2, 7].into()),
                secure_transport: false,
                user_agent: Some("test/1.0".into()),
                referer: None,
            },
        };
        authorise::<Op>(call, GetCallerIdentityInput {}).map_err(|refused| refused.error)
    }

    fn root(&self) -> Caller {
        self.identify("test", None)
    }

    fn alice(&self) -> Caller {
        self.identify("AKIAALICE", None)
    }

    fn role_session(&self, change: impl FnOnce(&mut SessionClaims)) -> Caller {
        let session = self.session(
            Principal::AssumedRole {
                account: account(),
                path: "/".into(),
                role: "deploy".into(),
                id: self.role,
                session: "s1".into(),
            },
            change,
        );
        assert_eq!(session.principal().arn().as_str(), ROLE);
        session
    }

    fn user_session(&self, change: impl FnOnce(&mut SessionClaims)) -> Caller {
        self.session(self.alice.clone(), change)
    }

    fn session(&self, principal: Principal, change: impl FnOnce(&mut SessionClaims)) -> Caller {
        let id = AccessKeyId::generate(AccessKeyKind::Temporary, account(), &SystemIds);
        let mut claims = SessionClaims {
            access_key_id: id.clone(),
            principal,
            issuer: None,
            issued_at: NOW - 100,
            expires_at: NOW + 3_600,
            region: "eu-west-1".to_owned(),
            session_policies: None,
            tags: Vec::new(),
            transitive_tag_keys: Vec::new(),
            source_identity: None,
            mfa: None,
            chained: false,
        };
        change(&mut claims);
        let sealed = self.env.directory.ring().seal(&claims, &SystemIds).unwrap();
        self.identify(id.as_str(), Some(sealed.token.as_str()))
    }

    fn identify(&self, id: &str, token: Option<&str>) -> Caller {
        self.env.directory.identify(&self.env.state.view(), id, token, NOW).unwrap()
    }
}

fn account() -> AccountId {
    "123456789012".parse().unwrap()
}

fn allow_all() -> Value {
    json!({ "Effect": "Allow", "Action": "*", "Resource": "*" })
}

fn when(condition: &Value) -> Value {
    json!({ "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition })
}

fn document(statement: Value) -> String {
    json!({ "Version": "2012-10-17", "Statement": statement }).to_string()
}

fn held(inline: Option<Value>, attached: Option<&str>) -> HeldPolicies {
    HeldPolicies {
        inline: inline.map(|policy| ("inline".to_owned(), document(policy))).into_iter().collect(),
        attached: attached.map(|arn| arn.parse().unwrap()).into_iter().collect(),
    }
}

fn tags(pairs: &[(&str, &str)]) -> Tags {
    let mut tags = Tags::default();
    for (key, value) in pairs {
        tags.set(key, value, |a, b| a == b);
    }
    tags
}

fn text<T>(result: Result<T, ServiceError>) -> String {
    match result {
        Ok(_) => "allowed".to_owned(),
        Err(error) => {
            let message = error.message.unwrap_or_default();
            format!("{} {} {message}", error.shape.status, error.shape.code)
        }
    }
}
