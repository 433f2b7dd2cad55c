//! Generated decoders, one case for each kind of constraint and service.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::fmt::Debug;

use daypass_model::iam::{self, StatusType};
use daypass_model::{Service, sts};
use daypass_wire::{Decode, Params, decode};
use proptest::prelude::*;

fn read<T: Decode>(service: Service, form: &str) -> Result<T, (&'static str, Option<String>)> {
    let params = Params::from_form(form.as_bytes()).unwrap();
    decode(&params, service.constraint_texts())
        .map_err(|fault| (fault.code, fault.message.map(Into::into)))
}

#[track_caller]
fn refused<T: Decode + Debug>(service: Service, form: &str, message: &str) {
    let refusal = read::<T>(service, form).unwrap_err();
    assert_eq!(refusal, ("ValidationError", Some(message.to_owned())), "{form}");
}

const ROLE: &str = "RoleArn=arn:aws:iam::123456789012:role/r";

#[test]
fn f2_sts_refuses_as_sts_does() {
    let assume = |rest: &str, message: &str| {
        refused::<sts::AssumeRoleInput>(Service::Sts, &format!("{ROLE}&{rest}"), message);
    };
    refused::<sts::AssumeRoleInput>(
        Service::Sts,
        "RoleSessionName=s1",
        "1 validation error detected: Value null at 'roleArn' failed to satisfy constraint: \
         Member must not be null",
    );
    refused::<sts::AssumeRoleInput>(
        Service::Sts,
        "RoleArn=&RoleSessionName=s1",
        "2 validation errors detected: Value '' at 'roleArn' failed to satisfy constraint: \
         Member must satisfy regular expression pattern: \
         [\\u0009\\u000A\\u000D\\u0020-\\u007E\\u0085\\u00A0-\\uD7FF\\uE000-\\uFFFD\\u10000-\\u10FFFF]+; \
         Value '' at 'roleArn' failed to satisfy constraint: \
         Member must have length greater than or equal to 20",
    );
    assume(
        "RoleSessionName=a%20b",
        "1 validation error detected: Value 'a b' at 'roleSessionName' failed to satisfy \
         constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*",
    );
    assume(
        "RoleSessionName=s1&DurationSeconds=899",
        "1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy \
         constraint: Member must have value greater than or equal to 900",
    );
    assume(
        "RoleSessionName=s1&Tags.member.1.Key=&Tags.member.1.Value=v",
        "2 validation errors detected: Value '' at 'tags.1.member.key' failed to satisfy \
         constraint: Member must satisfy regular expression pattern: \
         [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+; Value '' at 'tags.1.member.key' failed to satisfy \
         constraint: Member must have length greater than or equal to 1",
    );
    assume(
        "RoleSessionName=s1&PolicyArns.member.1.arn=short",
        "1 validation error detected: Value 'short' at 'policyArns.1.member.arn' failed to \
         satisfy constraint: Member must have length greater than or equal to 20",
    );
    // Characters beyond U+FFFF fail the pattern, though it seems to name them.
    assume(
        "RoleSessionName=s1&PolicyArns.member.1.arn=arn:aws:iam::aws:policy/%F0%9F%98%80",
        "1 validation error detected: Value 'arn:aws:iam::aws:policy/\u{1f600}' at \
         'policyArns.1.member.arn' failed to satisfy constraint: Member must satisfy regular \
         expression pattern: \
         [\\u0009\\u000A\\u000D\\u0020-\\u007E\\u0085\\u00A0-\\uD7FF\\uE000-\\uFFFD\\u10000-\\u10FFFF]+",
    );
    refused::<sts::AssumeRoleWithSamlInput>(
        Service::Sts,
        &format!("{ROLE}&PrincipalArn=arn:aws:iam::123456789012:saml-provider/p&SAMLAssertion=abc"),
        "1 validation error detected: Value at 'sAMLAssertion' failed to satisfy constraint: \
         Member must have length greater than or equal to 4",
    );
}

#[test]
fn the_corrections_of_sts_hold() {
    let identity = "s".repeat(256);
    let form = format!("{ROLE}&RoleSessionName=s1&SourceIdentity={identity}");
    assert_eq!(
        read::<sts::AssumeRoleInput>(Service::Sts, &form).unwrap().source_identity,
        Some(identity)
    );
    assert!(read::<sts::AssumeRoleInput>(Service::Sts, &format!("{form}s")).is_err());
    let policies: String =
        (1..=11).map(|n| format!("&PolicyArns.member.{n}.arn=arn:aws:iam::aws:policy/P")).collect();
    refused::<sts::AssumeRoleInput>(
        Service::Sts,
        &format!("{ROLE}&RoleSessionName=s1{policies}"),
        "1 validation error detected: Value at 'policyArns' failed to satisfy constraint: \
         Member must have length less than or equal to 10",
    );
}

#[test]
fn sts_reads_numbers_as_sts_does() {
    let read = |number: &str| {
        let form = format!("{ROLE}&RoleSessionName=s1&DurationSeconds={number}");
        read::<sts::AssumeRoleInput>(Service::Sts, &form).map(|input| input.duration_seconds)
    };
    assert_eq!(read("%2B900"), Ok(Some(900)));
    assert_eq!(read("0900"), Ok(Some(900)));
    assert_eq!(read("900.5"), Err(("MalformedInput", None)));
    assert_eq!(
        read(""),
        Err(("MalformedInput", Some("missing value for decimal type".to_owned())))
    );
}

#[test]
fn f2_iam_refuses_as_iam_does() {
    refused::<iam::CreateUserInput>(
        Service::Iam,
        "UserName=a:b",
        "The specified value for userName is invalid. It must contain only alphanumeric \
         characters and/or the following: +=,.@_-",
    );
    refused::<iam::CreateUserInput>(
        Service::Iam,
        "UserName=u&Path=a",
        "The specified value for path is invalid. It must begin and end with / and contain only \
         alphanumeric characters and/or / characters.",
    );
    refused::<iam::ListUsersInput>(
        Service::Iam,
        "PathPrefix=a",
        "The specified value for pathPrefix is invalid. It must begin with the / character and \
         contain only alphanumeric characters and/or / characters.",
    );
    refused::<iam::GetAccessKeyLastUsedInput>(
        Service::Iam,
        "AccessKeyId=AKIA-0123456789AB",
        "The specified value for accessKeyId is invalid. It must contain only alphanumeric \
         characters.",
    );
    refused::<iam::PutUserPolicyInput>(
        Service::Iam,
        "UserName=u&PolicyName=p&PolicyDocument=%E2%82%AC",
        "The specified value for policyDocument is invalid. It must contain only printable ASCII \
         characters.",
    );
    let name = "r".repeat(65);
    refused::<iam::CreateRoleInput>(
        Service::Iam,
        &format!("RoleName={name}&AssumeRolePolicyDocument=x"),
        "1 validation error detected: Value at 'roleName' failed to satisfy constraint: Member must \
         have length less than or equal to 64",
    );
    refused::<iam::UpdateAccessKeyInput>(
        Service::Iam,
        "AccessKeyId=AKIA0123456789ABCDEF&Status=on",
        "1 validation error detected: Value at 'status' failed to satisfy constraint: Member must \
         satisfy enum value set",
    );
    refused::<iam::GetPolicyVersionInput>(
        Service::Iam,
        "PolicyArn=arn:aws:iam::aws:policy/P&VersionId=1",
        "1 validation error detected: Value at 'versionId' failed to satisfy constraint: \
         Member must satisfy regular expression pattern: v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?",
    );
    refused::<iam::GetAccountAuthorizationDetailsInput>(
        Service::Iam,
        "Filter.member.1=user",
        "1 validation error detected: Value at 'filter' failed to satisfy constraint: Member must \
         satisfy constraint: [Member must satisfy enum value set]",
    );
    refused::<iam::TagRoleInput>(
        Service::Iam,
        "RoleName=r&Tags.member.1.Key=%3F&Tags.member.1.Value=v",
        "1 validation error detected: Value at 'tags.1.member.key' failed to satisfy constraint: \
         Member must satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+",
    );
    refused::<iam::ListRolesInput>(
        Service::Iam,
        "MaxItems=1001",
        "1 validation error detected: Value at 'maxItems' failed to satisfy constraint: Member must \
         have value less than or equal to 1000",
    );
    refused::<iam::UntagRoleInput>(
        Service::Iam,
        "RoleName=r&TagKeys.member.1=%3F",
        "1 validation error detected: Value at 'tagKeys' failed to satisfy constraint: Member must \
         satisfy constraint: [Member must have length less than or equal to 128, Member must have \
         length greater than or equal to 1, Member must satisfy regular expression pattern: \
         [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+, Member must not be null]",
    );
}

#[test]
fn aliases_match_without_a_look_ahead() {
    let alias = |alias: &str| {
        read::<iam::CreateAccountAliasInput>(Service::Iam, &format!("AccountAlias={alias}"))
    };
    for good in ["abc", "a-b", "a-b-c", "0a0"] {
        assert!(alias(good).is_ok(), "{good}");
    }
    for bad in ["ab", "-ab", "ab-", "a--b", "aBc", &"a".repeat(64)] {
        assert!(alias(bad).is_err(), "{bad}");
    }
}

#[test]
fn words_become_enumerations() {
    let form = "AccessKeyId=AKIA0123456789ABCDEF&Status=Inactive";
    let input = read::<iam::UpdateAccessKeyInput>(Service::Iam, form).unwrap();
    assert_eq!(input.status, StatusType::Inactive);
    assert_eq!("Active".parse(), Ok(StatusType::Active));
    assert!("active".parse::<StatusType>().is_err());
    assert_eq!(StatusType::Expired.to_string(), "Expired");
}

proptest! {
    #[test]
    fn no_request_is_too_strange(
        pairs in proptest::collection::vec(
            ("(Tags|PolicyArns|ReplacementValues|ContextEntries|RoleArn|DurationSeconds|PolicyInputList)(\\.(member|entry|1|2|9|Key|key|value|arn|ContextKeyValues|ReplacementValues)){0,5}", "\\PC{0,30}"),
            0..12,
        )
    ) {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        let _ = read::<sts::AssumeRoleInput>(Service::Sts, &form);
        let _ = read::<iam::AcquireRoleInput>(Service::Iam, &form);
        let _ = read::<iam::SimulateCustomPolicyInput>(Service::Iam, &form);
    }

    #[test]
    fn what_a_client_asks_is_what_we_read(
        name in "[a-zA-Z0-9+=,.@_-]{1,64}",
        path in proptest::option::of("/[!-~]{1,20}/"),
        tags in proptest::collection::vec(("[\\p{L}\\p{N} .:/=+@-]{1,20}", "[\\p{L}\\p{N} .:/=+@-]{0,20}"), 1..20),
    ) {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("Action", "CreateUser").append_pair("UserName", &name);
        if let Some(path) = &path {
            form.append_pair("Path", path);
        }
        for (index, (key, value)) in tags.iter().enumerate() {
            form.append_pair(&format!("Tags.member.{}.Key", index + 1), key);
            form.append_pair(&format!("Tags.member.{}.Value", index + 1), value);
        }
        let expected = iam::CreateUserInput {
            user_name: name,
            path,
            tags: Some(tags.into_iter().map(|(key, value)| iam::Tag { key, value }).collect()),
            permissions_boundary: None,
        };
        prop_assert_eq!(read(Service::Iam, &form.finish()), Ok(expected));
    }
}
