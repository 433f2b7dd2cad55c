//! `daypass policy eval` as it is typed into a shell.
#![cfg(test)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

#[test]
fn the_help_can_be_pasted() {
    let help = text(&run(&["--help"], "").stdout);
    let pasted: Vec<&str> = help
        .lines()
        .skip_while(|line| !line.contains("cat > access.toml"))
        .skip(1)
        .take_while(|line| line.trim() != "EOF")
        .map(|line| line.strip_prefix("  ").unwrap_or(line))
        .collect();
    let output = run(&["-"], &pasted.join("\n"));
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let expected = "\
ok 1. bob makes himself a key: allowed
ok 2. bob makes carol a key: implicitDeny

2 tested, 0 not as expected
";
    assert_eq!(text(&output.stdout), expected);
}

#[test]
fn a_request_of_which_nothing_is_expected_is_explained() {
    let output = run(
        &["-"],
        &file("", "action = 'iam:GetUser'\nresource = 'arn:aws:iam::111122223333:user/bob'"),
    );
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let expected = r#"Denied: arn:aws:iam::111122223333:user/bob iam:GetUser on arn:aws:iam::111122223333:user/bob
  no identity-based policy allows it

The policies that were asked
  identity-based policy "identity policy" of user bob: is silent
    statement 1 (at 1:38) would allow, but
      Bool aws:MultiFactorAuthPresent true: the request does not have it, so it does not hold

To have it allowed
  ask with MFA (aws:MultiFactorAuthPresent = true)
"#;
    assert_eq!(text(&output.stdout), expected);
    // What was said to be missing suffices.
    let context = "context = { 'aws:MultiFactorAuthPresent' = true }";
    let request = format!(
        "action = 'iam:GetUser'\nresource = 'arn:aws:iam::111122223333:user/bob'\n{context}"
    );
    let output = run(&["-"], &file("", &request));
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(text(&output.stdout).starts_with("Allowed: "), "{output:?}");
}

#[test]
fn expectations_make_a_test() {
    let requests = "name = 'one'\naction = 'iam:GetUser'\nexpect = 'denied'\n\
                    [[requests]]\nname = 'two'\naction = 'iam:GetUser'\nexpect = 'explicitDeny'";
    let output = run(&["-"], &file("", requests));
    let told = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.starts_with("ok 1. one: implicitDeny\n\nNOT AS EXPECTED 2. two: "), "{told}");
    assert!(told.contains("implicitDeny where explicitDeny is expected"), "{told}");
    assert!(
        told.contains("\nDenied: ") && told.ends_with("2 tested, 1 not as expected\n"),
        "{told}"
    );
}

/// A name that AWS does not have must not pass for an implicit denial.
#[test]
fn unknown_names_are_refused_all_at_once_with_what_was_meant() {
    let requests = "action = 'iam:CreateUsr'\nexpect = 'denied'\ncontext = { 'aws:SourcIp' = '1.2.3.4' }\n\
                    [[requests]]\naction = 'iamm:GetUser'\nexpect = 'denied'\n\
                    [[requests]]\naction = 'GetUser'\nexpect = 'denied'\n\
                    [[requests]]\naction = 'iam:*'\nexpect = 'denied'\n\
                    [[requests]]\naction = 's3:GetObject'\nexpect = 'denied'\n\
                    context = { 'aws:RequstTag/team' = 'red', 's3:prefx' = 'a', 'iam:PassedToServce' = 'b' }";
    let file = file("context = { 'aws:ViaAWSServce' = true }", requests);
    let output = run(&["-"], &file);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    let told = text(&output.stderr);
    for (message, help) in [
        ("`iam` has no action `CreateUsr`", "did you mean `iam:CreateUser`?"),
        ("AWS has no service `iamm`", "did you mean `iam:GetUser`?"),
        ("`GetUser` is no action: it is written SERVICE:NAME", "--allow-unknown"),
        ("`iam` has no action `*`", "--allow-unknown"),
        ("no request has the condition key `aws:ViaAWSServce`", "`aws:ViaAWSService`?"),
        ("no request has the condition key `aws:SourcIp`", "did you mean `aws:SourceIp`?"),
        ("no request has the condition key `aws:RequstTag/team`", "`aws:RequestTag/team`?"),
        ("no request has the condition key `s3:prefx`", "did you mean `s3:prefix`?"),
        ("no request has the condition key `iam:PassedToServce`", "`iam:PassedToService`?"),
    ] {
        let (_, after) = told.split_once(message).unwrap_or_else(|| panic!("{message}: {told}"));
        let (own, _) = after.split_once("error").unwrap_or((after, ""));
        assert!(own.contains(help), "{message}: {own}");
    }
    assert_eq!(told.matches("error").count(), 9, "{told}");
    // The place is the request's, though a policy before it has the name, too.
    let (before, _) = file.split_once("iam:CreateUsr").unwrap();
    let line = 1 + before.matches('\n').count();
    assert!(told.contains(&format!("stdin:{line}:")), "{told}");

    let output = run(&["-", "--allow-unknown"], &file);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(text(&output.stdout).ends_with("5 tested, 0 not as expected\n"), "{output:?}");
}

#[test]
fn names_are_known_in_any_case_and_those_of_identity_providers_are_free() {
    for (action, key) in [
        ("iam:getuser", "aws:sourceip"),
        ("IAM:GetUser", "aws:ResourceTag/Any Tag"),
        ("s3:ListBucket", "s3:prefix"),
        ("s3:GetObject", "s3:ExistingObjectTag/class"),
        ("kms:Decrypt", "kms:EncryptionContext:app"),
        ("iam:PassRole", "iam:PassedToService"),
        ("sts:AssumeRoleWithWebIdentity", "idp.example.com/realm:sub"),
        ("sts:AssumeRoleWithWebIdentity", "token.actions.githubusercontent.com:sub"),
        ("sts:AssumeRoleWithSAML", "saml:aud"),
        ("s3:GetObject", "saml:namequalifier"),
        ("sts:AssumeRole", "sts:ExternalId"),
        ("iam:AcquireRole", "aws:CalledVia"),
    ] {
        let request =
            format!("action = '{action}'\nexpect = 'denied'\ncontext = {{ '{key}' = 'x' }}");
        let output = run(&["-"], &file("", &request));
        assert_eq!(output.status.code(), Some(0), "{action} {key}: {output:?}");
    }
}

#[test]
fn as_json() {
    let request = "name = 'n'\naction = 'iam:GetUser'\nexpect = 'explicitDeny'";
    let output = run(&["-", "--format", "json"], &file("", request));
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told["asExpected"], json!(false));
    let one = &told["requests"][0];
    assert_eq!([&one["name"], &one["expect"]], [&json!("n"), &json!("explicitDeny")]);
    assert_eq!(one["report"]["decision"], json!("implicitDeny"));
    assert_eq!(one["report"]["decidedBy"]["policyType"], json!("identity"));
    let condition = &one["report"]["policies"][0]["statements"][0]["conditions"][0];
    assert_eq!(
        [&condition["key"], &condition["actual"]],
        [&json!("aws:MultiFactorAuthPresent"), &json!(null)]
    );
    assert_eq!(one["report"]["change"][0]["values"], json!(["true"]));
}

/// Every kind of policy, in a file of JSON that names others.
#[test]
fn all_kinds_from_files() {
    let folder = folder("kinds");
    let write = |name: &str, statement: Value| {
        let document = json!({"Version": "2012-10-17", "Statement": statement});
        fs::write(folder.join(name), document.to_string()).unwrap();
    };
    let all = json!({"Effect": "Allow", "Action": "*", "Resource": "*"});
    let no_deletes = json!({"Effect": "Deny", "Action": "iam:Delete*", "Resource": "*"});
    let trusting = json!({
        "Effect": "Allow", "Action": "sts:AssumeRole",
        "Principal": {"AWS": "arn:aws:iam::111122223333:role/svc/app"},
    });
    write("all.json", all.clone());
    write("no-deletes.json", no_deletes);
    write("trust.json", trusting);
    let role = "arn:aws:iam::111122223333:role/svc/app";
    let request = |action: &str, resource: &str, expect: &str| json!({"action": action, "resource": resource, "expect": expect});
    let mut cases = json!({
        "principal": {"role": role, "session": "s"},
        "identity": ["arn:aws:iam::aws:policy/IAMReadOnlyAccess"],
        "boundary": "all.json",
        "session": [{"file": "all.json"}],
        "service_control": [["FullAWSAccess"], ["FullAWSAccess", "no-deletes.json"]],
        "resource_control": [["RCPFullAWSAccess"]],
        "trust": {"name": "who", "document": {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": role}},
        ]}},
        "requests": [request("sts:AssumeRole", "arn:aws:iam::111122223333:role/r", "allowed")],
    });
    let path = folder.join("access.json");
    fs::write(&path, cases.to_string()).unwrap();
    let output = run(&[path.to_str().unwrap()], "");
    assert_eq!(output.status.code(), Some(0), "{output:?}");

    let user = "arn:aws:iam::111122223333:user/u";
    cases.as_object_mut().unwrap().remove("trust");
    cases["requests"] = json!([
        request("iam:GetUser", user, "allowed"),
        request("iam:CreateUser", user, "implicitDeny"),
        request("iam:DeleteUser", user, "explicitDeny"),
        request("iam:GetUser", "arn:aws:iam::444455556666:user/u", "implicitDeny"),
        {"principal": "lambda.amazonaws.com", "action": "iam:GetUser", "expect": "implicitDeny"},
    ]);
    fs::write(&path, cases.to_string()).unwrap();
    let output = run(&[path.to_str().unwrap()], "");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
}

#[test]
fn what_is_wrong_with_the_file_is_shown() {
    let request = "action = 'iam:GetUser'";
    let cases = [
        ("principal = ", "stdin:1:13"),
        ("principal = 'bob'\n[[requests]]\naction = 'a:b'", "stdin:1:13"),
        (&*file("expected = 1", request), "unknown field"),
        (&file("", "action = 'iam:GetUser'\nexpect = 'perhaps'"), "expect = 'perhaps'"),
        (&file("boundary = 'none.json'", request), "boundary = 'none.json'"),
        (&file("boundary = 'arn:aws:iam::aws:policy/None'", request), "AWS has no managed policy"),
        (&file("trust = 'a.json'\nresource_policy = 'b.json'", request), "one policy"),
        (&file("boundary = { name = 'b' }", request), "either a file or a document"),
        (&file("context = { 'aws:SourceIp' = { a = 1 } }", request), "expected a text, a number"),
        ("requests = []\nprincipal = 'anonymous'", "no request to decide"),
        ("[[requests]]\naction = 'iam:GetUser'", "no principal"),
        ("{\"principal\": \"anonymous\",\n \"requests\": [{\"action\": 1}]}", "stdin:2:26"),
    ];
    for (file, expected) in cases {
        let output = run(&["-"], file);
        let told = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{file}: {output:?}");
        assert!(output.stdout.is_empty(), "{file}: {output:?}");
        assert!(told.contains(expected) && told.contains('^'), "{file}: {told}");
    }
    let output = run(&["/nowhere/access.toml"], "");
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(text(&output.stderr).contains("/nowhere/access.toml"), "{output:?}");
}

/// The arity is the key's, however many values the file gives it.
#[test]
fn a_multivalued_key_with_one_value_needs_a_set_operator() {
    for (operator, decision) in
        [("StringEquals", "implicitDeny"), ("ForAnyValue:StringEquals", "allowed")]
    {
        let file = json!({
            "principal": "arn:aws:iam::111122223333:user/bob",
            "identity": [{"document": {"Version": "2012-10-17", "Statement": {
                "Effect": "Allow", "Action": "iam:TagUser", "Resource": "*",
                "Condition": {operator: {"aws:TagKeys": "team"}},
            }}}],
            "requests": [
                {"action": "iam:TagUser", "resource": "arn:aws:iam::111122223333:user/bob",
                 "context": {"aws:TagKeys": "team"}, "expect": decision},
                {"action": "iam:TagUser", "resource": "arn:aws:iam::111122223333:user/bob",
                 "context": {"aws:TagKeys": ["team"]}, "expect": decision},
            ],
        });
        let output = run(&["-"], &file.to_string());
        assert_eq!(output.status.code(), Some(0), "{operator}: {output:?}");
    }
}

#[test]
fn what_aws_refuses_in_a_policy_is_shown() {
    let document = "boundary = { name = 'limits', document = '''\n{\"Version\": \"2012-10-17\", \"Statement\": [\n  \
                    {\"Effect\": \"Allow\", \"Action\": \"GetUser\", \"Resource\": \"*\"}]}''' }";
    let output = run(&["-"], &file(document, "action = 'iam:GetUser'"));
    let told = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(told.contains("limits in stdin:2:33") && told.contains("^^^^^^^^^"), "{told}");
    assert!(told.contains("AWS says: Actions/Conditions must be prefaced by a vendor"), "{told}");
}

/// A user whose only policy asks for MFA, and one request.
fn file(more: &str, request: &str) -> String {
    format!(
        r#"principal = "arn:aws:iam::111122223333:user/bob"
{more}

[[identity]]
document = '{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"iam:*","Resource":"*","Condition":{{"Bool":{{"aws:MultiFactorAuthPresent":"true"}}}}}}]}}'

[[requests]]
{request}
"#
    )
}

fn run(arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_daypass"));
    command.env_clear().args(["policy", "eval"]).args(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = command.spawn().unwrap();
    // It may end without having read.
    let _ = process.stdin.take().unwrap().write_all(input.as_bytes());
    process.wait_with_output().unwrap()
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("policy_eval").join(name);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}
