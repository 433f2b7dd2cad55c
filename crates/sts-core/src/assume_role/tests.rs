use daypass_ident::Principal;
use daypass_model::sts::{AssumeRoleInput, GetCallerIdentityInput, PolicyDescriptorType, Tag};
use daypass_state::{Caller, ServiceCall};
use serde_json::{Value, json};

use crate::generated::{AssumeRole, GetCallerIdentity, GetSessionToken};
use crate::testing::*;

#[tokio::test]
async fn a_session_is_who_it_says_and_lasts_as_long_as_it_says() {
    let world = Setup::default().role("deploy", trusts("123456789012"), None).build().await;
    let output = world.call::<AssumeRole>(&world.root(), of("deploy")).await.unwrap();
    let assumed = output.assumed_role_user.as_ref().unwrap();
    assert_eq!(assumed.arn, "arn:aws:sts::123456789012:assumed-role/deploy/s1");
    assert!(assumed.assumed_role_id.starts_with("AROA"));
    assert!(assumed.assumed_role_id.ends_with(":s1"));
    assert_eq!(output.packed_policy_size, None);
    assert_eq!(output.source_identity, None);
    let issued = credentials(&output);
    assert_eq!(issued.expiration.secs(), NOW + 3_600);
    assert!(issued.access_key_id.starts_with("ASIA"));

    let session = world.session(issued);
    assert_eq!(session.secret(), &issued.secret_access_key);
    let identity = world.call::<GetCallerIdentity>(&session, GetCallerIdentityInput {}).await;
    let identity = identity.unwrap();
    assert_eq!(identity.arn.as_deref(), Some(&*assumed.arn));
    assert_eq!(identity.user_id.as_deref(), Some(&*assumed.assumed_role_id));
    assert_eq!(identity.account.as_deref(), Some("123456789012"));
}

#[tokio::test]
async fn trust_and_the_callers_own_policies_decide_together() {
    let alice = "arn:aws:iam::123456789012:user/alice";
    let may = || Some(allows(&["sts:AssumeRole"]));
    let deny = json!([
        { "Effect": "Deny", "Action": "sts:AssumeRole", "Resource": "*" },
        allows(&["sts:AssumeRole"]),
    ]);
    let cases = [
        ("the account is trusted, the user may", "123456789012", may(), true),
        ("the account is trusted, the user may not", "123456789012", None, false),
        ("the user is trusted and needs no policy", alice, None, true),
        ("the user is trusted but denied by a policy of their own", alice, Some(deny), false),
        ("somebody else is trusted", "arn:aws:iam::123456789012:user/bob", may(), false),
        ("another account is trusted", "999999999999", may(), false),
        ("everybody is trusted", "*", None, true),
    ];
    for (name, principal, policy, allowed) in cases {
        let setup = Setup::default().user("alice", policy);
        let world = setup.role("deploy", trusts(principal), None).build().await;
        let result = world.call::<AssumeRole>(&world.user("alice"), of("deploy")).await;
        if allowed {
            result.expect(name);
        } else {
            assert_eq!(refusal(result), denied(alice, "sts:AssumeRole", "deploy"), "{name}");
        }
    }
}

#[tokio::test]
async fn a_role_that_is_not_there_is_denied_like_one_that_trusts_nobody() {
    let policy = Some(allows(&["sts:AssumeRole"]));
    let world = Setup::default().user("alice", policy).build().await;
    let alice = "arn:aws:iam::123456789012:user/alice";
    let result = world.call::<AssumeRole>(&world.user("alice"), of("nobody")).await;
    assert_eq!(refusal(result), denied(alice, "sts:AssumeRole", "nobody"));
    let result = world.call::<AssumeRole>(&world.root(), of("nobody")).await;
    let root = "arn:aws:iam::123456789012:root";
    assert_eq!(refusal(result), denied(root, "sts:AssumeRole", "nobody"));
}

#[tokio::test]
async fn who_trusts_a_service_trusts_nobody_else() {
    let mut trust = trusts("");
    trust["Principal"] = json!({ "Service": "ec2.amazonaws.com" });
    let setup = Setup::default().role("deploy", trust, None);
    let world = setup.user("alice", Some(allows(&["sts:*"]))).build().await;
    for caller in [world.user("alice"), world.root()] {
        let who = caller.principal().arn();
        let result = world.call::<AssumeRole>(&caller, of("deploy")).await;
        assert_eq!(refusal(result), denied(who.as_str(), "sts:AssumeRole", "deploy"));
    }
}

/// AWS's text for a service is not on record: it is that of any caller, with the service's name.
#[tokio::test]
async fn of_services_the_trust_policy_alone_decides() {
    let trusts_service = |name: &str, condition: Value| {
        let mut trust = trusts("");
        trust["Principal"] = json!({ "Service": name });
        trust["Condition"] = condition;
        trust
    };
    let lambda = |condition| trusts_service("lambda.amazonaws.com", condition);
    let equals = |key: &str, value: &str| json!({ "StringEquals": { key: value } });
    let function = "arn:aws:lambda:eu-west-1:123456789012:function:resize";
    let denies = json!({ "Effect": "Deny", "Principal": "*", "Action": "sts:*", "Condition": {
        "Bool": { "aws:PrincipalIsAWSService": "true" },
    }});
    let cases = [
        ("it is trusted", lambda(json!({})), true),
        ("another is", trusts_service("ec2.amazonaws.com", json!({})), false),
        ("the account is", trusts("123456789012"), false),
        ("no service may", json!([lambda(json!({})), denies]), false),
        ("for its account", lambda(equals("aws:SourceAccount", "123456789012")), true),
        ("for another account", lambda(equals("aws:SourceAccount", "999999999999")), false),
        ("for its function", lambda(json!({ "ArnLike": { "aws:SourceArn": function } })), true),
        ("for another", lambda(json!({ "ArnLike": { "aws:SourceArn": "arn:aws:s3:::b" } })), false),
        ("by its name", lambda(equals("aws:PrincipalServiceName", "lambda.amazonaws.com")), true),
        (
            "by one of its names",
            lambda(json!({ "ForAnyValue:StringEquals": {
                "aws:PrincipalServiceNamesList": ["lambda.amazonaws.com"],
            }})),
            true,
        ),
        ("as of an account", lambda(equals("aws:PrincipalAccount", "123456789012")), false),
        ("with an ARN", lambda(json!({ "Null": { "aws:PrincipalArn": "false" } })), false),
        ("of a kind", lambda(json!({ "Null": { "aws:PrincipalType": "false" } })), false),
        ("of an organization", lambda(json!({ "Null": { "aws:SourceOrgID": "false" } })), false),
    ];
    let service = Caller::service(
        "lambda.amazonaws.com",
        account(),
        ServiceCall {
            source_arn: Some(function.parse().unwrap()),
            source_account: Some(account()),
        },
    );
    for (name, trust, allowed) in cases {
        let world = Setup::default().role("deploy", trust, None).build().await;
        let result = world.call::<AssumeRole>(&service, of("deploy")).await;
        if allowed {
            let session = world.session(credentials(&result.expect(name)));
            assert!(session.principal().arn().as_str().ends_with("assumed-role/deploy/s1"));
        } else {
            let denied = denied("lambda.amazonaws.com", "sts:AssumeRole", "deploy");
            assert_eq!(refusal(result), denied, "{name}");
        }
    }
}

#[tokio::test]
async fn a_service_that_does_not_say_for_whom_is_denied_where_that_is_asked() {
    let mut trust = trusts("");
    trust["Principal"] = json!({ "Service": "lambda.amazonaws.com" });
    trust["Condition"] = json!({ "StringEquals": { "aws:SourceAccount": "123456789012" } });
    let world = Setup::default().role("deploy", trust, None).build().await;
    let service = Caller::service("lambda.amazonaws.com", account(), ServiceCall::default());
    let result = world.call::<AssumeRole>(&service, of("deploy")).await;
    assert_eq!(refusal(result), denied("lambda.amazonaws.com", "sts:AssumeRole", "deploy"));
}

#[tokio::test]
async fn across_accounts_both_sides_must_allow() {
    let other = "999999999999".parse().unwrap();
    let arn = "arn:aws:iam::999999999999:role/team/partner";
    for (principal, policy, allowed) in [
        ("123456789012", Some(allows(&["sts:AssumeRole"])), true),
        ("123456789012", None, false),
        ("arn:aws:iam::123456789012:user/alice", None, false),
        ("*", None, false),
        ("999999999999", Some(allows(&["sts:AssumeRole"])), false),
    ] {
        let setup = Setup::default().user("alice", policy);
        let world = setup.role_in(other, "partner", trusts(principal), None).build().await;
        let input = AssumeRoleInput { role_arn: arn.to_owned(), ..of("partner") };
        let result = world.call::<AssumeRole>(&world.user("alice"), input).await;
        assert_eq!(result.is_ok(), allowed, "{principal}");
    }
}

#[tokio::test]
async fn an_external_id_is_part_of_the_trust() {
    let mut trust = trusts("123456789012");
    trust["Condition"] = json!({ "StringEquals": { "sts:ExternalId": "secret-42" } });
    let world = Setup::default().role("deploy", trust, None).build().await;
    for (external_id, allowed) in [(Some("secret-42"), true), (Some("wrong"), false), (None, false)]
    {
        let input = AssumeRoleInput { external_id: external_id.map(str::to_owned), ..of("deploy") };
        let result = world.call::<AssumeRole>(&world.root(), input).await;
        if allowed {
            result.unwrap();
        } else {
            let root = "arn:aws:iam::123456789012:root";
            assert_eq!(refusal(result), denied(root, "sts:AssumeRole", "deploy"));
        }
    }
}

#[tokio::test]
async fn durations_end_at_the_roles_maximum_and_chains_at_an_hour() {
    let trust = json!([trusts("123456789012")]);
    let policy = Some(allows(&["sts:AssumeRole"]));
    let world = Setup::default().role("deploy", trust, policy).build().await;
    let asking = |seconds| AssumeRoleInput { duration_seconds: Some(seconds), ..of("deploy") };
    let output = world.call::<AssumeRole>(&world.root(), asking(7_200)).await.unwrap();
    assert_eq!(credentials(&output).expiration.secs(), NOW + 7_200);
    let result = world.call::<AssumeRole>(&world.root(), asking(7_201)).await;
    assert_eq!(
        refusal(result),
        "400 ValidationError The requested DurationSeconds exceeds the MaxSessionDuration set for \
         this role."
    );
    let chained = world.session(credentials(&output));
    assert!(world.call::<AssumeRole>(&chained, asking(3_600)).await.is_ok());
    let result = world.call::<AssumeRole>(&chained, asking(3_601)).await;
    assert_eq!(
        refusal(result),
        "400 ValidationError The requested DurationSeconds exceeds the 1 hour session limit for \
         roles assumed by role chaining."
    );
}

#[tokio::test]
async fn root_may_assume_roles_unless_strict() {
    let world =
        Setup::default().strict().role("deploy", trusts("123456789012"), None).build().await;
    let result = world.call::<AssumeRole>(&world.root(), of("deploy")).await;
    assert_eq!(refusal(result), "403 AccessDenied Roles may not be assumed by root accounts.");
}

#[tokio::test]
async fn session_policies_cut_what_the_role_may() {
    let trust = trusts("123456789012");
    let policy = Some(allows(&["sts:*"]));
    let world = Setup::default().role("deploy", trust, policy).build().await;
    let with = |inline: Option<serde_json::Value>, arns: &[&str]| AssumeRoleInput {
        policy: inline.map(document),
        policy_arns: Some(
            arns.iter().map(|arn| PolicyDescriptorType { arn: Some((*arn).to_owned()) }).collect(),
        ),
        ..of("deploy")
    };
    let cases = [
        (with(None, &[]), true),
        (with(Some(allows(&["sts:AssumeRole"])), &[]), true),
        (with(Some(allows(&["s3:*"])), &[]), false),
        (with(None, &["arn:aws:iam::aws:policy/AdministratorAccess"]), true),
        (with(None, &["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"]), false),
    ];
    for (input, allowed) in cases {
        let packs = input.policy.is_some() || !input.policy_arns.as_ref().unwrap().is_empty();
        let output = world.call::<AssumeRole>(&world.root(), input).await.unwrap();
        assert_eq!(output.packed_policy_size.is_some(), packs);
        let session = world.session(credentials(&output));
        assert_eq!(world.call::<AssumeRole>(&session, of("deploy")).await.is_ok(), allowed);
    }
}

#[tokio::test]
async fn session_policies_must_be_policies_of_a_fitting_size() {
    let world = Setup::default().role("deploy", trusts("123456789012"), None).build().await;
    // Letters in no order: in what repeats itself there is less to pack.
    let letters = std::iter::successors(Some(7_u32), |number| {
        Some(number.wrapping_mul(1_103_515_245).wrapping_add(12_345))
    });
    let letters = letters.map(|number| char::from(b'a' + (number >> 16) as u8 % 26));
    let long = format!("arn:aws:s3:::{}", letters.take(1_000).collect::<String>());
    let long = document(json!({ "Effect": "Allow", "Action": "s3:*", "Resource": long }));
    let ask = async |policy: &str| {
        let input = AssumeRoleInput { policy: Some(policy.to_owned()), ..of("deploy") };
        refusal(world.call::<AssumeRole>(&world.root(), input).await)
    };
    assert_eq!(
        ask("{").await,
        "400 MalformedPolicyDocument The policy is not in the valid JSON format."
    );
    let refused = ask(&long).await;
    let percent = refused
        .strip_prefix("400 PackedPolicyTooLarge Packed policy consumes ")
        .and_then(|rest| rest.strip_suffix("% of allotted space, please use smaller policy."));
    let percent: u32 = percent.unwrap_or_else(|| panic!("{refused}")).parse().unwrap();
    assert!((110..=160).contains(&percent), "{percent}");
    let ask = async |arn: Option<&str>| {
        let fitting = Some("arn:aws:iam::aws:policy/ReadOnlyAccess");
        let policy = |arn: Option<&str>| PolicyDescriptorType { arn: arn.map(str::to_owned) };
        let policy_arns = Some(vec![policy(fitting), policy(arn)]);
        let input = AssumeRoleInput { policy_arns, ..of("deploy") };
        refusal(world.call::<AssumeRole>(&world.root(), input).await)
    };
    let arn = "arn:aws:iam::999999999999:policy/theirs";
    assert_eq!(
        ask(Some(arn)).await,
        "400 InvalidParameterValue At least one Policy ARN in the PolicyArns parameter does not match \
         an existing IAM Managed Policy ARN."
    );
    assert_eq!(
        ask(None).await,
        "400 ValidationError 1 validation error detected: Value null at 'policyArns.2.member.arn' \
         failed to satisfy constraint: Member must not be null"
    );
}

/// The sizes are those that AWS has answered: STS API Reference, `GetFederationToken`; LocalStack's
/// tests; CloudTrail events.
#[tokio::test]
async fn policies_and_tags_are_packed_as_by_aws() {
    let trust = json!([{
        "Effect": "Allow",
        "Principal": { "AWS": "123456789012" },
        "Action": ["sts:AssumeRole", "sts:TagSession"],
    }]);
    let world = Setup::default().role("deploy", trust, Some(allows(&["sts:*"]))).build().await;
    let ask = async |caller: &daypass_state::Caller, policy: &str, tags: Vec<Tag>| {
        let transitive = tags.iter().map(|tag| tag.key.clone()).collect();
        let input = AssumeRoleInput {
            policy: (!policy.is_empty()).then(|| policy.to_owned()),
            tags: Some(tags),
            transitive_tag_keys: Some(transitive),
            ..of("deploy")
        };
        world.call::<AssumeRole>(caller, input).await
    };
    let tags = |keys: &[&str], value: &str| -> Vec<Tag> {
        let tag = |key: &&str| Tag { key: (*key).to_owned(), value: value.to_owned() };
        keys.iter().map(tag).collect()
    };
    let all_of_s3 = r#"{"Version":"2012-10-17","Statement":[{"Sid":"Stmt1","Effect":"Allow",
        "Action":"s3:*","Resource":"*"}]}"#;
    let one_bucket = r#"{"Version": "2012-10-17", "Statement": [{"Sid": "RestrictedAccess",
        "Effect": "Allow", "Action": ["s3:GetObject"],
        "Resource": ["arn:aws:s3:::example-bucket/*"]}]}"#;
    let cases = [
        ("", tags(&[], ""), None),
        (all_of_s3, tags(&[], ""), Some(6)),
        (one_bucket, tags(&[], ""), Some(16)),
        ("", tags(&["b", "c"], "c"), Some(2)),
    ];
    for (policy, tags, expected) in cases {
        let output = ask(&world.root(), policy, tags).await.unwrap();
        assert_eq!(output.packed_policy_size, expected, "{policy}");
    }

    // What is inherited takes its room in every session of the chain.
    let output = ask(&world.root(), "", tags(&["team", "stage"], &"x".repeat(100))).await.unwrap();
    assert_eq!(output.packed_policy_size, Some(47));
    let session = world.session(credentials(&output));
    let chained = ask(&session, "", Vec::new()).await.unwrap();
    assert_eq!(chained.packed_policy_size, Some(47));
    assert_eq!(
        refusal(ask(&session, "", tags(&["more", "most"], &"x".repeat(200))).await.map(|_| ())),
        "400 PackedPolicyTooLarge Packed size of session tags consumes 136% of allotted space."
    );
}

#[tokio::test]
async fn tags_need_their_own_permission_and_travel_down_the_chain() {
    let trust = |action: serde_json::Value| json!([{ "Effect": "Allow", "Principal": { "AWS": "123456789012" }, "Action": action }]);
    let all = json!(["sts:AssumeRole", "sts:TagSession"]);
    let world = Setup::default()
        .role("tagged", trust(all), Some(allows(&["sts:*"])))
        .role("plain", trust(json!("sts:AssumeRole")), None)
        .build()
        .await;
    let with = |role: &str, tags: &[(&str, &str)], transitive: &[&str]| AssumeRoleInput {
        tags: Some(
            tags.iter()
                .map(|(key, value)| Tag { key: (*key).to_owned(), value: (*value).to_owned() })
                .collect(),
        ),
        transitive_tag_keys: Some(transitive.iter().map(|key| (*key).to_owned()).collect()),
        ..of(role)
    };
    let root = "arn:aws:iam::123456789012:root";
    let result =
        world.call::<AssumeRole>(&world.root(), with("plain", &[("team", "a")], &[])).await;
    assert_eq!(refusal(result), denied(root, "sts:TagSession", "plain"));

    let input = with("tagged", &[("team", "a"), ("stage", "b")], &["team"]);
    let output = world.call::<AssumeRole>(&world.root(), input).await.unwrap();
    let session = world.session(credentials(&output));
    let chained = world.call::<AssumeRole>(&session, of("tagged")).await.unwrap();
    let claims = world.session(credentials(&chained)).session().unwrap().claims.clone();
    assert_eq!(claims.tags, [("team".to_owned(), "a".to_owned())]);
    assert_eq!(claims.transitive_tag_keys, ["team"]);
    assert!(claims.chained);

    // Inherited tags need the permission as well.
    let result = world.call::<AssumeRole>(&session, of("plain")).await;
    let arn = "arn:aws:sts::123456789012:assumed-role/tagged/s1";
    assert_eq!(refusal(result), denied(arn, "sts:TagSession", "plain"));

    let cases = [
        (
            with("tagged", &[("TEAM", "c")], &[]),
            "400 InvalidParameterValue One of the specified transitive tag keys can't be set \
             because it conflicts with a transitive tag key from the calling session.",
        ),
        (
            with("tagged", &[], &["team"]),
            "400 InvalidParameterValue The specified transitive tag key must be included in the \
             requested tags.",
        ),
        (
            with("tagged", &[("a", "1"), ("TEAM", "c"), ("A", "2")], &[]),
            "400 InvalidParameterValue Duplicate tag keys found. Please note that Tag keys are \
             case insensitive.",
        ),
        (
            with("tagged", &[], &["absent"]),
            "400 InvalidParameterValue The specified transitive tag key must be included in the \
             requested tags.",
        ),
        (
            with("tagged", &[("a", "1"), ("A", "2")], &[]),
            "400 InvalidParameterValue Duplicate tag keys found. Please note that Tag keys are \
             case insensitive.",
        ),
    ];
    for (input, expected) in cases {
        assert_eq!(refusal(world.call::<AssumeRole>(&session, input).await), expected);
    }
}

#[tokio::test]
async fn a_source_identity_once_set_stays() {
    let trust = json!([{
        "Effect": "Allow",
        "Principal": { "AWS": "123456789012" },
        "Action": ["sts:AssumeRole", "sts:SetSourceIdentity"],
    }]);
    let world = Setup::default().role("deploy", trust, Some(allows(&["sts:*"]))).build().await;
    let as_who =
        |who: &str| AssumeRoleInput { source_identity: Some(who.to_owned()), ..of("deploy") };
    let output = world.call::<AssumeRole>(&world.root(), as_who("alice")).await.unwrap();
    assert_eq!(output.source_identity.as_deref(), Some("alice"));
    let session = world.session(credentials(&output));
    for input in [of("deploy"), as_who("alice")] {
        let output = world.call::<AssumeRole>(&session, input).await.unwrap();
        assert_eq!(output.source_identity.as_deref(), Some("alice"));
    }
    assert_eq!(
        refusal(world.call::<AssumeRole>(&session, as_who("bob")).await),
        "400 ValidationError The source identity is already set for this assume role session"
    );
}

#[tokio::test]
async fn what_goes_with_the_role_is_asked_for_before_the_role() {
    let trust = json!([{
        "Effect": "Allow",
        "Principal": { "AWS": "123456789012" },
        "Action": ["sts:AssumeRole", "sts:SetSourceIdentity"],
        "Condition": { "StringEquals": { "sts:SourceIdentity": "alice" } },
    }]);
    let setup = Setup::default().role("deploy", trust, Some(allows(&["sts:*"])));
    let world = setup.role("closed", json!([]), None).build().await;
    let as_who = |role: &str, who: Option<&str>| AssumeRoleInput {
        source_identity: who.map(str::to_owned),
        ..of(role)
    };
    let root = world.root();
    let root_arn = "arn:aws:iam::123456789012:root";
    for (role, who, action) in [
        ("deploy", None, "sts:AssumeRole"),
        ("deploy", Some("bob"), "sts:SetSourceIdentity"),
        ("closed", Some("alice"), "sts:SetSourceIdentity"),
        ("closed", None, "sts:AssumeRole"),
    ] {
        let result = world.call::<AssumeRole>(&root, as_who(role, who)).await;
        assert_eq!(refusal(result), denied(root_arn, action, role), "{who:?}");
    }
    let tag = Tag { key: "team".to_owned(), value: "blue".to_owned() };
    let tagged = AssumeRoleInput { tags: Some(vec![tag]), ..of("closed") };
    let result = world.call::<AssumeRole>(&root, tagged).await;
    assert_eq!(refusal(result), denied(root_arn, "sts:TagSession", "closed"));
    let output = world.call::<AssumeRole>(&root, as_who("deploy", Some("alice"))).await.unwrap();
    let session = world.session(credentials(&output));
    assert_eq!(
        refusal(world.call::<AssumeRole>(&session, as_who("deploy", Some("bob"))).await),
        "400 ValidationError The source identity is already set for this assume role session"
    );
}

#[tokio::test]
async fn codes_of_devices_that_nobody_has_are_refused() {
    let world = Setup::default().role("deploy", trusts("123456789012"), None).build().await;
    let with = |serial: Option<&str>, code: Option<&str>| AssumeRoleInput {
        serial_number: serial.map(str::to_owned),
        token_code: code.map(str::to_owned),
        ..of("deploy")
    };
    let cases = [
        (
            with(Some("arn:aws:iam::123456789012:mfa/x"), None),
            "403 AccessDenied MultiFactorAuthentication failed, must provide both MFA serial \
             number and one time pass code.",
        ),
        (
            with(Some("arn:aws:iam::123456789012:mfa/x"), Some("123456")),
            "403 AccessDenied MultiFactorAuthentication failed, unable to validate MFA code.  \
             Please verify your MFA serial number is valid and associated with this user.",
        ),
    ];
    for (input, expected) in cases {
        assert_eq!(refusal(world.call::<AssumeRole>(&world.root(), input).await), expected);
    }
}

#[tokio::test]
async fn a_token_is_as_long_as_it_is_asked_to_be() {
    let world = Setup::default().role("deploy", trusts("123456789012"), None).build().await;
    for size in [1, 1_024, 4_095, 4_096] {
        let input = AssumeRoleInput { minimum_session_token_size: Some(size), ..of("deploy") };
        let output = world.call::<AssumeRole>(&world.root(), input).await.unwrap();
        let issued = credentials(&output);
        assert!(issued.session_token.len() >= usize::try_from(size).unwrap());
        let bytes = i32::try_from(issued.session_token.len()).unwrap();
        assert_eq!(output.session_token_size, Some(bytes));
        let percent = output.session_token_utilization.unwrap();
        assert_eq!(percent, if size < 1_000 { 1 } else { bytes / 655 + 1 });
        let arn = world.session(issued).principal().arn();
        assert_eq!(arn.as_str(), "arn:aws:sts::123456789012:assumed-role/deploy/s1");
    }
    let input = daypass_model::sts::GetSessionTokenInput {
        minimum_session_token_size: Some(4_096),
        ..Default::default()
    };
    let output = world.call::<GetSessionToken>(&world.root(), input).await.unwrap();
    assert_eq!(output.session_token_utilization, Some(7));
    let issued = output.credentials.unwrap();
    assert_eq!(output.session_token_size, i32::try_from(issued.session_token.len()).ok());
    assert!((4_096..4_100).contains(&issued.session_token.len()));
    assert!(world.session(&issued).principal().is_root());
}

#[tokio::test]
async fn what_is_not_an_arn_is_said_to_be_none() {
    let world = Setup::default().build().await;
    let ask = async |role_arn: &str| {
        let input = AssumeRoleInput { role_arn: role_arn.to_owned(), ..of("x") };
        refusal(world.call::<AssumeRole>(&world.root(), input).await)
    };
    // Answers of AWS's, as LocalStack's tests have recorded them.
    for role_arn in [
        "nothing-valid-in-here",
        "arn::b:::something/test-role",
        "arn:a::::something/test-role",
        "arn:a:::something/test-role",
        "arn:a:a::aaaaaaaaaa:",
    ] {
        assert_eq!(ask(role_arn).await, format!("400 ValidationError {role_arn} is invalid"));
    }
    for role_arn in ["arn:a:b:::something/test-role", "arn:aws:iam::123456789012:user/alice"] {
        let denied = format!(
            "403 AccessDenied User: arn:aws:iam::123456789012:root is not authorized to perform: \
             sts:AssumeRole on resource: {role_arn}"
        );
        assert_eq!(ask(role_arn).await, denied);
    }
}

/// A policy that denies a role by its ARN is not got round by another spelling of the ARN.
#[tokio::test]
async fn a_role_has_one_arn() {
    let role = role_arn("deploy");
    let policy = json!([
        { "Effect": "Deny", "Action": "sts:AssumeRole", "Resource": role },
        allows(&["sts:AssumeRole"]),
    ]);
    let setup = Setup::default().user("alice", Some(policy));
    let world = setup.role("deploy", trusts("123456789012"), None).build().await;
    let alice = "arn:aws:iam::123456789012:user/alice";
    for role_arn in [
        role.clone(),
        role.replace("arn:aws:", "arn:aws-cn:"),
        role.replace("iam::", "iam:us-east-1:"),
        role.replace("iam", "IAM"),
    ] {
        let expected = denied(alice, "sts:AssumeRole", "deploy").replace(&role, &role_arn);
        let input = AssumeRoleInput { role_arn, ..of("deploy") };
        let result = world.call::<AssumeRole>(&world.user("alice"), input).await;
        assert_eq!(refusal(result), expected);
    }
}

#[tokio::test]
async fn session_tokens_of_users_are_the_user_and_may_assume_roles_only() {
    let policy = Some(allows(&["*"]));
    let setup = Setup::default().user("alice", policy);
    let world = setup.role("deploy", trusts("123456789012"), None).build().await;
    let get = |seconds| daypass_model::sts::GetSessionTokenInput {
        duration_seconds: seconds,
        ..Default::default()
    };
    let output = world.call::<GetSessionToken>(&world.user("alice"), get(None)).await.unwrap();
    let issued = output.credentials.unwrap();
    assert_eq!(issued.expiration.secs(), NOW + 43_200);
    let session = world.session(&issued);
    assert!(matches!(session.principal(), Principal::User { name, .. } if &**name == "alice"));
    assert!(world.call::<AssumeRole>(&session, of("deploy")).await.is_ok());
    assert_eq!(
        refusal(world.call::<GetSessionToken>(&session, get(None)).await),
        "403 AccessDenied Cannot call GetSessionToken with session credentials"
    );
    // A root user's are cut to an hour.
    let output = world.call::<GetSessionToken>(&world.root(), get(Some(7_200))).await.unwrap();
    assert_eq!(output.credentials.unwrap().expiration.secs(), NOW + 3_600);
}

fn of(role: &str) -> AssumeRoleInput {
    AssumeRoleInput {
        role_arn: role_arn(role),
        role_session_name: "s1".to_owned(),
        ..AssumeRoleInput::default()
    }
}

fn denied(who: &str, action: &str, role: &str) -> String {
    let role = role_arn(role);
    format!(
        "403 AccessDenied User: {who} is not authorized to perform: {action} on resource: {role}"
    )
}
