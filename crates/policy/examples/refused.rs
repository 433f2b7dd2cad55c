//! Documents that AWS would not save, with its own words for why.
//!
//! `cargo run -p daypass-policy --example refused`

use std::io::{self, Write};

use daypass_policy::{Policy, PolicyKind};

#[expect(clippy::disallowed_methods, reason = "what it prints is its own")]
fn main() -> io::Result<()> {
    run(&mut io::stdout())
}

pub(crate) fn run(out: &mut impl Write) -> io::Result<()> {
    let documents = [
        (PolicyKind::Identity, r#"{"Version": "2012-10-17", "Statement": []}"#),
        (
            PolicyKind::Identity,
            r#"{"Version": "2008-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}"#,
        ),
        (
            PolicyKind::Identity,
            r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "GetObject", "Resource": "*"}}"#,
        ),
        (
            PolicyKind::Trust,
            r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}}"#,
        ),
    ];
    for (kind, document) in documents {
        match Policy::parse(kind, document) {
            Ok(policy) => writeln!(out, "saved, with {} statements", policy.statements().len())?,
            Err(malformed) => writeln!(out, "{document}\n  {malformed}")?,
        }
    }
    Ok(())
}
