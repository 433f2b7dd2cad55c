//! A request decided by an identity policy and a permissions boundary.
//!
//! `cargo run -p daypass-policy --example decide`

use std::error::Error;
use std::io::Write;

use daypass_ident::Principal;
use daypass_policy::{
    Caller, ContextMap, Decision, NamedPolicy, Policies, Policy, PolicyKind, PolicySource, Request,
    decide,
};

#[expect(clippy::disallowed_methods, reason = "what it prints is its own")]
fn main() -> Result<(), Box<dyn Error>> {
    run(&mut std::io::stdout())
}

pub(crate) fn run(out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let team = Policy::parse(
        PolicyKind::Identity,
        r#"{
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Action": "iam:*",
                "Resource": "arn:aws:iam::*:role/${aws:PrincipalTag/team}/*"
            }
        }"#,
    )?;
    let no_admins = Policy::parse(
        PolicyKind::Identity,
        r#"{
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Action": "*", "Resource": "*"},
                {"Effect": "Deny", "Action": "iam:AttachRolePolicy", "Resource": "*"}
            ]
        }"#,
    )?;
    let dana = Principal::User {
        account: "111122223333".parse()?,
        path: "/".into(),
        name: "dana".into(),
        id: "AIDA0000000000000DANA".parse()?,
    };
    let context = ContextMap::new().with("aws:PrincipalTag/team", "red");
    let named = |name, policy| NamedPolicy {
        source: PolicySource::UserInline { user: "dana", name },
        policy,
    };
    let policies = Policies {
        identity: &[named("team", &team)],
        boundary: Some(named("no-admins", &no_admins)),
        ..Policies::default()
    };

    for (action, role) in [
        ("iam:GetRole", "red/app"),
        ("iam:GetRole", "blue/app"),
        ("iam:AttachRolePolicy", "red/app"),
    ] {
        let resource = format!("arn:aws:iam::111122223333:role/{role}");
        let request = Request {
            caller: Caller::Principal(&dana),
            action,
            resource: &resource,
            context: &context,
        };
        let answer = match decide(&request, &policies) {
            Decision::Allowed { .. } => "allowed".to_owned(),
            Decision::Denied(denial) if denial.explicit.is_some() => {
                format!("denied by the {}", denial.by.name())
            }
            Decision::Denied(denial) => format!("no {} allows it", denial.by.name()),
        };
        writeln!(out, "{action} on {role}: {answer}")?;
    }
    Ok(())
}
