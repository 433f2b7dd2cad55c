//! The condition keys that policies ask for.

use daypass_model::iam::{
    GetContextKeysForCustomPolicyInput, GetContextKeysForPrincipalPolicyInput,
};

use super::*;
use crate::generated::{GetContextKeysForCustomPolicy, GetContextKeysForPrincipalPolicy};

fn asks_for(keys: &[&str]) -> String {
    let conditions: Vec<String> = keys.iter().map(|key| format!(r#""{key}": "x""#)).collect();
    format!(
        r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": "s3:*",
            "Resource": "*", "Condition": {{"StringEquals": {{{}}}}}}}}}"#,
        conditions.join(", ")
    )
}

#[test]
fn of_policies_that_are_given() {
    let fixture = Fixture::new();
    let list = [
        asks_for(&["aws:PrincipalTag/Team", "s3:prefix"]),
        one("Allow", "iam:GetUser", "arn:aws:iam::*:user/${aws:username}"),
        asks_for(&["AWS:principaltag/team", "aws:SourceIp"]),
    ];
    let input = GetContextKeysForCustomPolicyInput { policy_input_list: list.to_vec() };
    let output = fixture.ok::<GetContextKeysForCustomPolicy>(input);
    assert_eq!(
        output.context_key_names.unwrap(),
        ["aws:PrincipalTag/Team", "s3:prefix", "aws:username", "aws:SourceIp"]
    );
    let broken = GetContextKeysForCustomPolicyInput { policy_input_list: strings(&["[]"]) };
    assert_eq!(
        fixture.refusal::<GetContextKeysForCustomPolicy>(broken),
        "InvalidInput: Invalid policy document in PolicyInputList.1: Syntax errors in policy."
    );
}

#[test]
fn of_policies_that_are_held() {
    let fixture = Fixture::new();
    fixture.user("bob", Some(&asks_for(&["aws:SourceIp"])));
    let ask = |arn: &str, given: Option<Vec<String>>| GetContextKeysForPrincipalPolicyInput {
        policy_source_arn: arn.to_owned(),
        policy_input_list: given,
    };
    let bob = "arn:aws:iam::000000000000:user/bob";
    let keys = |given| {
        let output = fixture.ok::<GetContextKeysForPrincipalPolicy>(ask(bob, given));
        output.context_key_names.unwrap()
    };
    assert_eq!(keys(None), ["aws:SourceIp"]);
    assert_eq!(
        keys(Some(vec![asks_for(&["s3:prefix", "aws:sourceip"])])),
        ["aws:SourceIp", "s3:prefix"]
    );
    for (arn, text) in [
        (
            "arn:aws:iam::000000000000:user/x/bob",
            "NoSuchEntity: The user with name bob cannot be found.",
        ),
        (
            "arn:aws:iam::000000000000:role/none",
            "NoSuchEntity: The role with name none cannot be found.",
        ),
        (
            "arn:aws:iam::000000000000:group/none",
            "NoSuchEntity: The group with name none cannot be found.",
        ),
        (
            "arn:aws:iam::000000000000:root",
            "InvalidInput: Invalid Entity Arn: arn:aws:iam::000000000000:root does not clearly \
             define entity type and name.",
        ),
    ] {
        let refusal = fixture.refusal::<GetContextKeysForPrincipalPolicy>(ask(arn, None));
        assert_eq!(refusal, text);
    }
}
