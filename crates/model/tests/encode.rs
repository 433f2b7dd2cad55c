//! Generated encoders: AWS's order of elements, and what is left out.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use aws_smithy_types::DateTime;
use daypass_ident::Secret;
use daypass_model::{Service, iam, sts};
use daypass_wire::response::{Envelope, success};
use daypass_wire::{Encode, Format};

/// The lines of a result, without indentation.
fn lines(output: &impl Encode) -> Vec<String> {
    let envelope =
        Envelope { operation: "Op", namespace: Service::Sts.namespace(), has_result: true };
    let body = String::from_utf8(success(Format::Xml, envelope, output, "id")).unwrap();
    let lines = body.lines().map(|line| line.trim().to_owned());
    lines.skip(2).take_while(|line| line != "</OpResult>").collect()
}

#[test]
fn a_caller_is_written_in_the_order_of_sts() {
    let output = sts::GetCallerIdentityOutput {
        account: Some("123456789012".to_owned()),
        arn: Some("arn:aws:iam::123456789012:root".to_owned()),
        user_id: Some("123456789012".to_owned()),
    };
    assert_eq!(
        lines(&output),
        [
            "<Arn>arn:aws:iam::123456789012:root</Arn>",
            "<UserId>123456789012</UserId>",
            "<Account>123456789012</Account>",
        ]
    );
}

#[test]
fn a_role_session_is_written_in_the_order_of_sts() {
    let output = sts::AssumeRoleOutput {
        credentials: Some(sts::Credentials {
            access_key_id: "ASIA".to_owned(),
            secret_access_key: Secret::new("shh".to_owned()),
            session_token: "tok".to_owned(),
            expiration: DateTime::from_secs(1_700_000_000),
        }),
        assumed_role_user: Some(sts::AssumedRoleUser {
            arn: "arn".to_owned(),
            assumed_role_id: "AROA:s".to_owned(),
        }),
        source_identity: Some("me".to_owned()),
        ..Default::default()
    };
    assert_eq!(
        lines(&output),
        [
            "<AssumedRoleUser>",
            "<AssumedRoleId>AROA:s</AssumedRoleId>",
            "<Arn>arn</Arn>",
            "</AssumedRoleUser>",
            "<Credentials>",
            "<AccessKeyId>ASIA</AccessKeyId>",
            "<SecretAccessKey>shh</SecretAccessKey>",
            "<SessionToken>tok</SessionToken>",
            "<Expiration>2023-11-14T22:13:20Z</Expiration>",
            "</Credentials>",
            "<SourceIdentity>me</SourceIdentity>",
        ]
    );
    assert!(!format!("{output:?}").contains("shh"));
}

#[test]
fn lists_maps_and_words_are_written() {
    let output =
        iam::GetAccountSummaryOutput { summary_map: Some([("Users".to_owned(), 3)].into()) };
    assert_eq!(
        lines(&output),
        [
            "<SummaryMap>",
            "<entry>",
            "<key>Users</key>",
            "<value>3</value>",
            "</entry>",
            "</SummaryMap>"
        ]
    );
    let output = iam::ListAccessKeysOutput {
        access_key_metadata: vec![iam::AccessKeyMetadata {
            status: Some(iam::StatusType::Active),
            ..Default::default()
        }],
        is_truncated: Some(false),
        marker: None,
    };
    assert_eq!(
        lines(&output),
        [
            "<AccessKeyMetadata>",
            "<member>",
            "<Status>Active</Status>",
            "</member>",
            "</AccessKeyMetadata>",
            "<IsTruncated>false</IsTruncated>",
        ]
    );
    assert_eq!(lines(&iam::ListAccountAliasesOutput::default()), ["<AccountAliases/>"]);
}
