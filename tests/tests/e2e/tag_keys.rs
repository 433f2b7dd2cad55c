//! The case of tag keys does not count, by one folding: whoever writes a key with other letters of
//! Unicode gets past no policy and past no check.

use aws_sdk_iam::types::Tag;
use daypass_tests::{ACCOUNT, Refused, World, allow, policy, refusal, session_keys};
use serde_json::{Value, json};

/// The key of a policy, and how else it may be sent: with U+212A, U+017F, U+0131, U+0130, U+2126.
const SAME: [(&str, &str); 6] = [
    ("key", "\u{212a}ey"),
    ("\u{212a}ey", "Key"),
    ("cost", "Co\u{17f}t"),
    ("id", "\u{131}d"),
    ("id", "\u{130}D"),
    ("\u{3c9}", "\u{2126}"),
];

fn tag(key: &str, value: &str) -> Tag {
    Tag::builder().key(key).value(value).build().unwrap()
}

fn session_tag(key: &str, value: &str) -> aws_sdk_sts::types::Tag {
    aws_sdk_sts::types::Tag::builder().key(key).value(value).build().unwrap()
}

/// Everything, but for what meets the condition. IAM takes documents of Latin-1, and what JSON escapes
/// in them.
fn all_but(condition: &Value) -> String {
    let deny = json!({"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": condition});
    let document = policy(json!([allow("*", "*"), deny]));
    let escape = |character: char| match character {
        ' '..='~' => character.to_string(),
        other => format!("\\u{:04x}", u32::from(other)),
    };
    document.chars().map(escape).collect()
}

#[tokio::test]
async fn a_deny_holds_however_the_key_is_written() {
    let world = World::start().await;
    let root = world.iam(&world.root());
    let alice = world.user("alice").await;
    let iam = world.iam(&alice);
    root.create_user().user_name("bob").send().await.unwrap();
    let denies = async |condition: Value| {
        let document = all_but(&condition);
        let call = root.put_user_policy().user_name("alice").policy_name("permitted");
        call.policy_document(document).send().await.unwrap();
    };
    for (written, sent) in SAME {
        let case = format!("{written} {sent}");
        // In the request.
        denies(json!({"StringEquals": {format!("aws:RequestTag/{written}"): "bad"}})).await;
        let tagged = iam.tag_user().user_name("bob").tags(tag(sent, "bad")).send().await;
        assert_eq!(tagged.refused().status, 403, "{case}");
        iam.tag_user().user_name("bob").tags(tag(sent, "good")).send().await.expect(&case);
        // On the resource.
        denies(json!({"StringEqualsIfExists": {format!("aws:ResourceTag/{written}"): "good"},
                      "Null": {format!("iam:ResourceTag/{written}"): "false"}}))
        .await;
        let renamed = iam.update_user().user_name("bob").new_path("/x/").send().await;
        assert_eq!(renamed.refused().status, 403, "{case}");
        root.untag_user().user_name("bob").tag_keys(written).send().await.unwrap();
        assert_eq!(root.list_user_tags().user_name("bob").send().await.unwrap().tags, [], "{case}");
        iam.update_user().user_name("bob").new_path("/x/").send().await.expect(&case);
        // Of the caller, in a key and in a variable.
        root.tag_user().user_name("alice").tags(tag(sent, "alice")).send().await.unwrap();
        let variable = format!("${{aws:PrincipalTag/{written}}}");
        for condition in [
            json!({"StringEquals": {format!("aws:PrincipalTag/{written}"): "alice"}}),
            json!({"StringEquals": {"aws:username": variable}}),
        ] {
            denies(condition.clone()).await;
            assert_eq!(iam.list_users().send().await.refused().status, 403, "{case} {condition}");
        }
        root.untag_user().user_name("alice").tag_keys(written).send().await.unwrap();
        iam.list_users().send().await.expect(&case);
    }
}

#[tokio::test]
async fn a_key_is_given_once_however_it_is_written() {
    let world = World::start().await;
    let iam = world.iam(&world.root());
    let role = world.admin_role("gate").await;
    let document = policy(json!({
        "Effect": "Allow",
        "Principal": {"AWS": ACCOUNT},
        "Action": ["sts:AssumeRole", "sts:TagSession"],
    }));
    let update = iam.update_assume_role_policy().role_name("gate");
    update.policy_document(document).send().await.unwrap();
    let message = "Duplicate tag keys found. Please note that Tag keys are case insensitive.";
    for (written, sent) in SAME {
        let call = iam.create_user().user_name("bob");
        let twice = call.tags(tag(written, "1")).tags(tag(sent, "2")).send().await;
        assert_eq!(twice.refused(), refusal(400, "InvalidInput", message), "{sent}");

        let sts = world.sts(&world.root());
        let open = || sts.assume_role().role_arn(role.arn()).role_session_name("hop");
        let twice = open().tags(session_tag(written, "1")).tags(session_tag(sent, "2"));
        let twice = twice.send().await.refused();
        assert_eq!(twice, refusal(400, "InvalidParameterValue", message), "{sent}");

        // What is transitive cannot be set anew further down the chain.
        let first = open().tags(session_tag(written, "1")).transitive_tag_keys(sent);
        let first = session_keys(first.send().await.unwrap().credentials);
        let second = world.sts(&first).assume_role().role_arn(role.arn()).role_session_name("hop");
        let second = second.tags(session_tag(sent, "2")).send().await.refused();
        let conflicts = "One of the specified transitive tag keys can't be set because it conflicts \
                         with a transitive tag key from the calling session.";
        assert_eq!(second, refusal(400, "InvalidParameterValue", conflicts), "{sent}");
    }
}
