//! Why a request is denied, and what would have it allowed.
//!
//! `cargo run -p daypass-policy --example explain`

use std::error::Error;
use std::io::Write;

use daypass_ident::Principal;
use daypass_policy::{
    Caller, ContextMap, NamedPolicy, Policies, Policy, PolicyKind, PolicySource, Report, Request,
    ResourcePolicy,
};

#[expect(clippy::disallowed_methods, reason = "what it prints is its own")]
fn main() -> Result<(), Box<dyn Error>> {
    run(&mut std::io::stdout())
}

pub(crate) fn run(out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let trust = Policy::parse(
        PolicyKind::Trust,
        r#"{
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Principal": {"AWS": "111122223333"},
                "Action": "sts:AssumeRole",
                "Condition": {"StringEquals": {"sts:ExternalId": "blue-42"}}
            }
        }"#,
    )?;
    let own = Policy::parse(
        PolicyKind::Identity,
        r#"{
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Resource": "arn:aws:iam::444455556666:role/reader"
            }
        }"#,
    )?;
    let dana = Principal::User {
        account: "111122223333".parse()?,
        path: "/".into(),
        name: "dana".into(),
        id: "AIDA0000000000000DANA".parse()?,
    };
    let role = "arn:aws:iam::444455556666:role/writer";
    let context = ContextMap::new().with("sts:ExternalId", "blue-24");
    let request = Request {
        caller: Caller::Principal(&dana),
        action: "sts:AssumeRole",
        resource: role,
        context: &context,
    };
    let source = PolicySource::OfResource { arn: role };
    let policies = Policies {
        identity: &[NamedPolicy {
            source: PolicySource::UserInline { user: "dana", name: "roles" },
            policy: &own,
        }],
        resource: Some(ResourcePolicy::trust(NamedPolicy { source, policy: &trust })),
        resource_account: Some("444455556666".parse()?),
        ..Policies::default()
    };
    // `Report` is also serialisable, for programs.
    write!(out, "{}", Report::new(&request, &policies))?;
    Ok(())
}
