//! Whole accounts, from AWS's form and back, with the command as it is typed into a shell.

use std::path::PathBuf;
use std::process::Output;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws_credential_types::Credentials;
use daypass::Daypass;
use daypass_tests::{PATIENCE, Refused, Sent, World, daypass, run};
use tokio::process::Command;

/// What AWS's CLI prints of an account in which alice may do nothing but assume a role that allows to list users.
const DETAILS: &str = r#"{
    "UserDetailList": [
        {
            "Path": "/staff/",
            "UserName": "alice",
            "UserId": "AIDACKCEVSQ6C2EXAMPLE",
            "Arn": "arn:aws:iam::111122223333:user/staff/alice",
            "CreateDate": "2019-11-13T17:30:00+00:00",
            "GroupList": ["callers"],
            "AttachedManagedPolicies": [],
            "Tags": [{ "Key": "team", "Value": "red" }]
        }
    ],
    "GroupDetailList": [
        {
            "Path": "/",
            "GroupName": "callers",
            "GroupId": "AGPACKCEVSQ6C2EXAMPLE",
            "Arn": "arn:aws:iam::111122223333:group/callers",
            "CreateDate": "2019-11-13T17:30:00+00:00",
            "GroupPolicyList": [
                {
                    "PolicyName": "assume",
                    "PolicyDocument": {
                        "Version": "2012-10-17",
                        "Statement": [{ "Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*" }]
                    }
                }
            ],
            "AttachedManagedPolicies": []
        }
    ],
    "RoleDetailList": [
        {
            "Path": "/",
            "RoleName": "lister",
            "RoleId": "AROACKCEVSQ6C2EXAMPLE",
            "Arn": "arn:aws:iam::111122223333:role/lister",
            "CreateDate": "2019-11-13T17:30:00+00:00",
            "AssumeRolePolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": { "AWS": "arn:aws:iam::111122223333:user/staff/alice" },
                        "Action": "sts:AssumeRole"
                    }
                ]
            },
            "InstanceProfileList": [],
            "RolePolicyList": [],
            "AttachedManagedPolicies": [
                { "PolicyName": "list", "PolicyArn": "arn:aws:iam::111122223333:policy/list" }
            ],
            "Tags": [],
            "RoleLastUsed": {}
        }
    ],
    "Policies": [
        {
            "PolicyName": "list",
            "PolicyId": "ANPACKCEVSQ6C2EXAMPLE",
            "Arn": "arn:aws:iam::111122223333:policy/list",
            "Path": "/",
            "DefaultVersionId": "v2",
            "AttachmentCount": 1,
            "PermissionsBoundaryUsageCount": 0,
            "IsAttachable": true,
            "CreateDate": "2019-11-13T17:30:00+00:00",
            "UpdateDate": "2019-11-14T17:30:00+00:00",
            "PolicyVersionList": [
                {
                    "Document": {
                        "Version": "2012-10-17",
                        "Statement": [{ "Effect": "Allow", "Action": "iam:ListUsers", "Resource": "*" }]
                    },
                    "VersionId": "v2",
                    "IsDefaultVersion": true,
                    "CreateDate": "2019-11-14T17:30:00+00:00"
                }
            ]
        }
    ]
}
"#;

/// A folder that goes with the test.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn files(files: &[(&str, &str)]) -> Folder {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = format!("daypass-transfer-{}-{number}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&folder).unwrap();
    for (name, text) in files {
        std::fs::write(folder.join(name), text).unwrap();
    }
    Folder(folder)
}

async fn typed(folder: &Folder, world: &World, arguments: &[&str]) -> Output {
    let mut command = daypass(arguments.iter().copied());
    command.current_dir(&folder.0).env("AWS_ENDPOINT_URL", world.daypass.endpoint());
    run(command).await
}

fn told(output: &Output) -> (i32, String) {
    let text = [&output.stdout[..], &output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8(text).unwrap())
}

fn root() -> Credentials {
    Credentials::from_keys("111122223333", "test", None)
}

#[tokio::test]
async fn an_account_of_aws_is_tried_out() {
    let world = World::start().await;
    let folder = files(&[("account.json", DETAILS)]);
    let (code, text) = told(&typed(&folder, &world, &["import", "account.json"]).await);
    let contents = "1 account, 1 user, 1 group, 1 role, 1 policy";
    assert_eq!((code, text), (0, format!("{}: {contents}\n", world.daypass.endpoint())));

    let iam = world.iam(&root());
    let alice = iam.get_user().user_name("alice").send().await.unwrap().user.unwrap();
    assert_eq!(
        (alice.user_id(), alice.create_date().secs()),
        ("AIDACKCEVSQ6C2EXAMPLE", 1_573_666_200)
    );
    let key = iam.create_access_key().user_name("alice").send().await.unwrap().access_key.unwrap();
    let alice = Credentials::from_keys(key.access_key_id(), key.secret_access_key(), None);
    let refused = world.iam(&alice).list_users().send().await.refused();
    assert_eq!((refused.status, &*refused.code), (403, "AccessDenied"));
    let role = iam.get_role().role_name("lister").send().await.unwrap().role.unwrap();
    let lister = world.assume(&alice, &role).await;
    assert_eq!(world.iam(&lister).list_users().send().await.unwrap().users().len(), 1);

    // What is there does not give way, and nothing is changed.
    let (code, text) = told(&typed(&folder, &world, &["import", "account.json"]).await);
    assert_eq!(code, 1, "{text}");
    assert!(text.starts_with("daypass: 4 things do not fit; nothing is changed\n"), "{text}");
    let there = "account.json:5:25: EntityAlreadyExists: User with name alice already exists.";
    assert!(text.contains(there), "{text}");
    assert_eq!(world.identity(&alice).await[0], "arn:aws:iam::111122223333:user/staff/alice");
}

#[tokio::test]
async fn what_is_exported_is_what_was_imported() {
    let world = World::start().await;
    let folder = files(&[("account.json", DETAILS)]);
    let account = ["--account", "111122223333"];
    let imported = typed(&folder, &world, &["import", "account.json"]).await;
    assert!(imported.status.success(), "{imported:?}");
    let exported = typed(&folder, &world, &["export", account[0], account[1]]).await;
    let [given, shown]: [serde_json::Value; 2] =
        [DETAILS.as_bytes(), &exported.stdout].map(|text| serde_json::from_slice(text).unwrap());
    assert_eq!(given, shown);

    // And back, into a server of its own, by way of a seed.
    std::fs::write(folder.0.join("again.json"), &exported.stdout).unwrap();
    let written = typed(&folder, &world, &["import", "again.json", "--to-seed", "seed.json"]).await;
    assert!(written.status.success(), "{written:?}");
    let seed = daypass::Seed::read(&folder.0.join("seed.json")).unwrap();
    let other = World::of(Daypass::builder().seed(seed)).await;
    let again = typed(&folder, &other, &["export"]).await;
    let text = |output: Output| String::from_utf8(output.stdout).unwrap();
    assert_eq!(text(again), text(exported));
}

#[tokio::test]
async fn several_accounts_go_in_together_or_not_at_all() {
    let world = World::start().await;
    let other = DETAILS.replace("111122223333", "444455556666").replace("C2EXAMPLE", "C3EXAMPLE");
    let wrong = other.replace("\"Action\": \"iam:ListUsers\", ", "");
    let folder = files(&[("a.json", DETAILS), ("b.json", &wrong), ("c.json", &other)]);
    let (code, text) = told(&typed(&folder, &world, &["import", "a.json", "b.json"]).await);
    assert_eq!(code, 1);
    let line = wrong.lines().position(|line| line.contains("\"Document\"")).unwrap() + 1;
    let expected = format!("daypass: b.json:{line}:33: MalformedPolicyDocument: ");
    assert!(text.starts_with(&expected), "{text}");
    assert_eq!(world.iam(&root()).list_users().send().await.unwrap().users(), []);

    let (code, text) = told(&typed(&folder, &world, &["import", "a.json", "c.json"]).await);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("2 accounts, 2 users"), "{text}");
    let both = typed(&folder, &world, &["export"]).await;
    let both: serde_json::Value = serde_json::from_slice(&both.stdout).unwrap();
    assert_eq!(both.as_array().unwrap().len(), 2);
}

/// Where nobody knows the keys the root user signs, and works in their own account alone.
#[tokio::test]
async fn a_root_user_moves_their_own_account() {
    let world = World::of(Daypass::builder().well_known_keys(false)).await;
    let account = world.daypass.account().to_string();
    let own = DETAILS.replace("111122223333", &account);
    let folder = files(&[("own.json", &own), ("other.json", DETAILS)]);
    let signed = |arguments: &[&str], secret: &str| {
        let mut command = daypass(arguments.iter().copied());
        let keys = world.daypass.root_credentials();
        command.current_dir(&folder.0).env("AWS_ENDPOINT_URL", world.daypass.endpoint());
        command.env("AWS_ACCESS_KEY_ID", &keys.access_key_id).env("AWS_SECRET_ACCESS_KEY", secret);
        run(command)
    };
    let secret = world.daypass.root_credentials().secret_access_key.expose().clone();
    let alice = world.user("bob").await;
    for arguments in [&["import", "own.json"][..], &["export"]] {
        let (code, text) = told(&typed(&folder, &world, arguments).await);
        assert_eq!(code, 2, "{text}");
        assert!(text.contains("obeys clients on its own machine"), "{text}");
        let (code, text) = told(&signed(arguments, "guess").await);
        assert_eq!(code, 2, "{text}");
        let mut command: Command = daypass(arguments.iter().copied());
        command.current_dir(&folder.0).env("AWS_ENDPOINT_URL", world.daypass.endpoint());
        command.env("AWS_ACCESS_KEY_ID", alice.access_key_id());
        command.env("AWS_SECRET_ACCESS_KEY", alice.secret_access_key());
        assert_eq!(run(command).await.status.code(), Some(2));
    }
    let (code, text) = told(&signed(&["import", "other.json"], &secret).await);
    assert_eq!(code, 2, "{text}");
    let (code, text) = told(&signed(&["export", "--account", "111122223333"], &secret).await);
    assert_eq!(code, 2, "{text}");
    let (code, text) = told(&signed(&["import", "own.json"], &secret).await);
    assert_eq!(code, 0, "{text}");
    let exported = signed(&["export"], &secret).await;
    let shown: serde_json::Value = serde_json::from_slice(&exported.stdout).unwrap();
    assert_eq!(shown["UserDetailList"].as_array().unwrap().len(), 2);
}

/// A web page of another site does neither, and what is sent names none of the server's files.
#[tokio::test]
async fn what_is_sent_is_the_operators() {
    let world = World::start().await;
    let host = world.daypass.address().to_string();
    for (method, path) in [("POST", "/_daypass/seed"), ("GET", "/_daypass/authorization-details")] {
        let request = Sent::bare(method, &host, path).with("origin", "https://example.com");
        assert_eq!(request.to(&world).await.status, 403, "{path}");
    }
    let seed = r#"{"accounts": [{"id": "111122223333", "saml_providers": [
        {"name": "x", "metadata_file": "/etc/hostname"}]}], "organizations": [
        {"management_account": "111122223333"}]}"#;
    let mut request = Sent::bare("POST", &host, "/_daypass/seed");
    request.body = seed.into();
    let answer = request.to(&world).await;
    assert_eq!(answer.status, 400);
    let body = &answer.body;
    assert!(body.contains("a seed that is sent names no files"), "{body}");
    assert!(body.contains("organizations are made when a server starts"), "{body}");
    tokio::time::timeout(PATIENCE, world.daypass.shutdown()).await.unwrap();
}

/// What the operator adds no control policy keeps out, and it is there afterwards.
#[tokio::test]
async fn organizations_stay_as_they_are() {
    let seed = r#"
[[organizations]]
management_account = "444455556666"
accounts = ["111122223333"]
[[organizations.service_control_policies]]
name = "nothing"
targets = ["root"]
document = '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}'
"#;
    let seed = daypass::Seed::from_toml("seed.toml", seed).unwrap();
    let world = World::of(Daypass::builder().seed(seed)).await;
    let folder = files(&[("account.json", DETAILS)]);
    let (code, text) = told(&typed(&folder, &world, &["import", "account.json"]).await);
    assert_eq!(code, 0, "{text}");
    let exported = typed(&folder, &world, &["export"]).await;
    let shown: serde_json::Value = serde_json::from_slice(&exported.stdout).unwrap();
    assert_eq!(shown["UserDetailList"][0]["UserName"], "alice");
    let refused = world.iam(&root()).list_users().send().await.refused();
    assert_eq!((refused.status, &*refused.code), (403, "AccessDenied"));
}

#[tokio::test]
async fn a_plan_of_terraform_is_tried_before_it_is_applied() {
    let plan = r#"{"planned_values": {"root_module": {"resources": [
        {"address": "aws_iam_user.bob", "mode": "managed", "type": "aws_iam_user", "name": "bob",
         "values": {"name": "bob", "path": "/"}},
        {"address": "aws_iam_user_policy.bob", "mode": "managed", "type": "aws_iam_user_policy", "name": "bob",
         "values": {"name": "list", "user": "bob", "policy": "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"iam:ListUsers\",\"Resource\":\"*\"}}"}},
        {"address": "aws_iam_user_policy.later", "mode": "managed", "type": "aws_iam_user_policy", "name": "later",
         "values": {"name": "later", "user": "bob"}}]}},
        "resource_changes": [{"address": "aws_iam_user_policy.later", "change": {"after_unknown": {"policy": true}}}]}"#;
    let world = World::start().await;
    let folder = files(&[("plan.json", plan)]);
    let account = ["--account", "111122223333"];
    let arguments = ["import", "--terraform-plan", "plan.json", account[0], account[1]];
    let output = typed(&folder, &world, &arguments).await;
    assert!(output.status.success(), "{output:?}");
    let note = "plan.json:6:9: aws_iam_user_policy.later: policy is known only after apply; it is left out\n";
    assert_eq!(String::from_utf8(output.stderr).unwrap(), note);
    let key = world.iam(&root()).create_access_key().user_name("bob").send().await.unwrap();
    let key = key.access_key.unwrap();
    let bob = Credentials::from_keys(key.access_key_id(), key.secret_access_key(), None);
    assert_eq!(world.iam(&bob).list_users().send().await.unwrap().users().len(), 1);
    let refused = world.iam(&bob).list_roles().send().await.refused();
    assert_eq!((refused.status, &*refused.code), (403, "AccessDenied"));
}
