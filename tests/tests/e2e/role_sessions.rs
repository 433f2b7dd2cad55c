//! The conditions under which a role is assumed: external ids, names, how long, how far.

use daypass_tests::{ACCOUNT, Refused, World, allow, policy, refusal, session_keys, trust};
use serde_json::json;

const ROLE: &str = "arn:aws:iam::123456789012:role/worker";

#[tokio::test]
async fn a_role_may_want_to_hear_an_external_id() {
    let world = World::start().await;
    let alice = world.user("alice").await;
    world.permit("alice", allow("sts:AssumeRole", "*")).await;
    let mut statement = trust(ACCOUNT);
    statement["Condition"] = json!({"StringEquals": {"sts:ExternalId": "open-sesame"}});
    world.role("worker", statement).await;
    let assume = async |external_id: Option<&str>| {
        let call = world.sts(&alice).assume_role().role_arn(ROLE).role_session_name("session");
        call.set_external_id(external_id.map(str::to_owned)).send().await
    };

    let message = "User: arn:aws:iam::123456789012:user/alice is not authorized to perform: \
                   sts:AssumeRole on resource: arn:aws:iam::123456789012:role/worker";
    for wrong in [None, Some("open-barley"), Some("Open-Sesame")] {
        let denied = assume(wrong).await.refused();
        assert_eq!(denied, refusal(403, "AccessDenied", message), "{wrong:?}");
    }
    assume(Some("open-sesame")).await.unwrap();
}

#[tokio::test]
async fn a_session_lasts_as_long_as_the_role_allows() {
    let world = World::start().await;
    world.role("worker", trust(ACCOUNT)).await;
    let sts = world.sts(&world.root());
    let assume = |seconds| {
        let call = sts.assume_role().role_arn(ROLE).role_session_name("session");
        call.duration_seconds(seconds).send()
    };
    let out_of_range = |seconds, constraint| {
        let message = format!(
            "1 validation error detected: Value '{seconds}' at 'durationSeconds' failed to satisfy \
             constraint: Member must have value {constraint}"
        );
        refusal(400, "ValidationError", message)
    };

    assume(900).await.unwrap();
    assume(3600).await.unwrap();
    let refused = assume(899).await.refused();
    assert_eq!(refused, out_of_range(899, "greater than or equal to 900"));
    let refused = assume(43_201).await.refused();
    assert_eq!(refused, out_of_range(43_201, "less than or equal to 43200"));
    let message = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
    assert_eq!(assume(3601).await.refused(), refusal(400, "ValidationError", message));

    let update = world.iam(&world.root()).update_role().role_name("worker");
    update.max_session_duration(43_200).send().await.unwrap();
    assume(43_200).await.unwrap();
}

#[tokio::test]
async fn a_chain_of_roles_is_an_hour_long() {
    let world = World::start().await;
    let first = world.admin_role("first").await;
    let second = world.role("second", trust(ACCOUNT)).await;
    let iam = world.iam(&world.root());
    for role in ["first", "second"] {
        iam.update_role().role_name(role).max_session_duration(43_200).send().await.unwrap();
    }
    let session = world.assume(&world.root(), &first).await;
    let chain = |keys, seconds| {
        let call = world.sts(keys).assume_role().role_arn(second.arn());
        call.role_session_name("chained").duration_seconds(seconds).send()
    };

    let message = "The requested DurationSeconds exceeds the 1 hour session limit for roles \
                   assumed by role chaining.";
    assert_eq!(chain(&session, 3601).await.refused(), refusal(400, "ValidationError", message));
    let chained = session_keys(chain(&session, 3600).await.unwrap().credentials);
    assert_eq!(
        world.identity(&chained).await[0],
        "arn:aws:sts::123456789012:assumed-role/second/chained"
    );
    chain(&world.root(), 43_200).await.unwrap();
}

#[tokio::test]
async fn a_session_has_a_proper_name() {
    let world = World::start().await;
    world.role("worker", trust(ACCOUNT)).await;
    let sts = world.sts(&world.root());
    let assume = |name: &str| sts.assume_role().role_arn(ROLE).role_session_name(name).send();
    let invalid = |name: &str, constraint: &str| {
        let message = format!(
            "1 validation error detected: Value '{name}' at 'roleSessionName' failed to satisfy \
             constraint: Member must {constraint}"
        );
        refusal(400, "ValidationError", message)
    };

    let longest = "n".repeat(64);
    for name in ["it", "a.b-c_d=e,f+g@h", &longest] {
        let assumed = assume(name).await.unwrap().assumed_role_user.unwrap();
        let arn = format!("arn:aws:sts::123456789012:assumed-role/worker/{name}");
        assert_eq!(assumed.arn(), arn);
    }
    let pattern = "satisfy regular expression pattern: [\\w+=,.@-]*";
    for name in ["two words", "a/b", "müller", "a:b"] {
        assert_eq!(assume(name).await.refused(), invalid(name, pattern));
    }
    let short = "have length greater than or equal to 2";
    assert_eq!(assume("x").await.refused(), invalid("x", short));
    let long = "n".repeat(65);
    let too_long = "have length less than or equal to 64";
    assert_eq!(assume(&long).await.refused(), invalid(&long, too_long));
}

#[tokio::test]
async fn a_session_carries_tags_and_a_source_identity_that_the_role_allows() {
    let world = World::start().await;
    let statement = json!({
        "Effect": "Allow",
        "Principal": {"AWS": ACCOUNT},
        "Action": ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
    });
    let role = world.role("worker", statement).await;
    let iam = world.iam(&world.root());
    // What the session may do depends on its tag.
    let mut own_team =
        allow("iam:GetUser", "arn:aws:iam::123456789012:user/${aws:PrincipalTag/team}");
    own_team["Condition"] = json!({"StringEquals": {"aws:SourceIdentity": "alice"}});
    let put = iam.put_role_policy().role_name("worker").policy_name("own-team");
    put.policy_document(policy(own_team)).send().await.unwrap();
    for name in ["blue", "red"] {
        iam.create_user().user_name(name).send().await.unwrap();
    }

    let tag = aws_sdk_sts::types::Tag::builder().key("team").value("blue").build().unwrap();
    let call = world.sts(&world.root()).assume_role().role_arn(role.arn());
    let call = call.role_session_name("session").tags(tag).source_identity("alice");
    let assumed = call.send().await.unwrap();
    assert_eq!(assumed.source_identity(), Some("alice"));
    let session = session_keys(assumed.credentials);
    let get = |name| world.iam(&session).get_user().user_name(name).send();
    get("blue").await.unwrap();
    let message = "User: arn:aws:sts::123456789012:assumed-role/worker/session is not authorized \
                   to perform: iam:GetUser on resource: user red because \
                   no identity-based policy allows the iam:GetUser action";
    assert_eq!(get("red").await.refused(), refusal(403, "AccessDenied", message));
}
