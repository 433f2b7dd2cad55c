use daypass_state::View;

use super::*;

/// A deployment without well-known keys, in which nothing was ever made.
fn refusal(principal: &str) -> Option<String> {
    let view = View::default();
    let known = Known { view: &view, every_account: false, added: &[], advises: false, size: None };
    let document = format!(
        r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow",
            "Principal": {principal}, "Action": "sts:AssumeRole"}}}}"#
    );
    known.with_ids(&document).err().and_then(|error| Some(error.message?.into_owned()))
}

#[test]
fn without_well_known_keys_only_accounts_in_use_can_be_trusted() {
    for gone in [
        "123456789012",
        "arn:aws:iam::123456789012:root",
        "arn:aws:iam::123456789012:user/anna",
        "arn:aws:iam::123456789012:role/ops",
        "arn:aws:sts::123456789012:assumed-role/ops/session",
        "arn:aws:sts::123456789012:federated-user/anna",
        "AROAAAAAAAAAAAAAAAAAA",
    ] {
        let expected = format!(r#"Invalid principal in policy: "AWS":"{gone}""#);
        assert_eq!(refusal(&format!(r#"{{"AWS": "{gone}"}}"#)), Some(expected));
    }
    assert_eq!(refusal(r#"{"AWS": "*"}"#), None);
    assert_eq!(refusal(r#"{"Service": "lambda.amazonaws.com"}"#), None);
}

#[test]
fn a_provider_that_many_share_needs_its_control() {
    let gitlab = "arn:aws:iam::123456789012:oidc-provider/gitlab.com";
    let view = View::default();
    let known = Known { view: &view, every_account: true, added: &[], advises: false, size: None };
    let refusal = |condition: &str| {
        let document = format!(
            r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow",
                "Principal": {{"Federated": "{gitlab}"}}, "Condition": {condition},
                "Action": "sts:AssumeRoleWithWebIdentity"}}}}"#
        );
        known.with_ids(&document).err().and_then(|error| Some(error.message?.into_owned()))
    };
    let aud = r#"{"StringEquals": {"gitlab.com:aud": "https://gitlab.com"}}"#;
    let expected = format!(
        "Trust policy with trusted principal {gitlab} must evaluate, using StringEquals, \
         StringLike or StringEqualsIgnoreCase, gitlab.com:sub which is not scoped to all."
    );
    assert_eq!(refusal(aud), Some(expected));
    assert_eq!(refusal(r#"{"StringLike": {"gitlab.com:sub": "project_path:acme/*"}}"#), None);
}

#[test]
fn what_was_not_stored_by_us_is_shown_as_it_stands() {
    assert_eq!(to_show(&View::default(), "not a policy"), "not a policy");
}

#[test]
fn what_aws_holds_is_stored_whoever_is_here() {
    let principals =
        ["123456789012", "arn:aws:iam::123456789012:role/ops", "AROAAAAAAAAAAAAAAAAAA", "*"];
    let stored = principals.map(|principal| {
        let document = format!(
            r#"{{"Statement": {{"Effect": "Allow", "Principal": {{"AWS": "{principal}"}},
                "Action": "sts:AssumeRole"}}}}"#
        );
        let stored = recorded(&View::default(), &document).unwrap();
        stored.replace("arn:aws:iam::123456789012:root", "123456789012") == document
    });
    assert_eq!(stored, [true; 4]);
    assert!(recorded(&View::default(), r#"{"Statement": 7}"#).is_err());
}
