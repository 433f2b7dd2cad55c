//! Roles that are assumed through each other: by hand, with tags, and by the client itself.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::{ACCOUNT, Walk, policies};
use crate::conformance::call::{Keys, Outcome, Who};
use crate::conformance::expect;

impl Walk {
    /// Three roles, one after the other. Of two tags that are set at the first, one goes along.
    pub(super) fn tags_along_a_chain(&mut self) -> Result<()> {
        let carol = self.carol()?;
        let mut trusted = "arn:aws:iam::000000000000:user/carol".to_owned();
        for name in RELAYS {
            let statement = json!({"Effect": "Allow", "Principal": {"AWS": trusted},
                "Action": ["sts:AssumeRole", "sts:TagSession"]});
            let document = policies::document(statement);
            let role = json!({"RoleName": name, "AssumeRolePolicyDocument": document});
            let made = self.as_root("iam", "CreateRole", role)?;
            trusted = expect::text(&made, "/Role/Arn")?.to_owned();
        }
        let if_tagged = |action: &str, tag: &str, value: &str| {
            json!({"Effect": "Allow", "Action": action, "Resource": "*",
                "Condition": {"StringEquals": {format!("aws:PrincipalTag/{tag}"): value}}})
        };
        let statements = json!([
            if_tagged("iam:ListUsers", "team", "red"),
            if_tagged("iam:ListRoles", "job", "42")
        ]);
        let policy = json!({"RoleName": LAST, "PolicyName": "tagged", "PolicyDocument": policies::document(statements)});
        self.as_root("iam", "PutRolePolicy", policy)?;

        let tags = json!({
            "Tags": [{"Key": "team", "Value": "red"}, {"Key": "job", "Value": "42"}],
            "TransitiveTagKeys": ["team"],
        });
        let first = session(self.relay(&carol, RELAYS[0], tags)?)?;
        let blue = json!({"Tags": [{"Key": "Team", "Value": "blue"}]});
        expect::refusal(
            self.relay(&first, RELAYS[1], blue)?,
            "InvalidParameterValue",
            400,
            INHERITED,
        )?;
        let second = session(self.relay(&first, RELAYS[1], json!({}))?)?;
        let third = session(self.relay(&second, LAST, json!({}))?)?;
        let arn = format!("arn:aws:sts::{ACCOUNT}:assumed-role/{LAST}/walk");
        let told = expect::answer(self.identity(&third)?)?;
        expect::equal("Arn", expect::text(&told, "/Arn")?, &arn)?;

        self.answered(&third, "iam", "ListUsers", json!({}))?;
        let refused = self.call(Who::Keys(&third), "iam", "ListRoles", json!({}))?;
        let message = format!(
            "User: {arn} is not authorized to perform: iam:ListRoles on resource: \
             arn:aws:iam::000000000000:role/ because no identity-based policy allows the iam:ListRoles action"
        );
        expect::refusal(refused, "AccessDenied", 403, &message)
    }

    /// The same three, which the client finds in its configuration.
    pub(super) fn chain_of_profiles(&mut self) -> Result<()> {
        let carol = self.carol()?;
        let arns = RELAYS.map(|name| format!("arn:aws:iam::{ACCOUNT}:role/{name}"));
        let keys = [("aws_access_key_id", &*carol.id), ("aws_secret_access_key", &*carol.secret)];
        let hop = |number: usize, source| {
            let arn = arns.get(number).map_or("", String::as_str);
            [("role_arn", arn), ("source_profile", source), ("role_session_name", "chained")]
        };
        self.with.sandbox.write_profiles(&[
            ("carol", &keys),
            ("one", &hop(0, "carol")),
            ("two", &hop(1, "one")),
            ("three", &hop(2, "two")),
        ])?;
        let told = expect::answer(self.identity_of(Who::Profile("three"))?)?;
        let arn = format!("arn:aws:sts::{ACCOUNT}:assumed-role/{LAST}/chained");
        expect::equal("Arn", expect::text(&told, "/Arn")?, &arn)
    }

    /// A session that is about to end is renewed by the client before it does. The service clock is behind
    /// the client's, so that an hour is over in minutes.
    pub(super) fn renewal(&mut self) -> Result<()> {
        let carol = self.carol()?;
        let arn = format!("arn:aws:iam::{ACCOUNT}:role/{}", RELAYS[0]);
        self.with.sandbox.write_profiles(&[
            (
                "carol",
                &[("aws_access_key_id", &carol.id), ("aws_secret_access_key", &carol.secret)],
            ),
            (
                "renewed",
                &[("role_arn", &arn), ("source_profile", "carol"), ("role_session_name", "walk")],
            ),
        ])?;
        self.clock("advance?seconds=-3400")?;
        let not_renewed = session(self.relay(&carol, RELAYS[0], json!({}))?)?;
        let before = expect::answer(self.identity_of(Who::Profile("renewed"))?)?;
        self.clock("advance?seconds=3700")?;
        let expired = self.identity(&not_renewed)?;
        let after = self.identity_of(Who::Profile("renewed"))?;
        let again = self.identity_of(Who::Profile("renewed"))?;
        self.clock("release")?;
        expect::refusal(expired, "ExpiredToken", 403, EXPIRED)?;
        for outcome in [after, again] {
            let told = expect::answer(outcome).context("after the first session's end")?;
            expect::equal("Arn", expect::text(&told, "/Arn")?, expect::text(&before, "/Arn")?)?;
        }
        Ok(())
    }

    fn relay(&mut self, keys: &Keys, role: &str, more: Value) -> Result<Outcome> {
        let arn = format!("arn:aws:iam::{ACCOUNT}:role/{role}");
        let input = policies::joined(&json!({"RoleArn": arn, "RoleSessionName": "walk"}), &more);
        self.call(Who::Keys(keys), "sts", "AssumeRole", input)
    }
}

fn session(outcome: Outcome) -> Result<Keys> {
    expect::keys(&expect::answer(outcome)?, "/Credentials", "ASIA")
}

/// The roles, each of which trusts the one before it.
pub(super) const RELAYS: [&str; 3] = ["relay-1", "relay-2", LAST];
pub(super) const LAST: &str = "relay-3";

const INHERITED: &str = "One of the specified transitive tag keys can't be set because it conflicts with a transitive \
                         tag key from the calling session.";
const EXPIRED: &str = "The security token included in the request is expired";
