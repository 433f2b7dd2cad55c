use std::collections::BTreeSet;

use daypass_ident::{Principal, SystemIds};
use daypass_model::sts::{
    AssumeRoleInput, Credentials, GetAccessKeyInfoInput, GetCallerIdentityInput,
    PolicyDescriptorType,
};
use daypass_state::record::{BranchRecord, ControlPolicyId, MemberRecord, OrganizationRecord};
use daypass_token::Mfa;
use serde_json::json;

use super::*;
use crate::generated::{AssumeRole, GetAccessKeyInfo, GetCallerIdentity, GetSessionToken};
use crate::testing::*;

#[test]
fn a_member_account_is_named_by_its_id_or_its_root_user() {
    let account: AccountId = "123456789012".parse().unwrap();
    for principal in ["123456789012", "arn:aws:iam::123456789012:root"] {
        assert_eq!(member(principal).unwrap(), account);
    }
    for principal in ["", "12345678901", "arn:aws:iam::123456789012:user/root", "root"] {
        assert!(member(principal).is_err(), "{principal}");
    }
}

#[tokio::test]
async fn a_session_is_the_members_root_user_within_its_task() {
    let world = world(&[RootFeature::Sessions], allows(&["sts:AssumeRoot"])).await;
    let output = world.call::<AssumeRoot>(&world.user("alice"), of(MEMBER, AUDIT)).await.unwrap();
    assert_eq!(output.source_identity, None);
    let issued = output.credentials.unwrap();
    assert_eq!(issued.expiration.secs(), NOW + 900);
    let session = world.session(&issued);
    let claims = &session.session().unwrap().claims;
    assert!(claims.assumed_root);
    assert_eq!(*session.principal(), Principal::Root { account: MEMBER.parse().unwrap() });
    let identity = world.call::<GetCallerIdentity>(&session, GetCallerIdentityInput {}).await;
    assert_eq!(identity.unwrap().arn.as_deref(), Some("arn:aws:iam::222222222222:root"));

    // The task's policy denies all that is not part of it.
    let input = GetAccessKeyInfoInput { access_key_id: "AKIAALICE".to_owned() };
    assert_eq!(
        refusal(world.call::<GetAccessKeyInfo>(&session, input).await),
        format!(
            "403 AccessDenied User: arn:aws:iam::222222222222:root is not authorized to perform: \
             sts:GetAccessKeyInfo on resource: * with an explicit deny in a session policy: {AUDIT}"
        )
    );
    assert_eq!(
        refusal(world.call::<GetSessionToken>(&session, Default::default()).await),
        "403 AccessDenied Cannot call GetSessionToken with session credentials"
    );
}

#[tokio::test]
async fn a_session_may_be_shorter_and_keeps_the_source_identity() {
    let trust = json!({
        "Effect": "Allow", "Principal": { "AWS": "123456789012" },
        "Action": ["sts:AssumeRole", "sts:SetSourceIdentity"],
    });
    let setup = Setup::default().user("alice", Some(allows(&["sts:*"])));
    let setup = setup.role("deploy", trust, Some(allows(&["sts:AssumeRoot"])));
    let world = organized(setup, &[RootFeature::Sessions]).await;
    let input = AssumeRoleInput {
        role_arn: role_arn("deploy"),
        role_session_name: "s1".to_owned(),
        source_identity: Some("alice".to_owned()),
        ..AssumeRoleInput::default()
    };
    let output = world.call::<AssumeRole>(&world.user("alice"), input).await.unwrap();
    let deployer = world.session(&with_code(&world, credentials(&output)));
    let input = AssumeRootInput { duration_seconds: Some(60), ..of(MEMBER, AUDIT) };
    let output = world.call::<AssumeRoot>(&deployer, input).await.unwrap();
    assert_eq!(output.source_identity.as_deref(), Some("alice"));
    let issued: Credentials = output.credentials.unwrap();
    assert_eq!(issued.expiration.secs(), NOW + 60);
    let session = world.session(&issued);
    let claims = &session.session().unwrap().claims;
    assert_eq!(claims.source_identity.as_deref(), Some("alice"));
    // Policies would believe of a root user what they do not of a role.
    assert_eq!(claims.mfa, None);
}

/// The same session, as one that began with a code.
fn with_code(world: &World, issued: &Credentials) -> Credentials {
    let mut claims = world.session(issued).session().unwrap().claims.clone();
    claims.mfa = Some(Mfa { serial: "GAHT12345678".to_owned(), authenticated_at: NOW });
    let sealed = world.env.directory.ring().seal(&claims, &SystemIds).unwrap();
    Credentials { session_token: sealed.token.as_str().to_owned(), ..issued.clone() }
}

#[tokio::test]
async fn the_policy_may_name_the_member_and_the_task() {
    let policy = json!({
        "Effect": "Allow",
        "Action": "sts:AssumeRoot",
        "Resource": format!("arn:aws:iam::{MEMBER}:root"),
        "Condition": { "StringEquals": { "sts:TaskPolicyArn": AUDIT } },
    });
    let world = world(&[RootFeature::Sessions], policy).await;
    let alice = world.user("alice");
    assert!(world.call::<AssumeRoot>(&alice, of(MEMBER, AUDIT)).await.is_ok());
    let unlock = "arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy";
    let because = " because no identity-based policy allows the sts:AssumeRoot action";
    let expected = denied("arn:aws:iam::123456789012:user/alice", MEMBER) + because;
    assert_eq!(refusal(world.call::<AssumeRoot>(&alice, of(MEMBER, unlock)).await), expected);
}

#[tokio::test]
async fn only_for_members_of_the_own_organization_and_only_where_it_is_enabled() {
    let alice = "arn:aws:iam::123456789012:user/alice";
    let enabled = world(&[RootFeature::Sessions], allows(&["sts:*"])).await;
    for account in ["123456789012", "999999999999"] {
        let result = enabled.call::<AssumeRoot>(&enabled.user("alice"), of(account, AUDIT)).await;
        assert_eq!(refusal(result), denied(alice, account));
    }
    let result = enabled.call::<AssumeRoot>(&enabled.root(), of(MEMBER, AUDIT)).await;
    assert_eq!(refusal(result), denied("arn:aws:iam::123456789012:root", MEMBER));

    for features in [&[][..], &[RootFeature::CredentialsManagement]] {
        let world = world(features, allows(&["sts:*"])).await;
        let result = world.call::<AssumeRoot>(&world.user("alice"), of(MEMBER, AUDIT)).await;
        assert_eq!(refusal(result), denied(alice, MEMBER));
    }
}

#[tokio::test]
async fn a_delegated_administrator_may_too_but_not_in_the_management_account() {
    let own = &*account().to_string();
    let sessions = &[RootFeature::Sessions][..];
    for (delegated, features, target, may) in [
        (true, sessions, MEMBER, true),
        (true, sessions, own, true),
        (true, sessions, MANAGEMENT, false),
        (true, sessions, "999999999999", false),
        (true, &[], MEMBER, false),
        (false, sessions, MEMBER, false),
        (false, sessions, own, false),
    ] {
        let case = format!("{delegated} {features:?} {target}");
        let world = Setup::default().user("alice", Some(allows(&["sts:*"]))).build().await;
        let delegated: &[AccountId] = if delegated { &[account()] } else { &[] };
        organize(&world, MANAGEMENT.parse().unwrap(), delegated, features).await;
        let result = world.call::<AssumeRoot>(&world.user("alice"), of(target, AUDIT)).await;
        if may {
            let session = world.session(&result.unwrap().credentials.unwrap());
            let root = Arn::root(target.parse().unwrap());
            assert_eq!(session.principal().arn(), root, "{case}");
        } else {
            let refused = denied("arn:aws:iam::123456789012:user/alice", target);
            assert_eq!(refusal(result), refused, "{case}");
        }
        let result = world.call::<AssumeRoot>(&world.root(), of(target, AUDIT)).await;
        assert_eq!(refusal(result), denied("arn:aws:iam::123456789012:root", target), "{case}");
    }
}

#[tokio::test]
async fn a_task_is_one_of_awss() {
    let world = world(&[RootFeature::Sessions], allows(&["sts:*"])).await;
    for task in [
        "arn:aws:iam::aws:policy/AdministratorAccess",
        "arn:aws:iam::aws:policy/root-task/NoSuchTask",
        "arn:aws:iam::123456789012:policy/root-task/IAMAuditRootUserCredentials",
    ] {
        let result = world.call::<AssumeRoot>(&world.user("alice"), of(MEMBER, task)).await;
        assert_eq!(refusal(result), format!("400 ValidationError {task} is invalid"));
    }
    for task in [
        "IAMAuditRootUserCredentials",
        "IAMCreateRootUserPassword",
        "IAMDeleteRootUserCredentials",
        "S3UnlockBucketPolicy",
        "SQSUnlockQueuePolicy",
    ] {
        let input = of(MEMBER, &format!("arn:aws:iam::aws:policy/root-task/{task}"));
        assert!(world.call::<AssumeRoot>(&world.user("alice"), input).await.is_ok(), "{task}");
    }
}

async fn world(features: &[RootFeature], policy: serde_json::Value) -> World {
    organized(Setup::default().user("alice", Some(policy)), features).await
}

/// The account manages an organisation with one member.
async fn organized(setup: Setup, features: &[RootFeature]) -> World {
    let world = setup.build().await;
    organize(&world, account(), &[], features).await;
    world
}

/// Makes an organisation of the management account, the world's account and one member.
async fn organize(
    world: &World,
    management: AccountId,
    delegated: &[AccountId],
    features: &[RootFeature],
) {
    let mut tx = Tx::new(world.env.state.view(), management);
    let full = || vec![ControlPolicyId::full_aws_access()];
    let member = |account| MemberRecord { account, attached: full() };
    let accounts = BTreeSet::from([management, account(), MEMBER.parse().unwrap()]);
    tx.put_organization(&OrganizationRecord {
        id: "o-a1b2c3d4e5".parse().unwrap(),
        root_id: "r-ab12".parse().unwrap(),
        root: BranchRecord {
            attached: full(),
            units: Vec::new(),
            accounts: accounts.into_iter().map(member).collect(),
        },
        policies: Default::default(),
        root_features: features.iter().copied().collect(),
        delegated_administrators: delegated.iter().copied().collect(),
    });
    world.env.state.commit(tx).await.unwrap();
}

fn of(account: &str, task: &str) -> AssumeRootInput {
    AssumeRootInput {
        target_principal: account.to_owned(),
        task_policy_arn: PolicyDescriptorType { arn: Some(task.to_owned()) },
        ..AssumeRootInput::default()
    }
}

fn denied(who: &str, account: &str) -> String {
    format!(
        "403 AccessDenied User: {who} is not authorized to perform: sts:AssumeRoot on resource: \
         arn:aws:iam::{account}:root"
    )
}

const MEMBER: &str = "222222222222";
const MANAGEMENT: &str = "333333333333";
const AUDIT: &str = "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials";
