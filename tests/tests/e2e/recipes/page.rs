//! What the page says, for who follows it.

use std::collections::HashMap;

use aws_credential_types::Credentials;
use aws_sdk_iam::types::Tag;
use daypass_tests::{ACCOUNT, World};

const PAGE: &str = include_str!("../../../../docs/recipes.md");

/// Runs the commands of a section that call IAM, as the account's root user or as that of the
/// account which is exported.
pub(super) async fn set_up(world: &World, section: &str) {
    let (_, section) = PAGE.split_once(&format!("\n## {section}\n")).expect("a section");
    let section = section.split("\n## ").next().unwrap();
    let mut keys = world.root();
    for line in section.lines() {
        if let Some(account) = line.strip_prefix("$ export AWS_ACCESS_KEY_ID=") {
            keys = root_of(account);
        }
        if let Some(command) = line.strip_prefix("$ aws iam ") {
            run(&world.iam(&keys), command).await;
        }
    }
}

/// The root user of any account, by its well-known key.
pub(super) fn root_of(account: &str) -> Credentials {
    Credentials::from_keys(account, "test", None)
}

async fn run(iam: &aws_sdk_iam::Client, command: &str) {
    let (operation, options) = command.split_once(' ').unwrap();
    let words: Vec<_> = options.split(' ').collect();
    let options: HashMap<_, _> = words.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
    let option = |name: &str| options[name];
    let file = |name: &str| document(option(name).strip_prefix("file://").unwrap());
    match operation {
        "attach-role-policy" => {
            let call = iam.attach_role_policy().role_name(option("--role-name"));
            call.policy_arn(option("--policy-arn")).send().await.unwrap();
        }
        "create-open-id-connect-provider" => {
            let call = iam.create_open_id_connect_provider().url(option("--url"));
            call.client_id_list(option("--client-id-list")).send().await.unwrap();
        }
        "create-role" => {
            let call = iam.create_role().role_name(option("--role-name"));
            let trust = file("--assume-role-policy-document");
            call.assume_role_policy_document(trust).send().await.unwrap();
        }
        "create-user" => {
            let call = iam.create_user().user_name(option("--user-name"));
            let tag = options.get("--tags").map(|tag| {
                let (key, value) = tag.split_once(',').unwrap();
                let key = key.strip_prefix("Key=").unwrap();
                let value = value.strip_prefix("Value=").unwrap();
                vec![Tag::builder().key(key).value(value).build().unwrap()]
            });
            call.set_tags(tag).send().await.unwrap();
        }
        "put-role-policy" => {
            let call = iam.put_role_policy().role_name(option("--role-name"));
            let call = call.policy_name(option("--policy-name"));
            call.policy_document(file("--policy-document")).send().await.unwrap();
        }
        "put-user-policy" => {
            let call = iam.put_user_policy().user_name(option("--user-name"));
            let call = call.policy_name(option("--policy-name"));
            call.policy_document(file("--policy-document")).send().await.unwrap();
        }
        // Their answers are needed, so that the tests call them.
        "create-access-key" | "create-virtual-mfa-device" | "enable-mfa-device" => {}
        _ => panic!("{operation} is not known here"),
    }
}

/// The policy that stands below its file name.
pub(super) fn document(name: &str) -> String {
    block(name, "json").to_owned()
}

pub(super) fn issuer_in(name: &str) -> String {
    let settings: toml::Table = block(name, "toml").parse().unwrap();
    assert_eq!(settings["account"].as_str(), Some(ACCOUNT));
    settings["oidc_keys"][0]["issuer"].as_str().unwrap().to_owned()
}

/// The first block in a language after a name.
fn block(name: &str, language: &str) -> &'static str {
    let (_, after) = PAGE.split_once(&format!("`{name}`")).expect(name);
    let (_, block) = after.split_once(&format!("\n```{language}\n")).unwrap();
    block.split("\n```").next().unwrap()
}

/// What the page has pods say in their environment.
pub(super) fn pod_variables() -> impl Iterator<Item = (&'static str, &'static str)> {
    block("pod-trust.json", "yaml").lines().filter_map(|line| {
        let variable = line.trim().strip_prefix("- { name: ")?.strip_suffix(" }")?;
        let (name, value) = variable.split_once(", value: ")?;
        Some((name, value.trim_matches('"')))
    })
}
