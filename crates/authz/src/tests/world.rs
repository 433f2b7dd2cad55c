//! The world of these tests: one account with a user and a role, in an organisation if a test wants
//! one.

use std::sync::Arc;

use aws_smithy_types::DateTime;
use daypass_ident::{
    AccessKeyId, AccessKeyKind, AccountId, IdKind, Principal, SystemClock, SystemIds, UniqueId,
};
use daypass_model::ServiceError;
use daypass_model::sts::GetCallerIdentityInput;
use daypass_state::record::{
    AccessKeyRecord, GroupRecord, HeldPolicies, KeyOwner, KeyStatus, OrganizationRecord,
    RoleRecord, Tags, UserRecord,
};
use daypass_state::{Caller, Directory, Draft, State, WellKnownKeys};
use daypass_store::MemoryStore;
use daypass_token::{KeyRing, SessionClaims};
use serde_json::{Value, json};

use super::kept::says_the_same;
use crate::{Call, Called, Departures, Env, Handle, Origin, Permitted, authorise};

pub(super) const NOW: i64 = 1_800_000_000;
pub(super) const ALICE: &str = "arn:aws:iam::123456789012:user/staff/alice";
pub(super) const ROLE: &str = "arn:aws:sts::123456789012:assumed-role/deploy/s1";

/// What binds the one user of the world.
#[derive(Debug, Default)]
pub(super) struct Alice {
    pub(super) inline: Option<Value>,
    pub(super) raw_inline: Option<&'static str>,
    pub(super) attached: Option<&'static str>,
    pub(super) group: Option<Value>,
    pub(super) group_attached: Option<&'static str>,
    pub(super) boundary: Option<&'static str>,
}

/// The role of the world.
#[derive(Debug)]
pub(super) struct Deploy {
    pub(super) path: &'static str,
    pub(super) inline: Value,
    pub(super) trust: Value,
}

impl Default for Deploy {
    fn default() -> Self {
        let trust = json!({
            "Effect": "Allow", "Principal": { "AWS": "*" },
            "Action": ["sts:AssumeRole", "sts:TagSession"],
        });
        Self { path: "/", inline: allow_all(), trust }
    }
}

/// An account with a user and a role.
pub(super) struct World {
    pub(super) env: Arc<Env>,
    deploy: Principal,
    alice: Principal,
}

impl World {
    pub(super) async fn new(alice: Alice) -> Self {
        Self::build(alice, Deploy::default(), None).await
    }

    pub(super) async fn with_role(policy: Value) -> Self {
        let deploy = Deploy { inline: policy, ..Deploy::default() };
        Self::build(Alice::default(), deploy, None).await
    }

    /// Everybody may do everything, but for what the organisation says.
    pub(super) async fn organized(organization: OrganizationRecord) -> Self {
        let alice = Alice { inline: Some(allow_all()), ..Alice::default() };
        Self::build(alice, Deploy::default(), Some(organization)).await
    }

    pub(super) async fn build(
        alice: Alice,
        deploy: Deploy,
        organization: Option<OrganizationRecord>,
    ) -> Self {
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
                tags: tags(&[("Team", "red"), ("cost", "7")]),
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
                path: deploy.path.to_owned(),
                id: role_id,
                create_date: 0,
                assume_role_policy_document: document(deploy.trust),
                description: None,
                max_session_duration: 3_600,
                permissions_boundary: None,
                source_template: None,
                policies: self::held(Some(deploy.inline), None),
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
        if let Some(organization) = &organization {
            draft.put_organization(management(), organization);
        }
        let state = State::open(Arc::new(MemoryStore::new())).await.unwrap();
        state.replace(draft).await.unwrap();
        let well_known = Some(WellKnownKeys { account: account() });
        let env = Arc::new(Env {
            state,
            directory: Directory::new(KeyRing::generate(&SystemIds), well_known),
            clock: Arc::new(SystemClock),
            ids: Arc::new(SystemIds),
            issuer: Arc::default(),
            departures: Departures::NONE,
            oidc_keys: Arc::default(),
            service_principals: Arc::default(),
        });
        let alice = Principal::User {
            account: account(),
            path: "/staff/".into(),
            name: "alice".into(),
            id: user_id,
        };
        let deploy = Principal::AssumedRole {
            account: account(),
            path: deploy.path.into(),
            role: "deploy".into(),
            id: role_id,
            session: "s1".into(),
        };
        Self { env, deploy, alice }
    }

    pub(super) fn ask<Op: Handle<Input = GetCallerIdentityInput>>(
        &self,
        caller: Caller,
    ) -> Result<Permitted<Op>, ServiceError> {
        let authorise = || {
            let call = self.call(caller.clone());
            authorise(Called::<Op>::new(call, GetCallerIdentityInput {}))
        };
        let decided = match authorise() {
            Ok(mut permitted) => Some(permitted.take_decided()),
            Err(refused) => refused.denied,
        };
        decided.into_iter().for_each(says_the_same);
        authorise().map_err(|refused| refused.error)
    }

    /// `allowed`, or the status, the code and the text of the refusal.
    pub(super) fn answer<Op: Handle<Input = GetCallerIdentityInput>>(
        &self,
        caller: Caller,
    ) -> String {
        match self.ask::<Op>(caller) {
            Ok(_) => "allowed".to_owned(),
            Err(error) => {
                let message = error.message.unwrap_or_default();
                format!("{} {} {message}", error.shape.status, error.shape.code)
            }
        }
    }

    pub(super) fn call(&self, caller: Caller) -> Call {
        Call {
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
        }
    }

    pub(super) fn root(&self) -> Caller {
        self.identify("test", None)
    }

    pub(super) fn root_of(&self, account: AccountId) -> Caller {
        self.identify(&account.to_string(), None)
    }

    pub(super) fn alice(&self) -> Caller {
        self.identify("AKIAALICE", None)
    }

    pub(super) fn role_session(&self, change: impl FnOnce(&mut SessionClaims)) -> Caller {
        let session = self.session(self.deploy.clone(), change);
        assert_eq!(session.principal().arn().as_str(), ROLE);
        session
    }

    pub(super) fn user_session(&self, change: impl FnOnce(&mut SessionClaims)) -> Caller {
        self.session(self.alice.clone(), change)
    }

    pub(super) fn root_session(&self, change: impl FnOnce(&mut SessionClaims)) -> Caller {
        self.session(Principal::Root { account: account() }, change)
    }

    /// A `GetFederationToken` session that Alice asked for.
    pub(super) fn federated_session(&self, change: impl FnOnce(&mut SessionClaims)) -> Caller {
        self.user_session(|claims| {
            claims.issuer = Some(claims.principal.clone());
            claims.principal = Principal::FederatedUser { account: account(), name: "fed".into() };
            change(claims);
        })
    }

    fn session(&self, principal: Principal, change: impl FnOnce(&mut SessionClaims)) -> Caller {
        let id = AccessKeyId::generate(AccessKeyKind::Temporary, account(), &SystemIds);
        let mut claims = SessionClaims::plain(id.clone(), principal, NOW - 100, NOW + 3_600);
        change(&mut claims);
        let sealed = self.env.directory.ring().seal(&claims, &SystemIds).unwrap();
        self.identify(id.as_str(), Some(sealed.token.as_str()))
    }

    fn identify(&self, id: &str, token: Option<&str>) -> Caller {
        self.env.directory.identify(&self.env.state.view(), id, token, NOW).unwrap()
    }
}

pub(super) fn account() -> AccountId {
    "123456789012".parse().unwrap()
}

/// The management account of organisations.
pub(super) fn management() -> AccountId {
    "111111111111".parse().unwrap()
}

/// Another account of the organisation.
pub(super) fn sibling() -> AccountId {
    "222222222222".parse().unwrap()
}

/// An account outside the organisation.
pub(super) fn stranger() -> AccountId {
    "999999999999".parse().unwrap()
}

pub(super) fn allow_all() -> Value {
    json!({ "Effect": "Allow", "Action": "*", "Resource": "*" })
}

pub(super) fn when(condition: &Value) -> Value {
    json!({ "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition })
}

pub(super) fn document(statement: Value) -> String {
    json!({ "Version": "2012-10-17", "Statement": statement }).to_string()
}

fn held(inline: Option<Value>, attached: Option<&str>) -> HeldPolicies {
    HeldPolicies {
        inline: inline.map(|policy| ("inline".to_owned(), document(policy))).into_iter().collect(),
        attached: attached.map(|arn| arn.parse().unwrap()).into_iter().collect(),
    }
}

pub(super) fn tags(pairs: &[(&str, &str)]) -> Tags {
    let mut tags = Tags::default();
    for (key, value) in pairs {
        tags.set(key, value, |a, b| a == b);
    }
    tags
}
