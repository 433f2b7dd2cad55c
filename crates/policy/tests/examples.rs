//! The examples, and what they print.
#![cfg(test)]
#![expect(dead_code, reason = "the examples' own main functions")]

#[path = "../examples/decide.rs"]
mod decide;
#[path = "../examples/explain.rs"]
mod explain;
#[path = "../examples/refused.rs"]
mod refused;

macro_rules! printed {
    ($example:ident) => {{
        let mut out = Vec::new();
        $example::run(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }};
}

#[test]
fn decisions() {
    let expected = "\
iam:GetRole on red/app: allowed
iam:GetRole on blue/app: no identity-based policy allows it
iam:AttachRolePolicy on red/app: denied by the permissions boundary
";
    assert_eq!(printed!(decide), expected);
}

#[test]
fn an_explanation() {
    let told = printed!(explain);
    assert!(
        told.starts_with("Denied: arn:aws:iam::111122223333:user/dana sts:AssumeRole on "),
        "{told}"
    );
    let change = "\
To have it allowed, all of
  1. ask with sts:ExternalId = blue-42
  2. add arn:aws:iam::444455556666:role/writer to the Resource of statement 1 (at 3:26) of the identity-based policy \"roles\" of user dana
";
    assert!(told.ends_with(change), "{told}");
}

#[test]
fn refusals() {
    let told = printed!(refused);
    let texts = [
        "\n  Syntax errors in policy.\n",
        "\n  Policy document must be version 2012-10-17 or greater.\n",
        "\n  Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.\n",
        "\n  AssumeRolepolicy contained an invalid principal: \"STAR\":\"*\".\n",
    ];
    for text in texts {
        assert!(told.contains(text), "{text}: {told}");
    }
    assert!(!told.contains("saved"), "{told}");
}
