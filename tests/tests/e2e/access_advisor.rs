//! What was really called is in the reports of last access, with AWS's SDK.

use aws_sdk_iam::types::{AccessAdvisorUsageGranularityType, EncodingType, JobStatusType};
use daypass_tests::{Refused, World};

#[tokio::test]
async fn a_report_tells_what_was_really_called() {
    let world = World::start().await;
    let alice = world.user("alice").await;
    let root = world.iam(&world.root());
    let policy = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["iam:List*","s3:*"],"Resource":"*"}}"#;
    let put = root.put_user_policy().user_name("alice").policy_name("own").policy_document(policy);
    put.send().await.unwrap();
    let iam = world.iam(&alice);
    iam.list_users().send().await.unwrap();
    // What is denied counts, too.
    assert_eq!(iam.get_account_summary().send().await.refused().code, "AccessDenied");

    let arn = "arn:aws:iam::123456789012:user/alice";
    let generate = root.generate_service_last_accessed_details().arn(arn);
    let generate = generate.granularity(AccessAdvisorUsageGranularityType::ActionLevel);
    let job = generate.send().await.unwrap().job_id.unwrap();
    let report = root.get_service_last_accessed_details().job_id(&job).send().await.unwrap();
    assert_eq!(*report.job_status(), JobStatusType::Completed);
    let services = report.services_last_accessed();
    let names: Vec<_> = services.iter().map(|one| one.service_namespace()).collect();
    assert_eq!(names, ["iam", "s3"]);
    let [of_iam, of_s3] = services else { panic!("{services:?}") };
    assert_eq!(of_iam.last_authenticated_entity(), Some(arn));
    assert_eq!(of_iam.last_authenticated_region(), Some("us-east-1"));
    assert!(of_s3.last_authenticated().is_none());
    let used: Vec<_> = of_iam
        .tracked_actions_last_accessed()
        .iter()
        .filter(|action| action.last_accessed_time().is_some())
        .filter_map(|action| action.action_name())
        .collect();
    assert_eq!(used, ["GetAccountSummary", "ListUsers"]);
    let with_entities = root.get_service_last_accessed_details_with_entities();
    let entities = with_entities.job_id(&job).service_namespace("iam").send().await.unwrap();
    assert_eq!(entities.entity_details_list()[0].entity_info().unwrap().name(), "alice");
    // The report is its reader's: nobody else's, whatever they may.
    let all =
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
    let put = root.put_user_policy().user_name("alice").policy_name("own").policy_document(all);
    put.send().await.unwrap();
    let refused = iam.get_service_last_accessed_details().job_id(&job).send().await.refused();
    assert_eq!(refused.code, "NoSuchEntity");
}

#[tokio::test]
async fn a_key_for_ssh_is_shown_in_both_encodings() {
    const KEY: &str = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDej++IVw2nyn6UHB5cgrc+s93rQTVgnTtKHnj/XFNwZnxA/Zg0hv1aDW3x+G8vBrslc8RK8v1SOZqc9A2h6PA1dbB7OOLKOp7oekk13zsQeFFrdRPqCc8LltWAU8K/LUcURIpjvOsMu0INEQUkFEbcmWVtRrt1rAZsXjRDXvFXffxvKBRP5tJtECGrr/BPheuf+fRCDmM5l+FCKcCSfa6OTkllvzQ/2u2xTBwUp7kdXoT6PaP00jFottgvikcnAiOYxFS4uCsBUT77Mz+jc+74XDm4sLJeBiviOg8OeaTVMbkBeO6TVbW1zcBOf+dZmbQlhmWrkrQD6Z5Cbt9FXQSr alice@laptop";
    let world = World::start().await;
    world.user("alice").await;
    let root = world.iam(&world.root());
    let upload = root.upload_ssh_public_key().user_name("alice").ssh_public_key_body(KEY);
    let made = upload.send().await.unwrap().ssh_public_key.unwrap();
    assert_eq!(made.fingerprint(), "3c:7f:00:85:b8:a4:8b:ca:f7:7e:fe:2b:3c:19:c5:8b");
    let get = async |encoding| {
        let get = root.get_ssh_public_key().user_name("alice");
        let get = get.ssh_public_key_id(made.ssh_public_key_id()).encoding(encoding);
        get.send().await.unwrap().ssh_public_key.unwrap().ssh_public_key_body
    };
    assert_eq!(get(EncodingType::Ssh).await, KEY);
    assert!(get(EncodingType::Pem).await.starts_with("-----BEGIN PUBLIC KEY-----\n"));
    let listed = root.list_ssh_public_keys().user_name("alice").send().await.unwrap();
    assert_eq!(listed.ssh_public_keys().len(), 1);
}
