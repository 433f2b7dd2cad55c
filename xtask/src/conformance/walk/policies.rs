//! What each kind of policy gives and takes, as each client sees it.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::{ACCOUNT, EARLIER, Walk, chain, federated};
use crate::conformance::call::{Keys, Outcome, Who};
use crate::conformance::expect;

impl Walk {
    /// Nothing, then each kind of identity policy in turn, and nothing again.
    pub(super) fn policies_give(&mut self) -> Result<()> {
        let carol = self.new_user("carol")?.keys;
        self.made.carol = Some(carol.clone());
        self.as_root("iam", "CreateGroup", json!({"GroupName": "readers"}))?;
        self.as_root(
            "iam",
            "AddUserToGroup",
            json!({"GroupName": "readers", "UserName": "carol"}),
        )?;
        let document = document(json!({"Effect": "Allow", "Action": "iam:List*", "Resource": "*"}));
        let inline = json!({"PolicyName": "lists", "PolicyDocument": document});
        let managed = json!({"PolicyArn": "arn:aws:iam::aws:policy/IAMReadOnlyAccess"});
        let user = json!({"UserName": "carol"});
        let group = json!({"GroupName": "readers"});
        for (give, take, holder, policy) in [
            ("PutUserPolicy", "DeleteUserPolicy", &user, &inline),
            ("AttachUserPolicy", "DetachUserPolicy", &user, &managed),
            ("PutGroupPolicy", "DeleteGroupPolicy", &group, &inline),
            ("AttachGroupPolicy", "DetachGroupPolicy", &group, &managed),
        ] {
            self.may_not_list("because no identity-based policy allows the iam:ListUsers action")?;
            self.as_root("iam", give, joined(holder, policy))?;
            expect::answer(self.list_users(&carol)?).with_context(|| give.to_owned())?;
            let mut named = joined(holder, policy);
            if let Some(named) = named.as_object_mut() {
                named.remove("PolicyDocument");
            }
            self.as_root("iam", take, named)?;
        }
        self.as_root(
            "iam",
            "AttachUserPolicy",
            joined(&user, &json!({"PolicyArn": ADMINISTRATOR})),
        )?;
        expect::answer(self.list_users(&carol)?).map(drop)
    }

    /// What IAM refuses when a policy is saved, and what it takes (recorded from AWS in 2026).
    pub(super) fn documents_refused(&mut self) -> Result<()> {
        let role = |principal: Value, action: &str| {
            let statement = json!({"Effect": "Allow", "Principal": principal, "Action": action});
            json!({"RoleName": "refused", "AssumeRolePolicyDocument": document(statement)})
        };
        let managed = |document: Value| json!({"PolicyName": "refused", "PolicyDocument": document.to_string()});
        let policy = |action: &str, resource: &str| {
            let statement = json!({"Effect": "Allow", "Action": action, "Resource": resource});
            managed(json!({"Version": "2012-10-17", "Statement": statement}))
        };
        let old = json!({
            "Version": "2008-10-17",
            "Statement": {"Effect": "Allow", "Action": "iam:GetUser", "Resource": "*"},
        });
        let lambda = "Invalid principal in policy: \"SERVICE\":\"lamda.amazonaws.com\" (daypass knows no service of \
                      this name; did you mean lambda.amazonaws.com? the setting service_principals adds names)";
        for (operation, input, message) in [
            (
                "CreateRole",
                role(json!({"AWS": ACCOUNT}), "sts:*"),
                "AssumeRole policy may only specify STS AssumeRole actions.",
            ),
            (
                "CreateRole",
                role(json!("*"), "sts:AssumeRole"),
                "AssumeRolepolicy contained an invalid principal: \"STAR\":\"*\".",
            ),
            (
                "CreateRole",
                role(json!({"Service": "lamda.amazonaws.com"}), "sts:AssumeRole"),
                lambda,
            ),
            (
                "CreatePolicy",
                policy("s3:GetObject", "arn:aws-cn:s3:::bucket"),
                "Partition \"aws-cn\" is not valid for resource \"arn:aws-cn:s3:::bucket\".",
            ),
            (
                "CreatePolicy",
                policy("sqs:*", "arn:aws:sqs:us-east-1:<ACCOUNT_ID>:jobs"),
                "The policy failed legacy parsing",
            ),
            (
                "CreatePolicy",
                policy("s3*:GetObject", "*"),
                "Action vendors (e.g., aws, ec2, etc.) must not contain wildcards.",
            ),
            (
                "CreatePolicy",
                managed(old.clone()),
                "Policy document must be version 2012-10-17 or greater.",
            ),
        ] {
            let root = self.root.clone();
            let outcome = self.call(Who::Keys(&root), "iam", operation, input)?;
            expect::refusal(outcome, "MalformedPolicyDocument", 400, message)?;
        }
        let inline =
            json!({"UserName": "carol", "PolicyName": "old", "PolicyDocument": old.to_string()});
        self.as_root("iam", "PutUserPolicy", inline)?;
        let gone = json!({"UserName": "carol", "PolicyName": "old"});
        self.as_root("iam", "DeleteUserPolicy", gone).map(drop)
    }

    pub(super) fn boundary_cuts(&mut self) -> Result<()> {
        let set = json!({"UserName": "carol", "PermissionsBoundary": "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"});
        self.as_root("iam", "PutUserPermissionsBoundary", set)?;
        self.may_not_list("because no permissions boundary allows the iam:ListUsers action")?;
        self.as_root("iam", "DeleteUserPermissionsBoundary", json!({"UserName": "carol"}))?;
        let carol = self.carol()?;
        expect::answer(self.list_users(&carol)?).map(drop)
    }

    pub(super) fn session_policy_cuts(&mut self) -> Result<()> {
        let trust = trust(json!("arn:aws:iam::000000000000:user/carol"), json!({}));
        self.as_root(
            "iam",
            "CreateRole",
            json!({"RoleName": "viewer", "AssumeRolePolicyDocument": trust}),
        )?;
        self.as_root(
            "iam",
            "AttachRolePolicy",
            json!({"RoleName": "viewer", "PolicyArn": ADMINISTRATOR}),
        )?;
        let none = document(json!({"Effect": "Deny", "Action": "iam:ListUsers", "Resource": "*"}));
        let cut = self.session("viewer", json!({"Policy": none}))?;
        let message = "User: arn:aws:sts::000000000000:assumed-role/viewer/walk is not authorized to perform: \
                       iam:ListUsers on resource: arn:aws:iam::000000000000:user/ with an explicit deny in a session \
                       policy";
        expect::refusal(self.list_users(&cut)?, "AccessDenied", 403, message)?;
        let whole = self.session("viewer", json!({}))?;
        expect::answer(self.list_users(&whole)?).map(drop)
    }

    /// A role of another account that only those may assume who know the external id.
    pub(super) fn external_id(&mut self) -> Result<()> {
        let condition = json!({"StringEquals": {"sts:ExternalId": "tenant-7"}});
        let trust = trust(json!(ACCOUNT), condition);
        let made = json!({"RoleName": "vendor", "AssumeRolePolicyDocument": trust});
        expect::answer(self.call(Who::Keys(&other_root()), "iam", "CreateRole", made)?)?;
        let carol = self.carol()?;
        let role = format!("arn:aws:iam::{OTHER}:role/vendor");
        let assume = |external_id: &str| json!({"RoleArn": role, "RoleSessionName": "walk", "ExternalId": external_id});
        let refused = self.call(Who::Keys(&carol), "sts", "AssumeRole", assume("tenant-8"))?;
        let message = format!(
            "User: arn:aws:iam::000000000000:user/carol is not authorized to perform: sts:AssumeRole on resource: {role}"
        );
        expect::refusal(refused, "AccessDenied", 403, &message)?;
        let assumed = self.call(Who::Keys(&carol), "sts", "AssumeRole", assume("tenant-7"))?;
        let arn = format!("arn:aws:sts::{OTHER}:assumed-role/vendor/walk");
        expect::equal(
            "Arn",
            expect::text(&expect::answer(assumed)?, "/AssumedRoleUser/Arn")?,
            &arn,
        )?;
        let gone = json!({"RoleName": "vendor"});
        expect::answer(self.call(Who::Keys(&other_root()), "iam", "DeleteRole", gone)?).map(drop)
    }

    /// A session reaches what has the same tag.
    pub(super) fn session_tags(&mut self) -> Result<()> {
        let same_team =
            json!({"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}});
        let get = json!({"Effect": "Allow", "Action": "iam:GetUser", "Resource": "*", "Condition": same_team});
        let carol = json!({"AWS": "arn:aws:iam::000000000000:user/carol"});
        let tagging = json!({"Effect": "Allow", "Principal": carol, "Action": ["sts:AssumeRole", "sts:TagSession"]});
        let role = json!({"RoleName": "team", "AssumeRolePolicyDocument": document(tagging)});
        self.as_root("iam", "CreateRole", role)?;
        let policy =
            json!({"RoleName": "team", "PolicyName": "same", "PolicyDocument": document(get)});
        self.as_root("iam", "PutRolePolicy", policy)?;
        let tags = json!([{"Key": "team", "Value": "red"}]);
        self.as_root("iam", "TagUser", json!({"UserName": "carol", "Tags": tags}))?;
        for (team, reaches) in [("red", true), ("blue", false)] {
            let tags = json!({"Tags": [{"Key": "team", "Value": team}]});
            let session = self.session("team", tags)?;
            let got =
                self.call(Who::Keys(&session), "iam", "GetUser", json!({"UserName": "carol"}))?;
            match (got, reaches) {
                (Outcome::Answer(_), true) => {}
                (Outcome::Refusal(refusal), false) => {
                    expect::equal("error code", &refusal.code, "AccessDenied")?;
                }
                (got, _) => return expect::answer(got).map(drop).context(team),
            }
        }
        Ok(())
    }

    /// The root user of a member account, who is bound by nothing else.
    pub(super) fn control_policy_cuts(&mut self) -> Result<()> {
        let made = json!({"UserName": "nobody"});
        let refused = self.call(Who::Keys(&other_root()), "iam", "CreateUser", made)?;
        let Outcome::Refusal(refusal) = refused else {
            return expect::answer(refused).and_then(|answer| anyhow::bail!("answered: {answer}"));
        };
        expect::equal("error code", &refusal.code, "AccessDenied")?;
        let text = "User: arn:aws:iam::111122223333:root is not authorized to perform: iam:CreateUser on resource: \
                    arn:aws:iam::111122223333:user/nobody with an explicit deny in a service control policy: \
                    arn:aws:organizations::000000000000:policy/o-";
        ensure!(refusal.message.starts_with(text), "{:?}, not {text}…", refusal.message);
        Ok(())
    }

    /// The simulator foretells what `boundary_cuts` saw.
    pub(super) fn simulate(&mut self) -> Result<()> {
        let boundary = document(json!({"Effect": "Allow", "Action": "s3:*", "Resource": "*"}));
        let asked = json!({
            "PolicySourceArn": "arn:aws:iam::000000000000:user/carol",
            "ActionNames": ["iam:ListUsers"],
            "PermissionsBoundaryPolicyInputList": [boundary],
        });
        let answer = self.as_root("iam", "SimulatePrincipalPolicy", asked)?;
        let decision = expect::text(&answer, "/EvaluationResults/0/EvalDecision")?;
        expect::equal("EvalDecision", decision, "implicitDeny")?;
        let bounded = answer.pointer(
            "/EvaluationResults/0/PermissionsBoundaryDecisionDetail/AllowedByPermissionsBoundary",
        );
        ensure!(bounded == Some(&json!(false)), "the boundary is not said to cut: {answer}");
        let source =
            expect::text(&answer, "/EvaluationResults/0/MatchedStatements/0/SourcePolicyId");
        ensure!(source.is_err() || source.is_ok_and(|id| id == "AdministratorAccess"), "{answer}");
        Ok(())
    }

    /// Takes away what the steps of this file made, and those before that needed it.
    pub(super) fn delete_policies(&mut self) -> Result<()> {
        let carol = self.carol()?;
        for (operation, input) in [
            ("DeleteRolePolicy", json!({"RoleName": "team", "PolicyName": "same"})),
            ("DeleteRole", json!({"RoleName": "team"})),
            ("DetachRolePolicy", json!({"RoleName": "viewer", "PolicyArn": ADMINISTRATOR})),
            ("DeleteRole", json!({"RoleName": "viewer"})),
            ("RemoveUserFromGroup", json!({"GroupName": "readers", "UserName": "carol"})),
            ("DeleteGroup", json!({"GroupName": "readers"})),
            ("DetachUserPolicy", json!({"UserName": "carol", "PolicyArn": ADMINISTRATOR})),
            ("DeleteAccessKey", json!({"UserName": "carol", "AccessKeyId": carol.id})),
            ("DeleteUser", json!({"UserName": "carol"})),
        ] {
            self.as_root("iam", operation, input)?;
        }
        let tagged = json!({"RoleName": chain::LAST, "PolicyName": "tagged"});
        self.as_root("iam", "DeleteRolePolicy", tagged)?;
        for role in chain::RELAYS.iter().chain([&federated::ROLE]) {
            self.as_root("iam", "DeleteRole", json!({"RoleName": role}))?;
        }
        Ok(())
    }

    fn session(&mut self, role: &str, more: Value) -> Result<Keys> {
        let carol = self.carol()?;
        let arn = format!("arn:aws:iam::{ACCOUNT}:role/{role}");
        let input = joined(&json!({"RoleArn": arn, "RoleSessionName": "walk"}), &more);
        let assumed = expect::answer(self.call(Who::Keys(&carol), "sts", "AssumeRole", input)?)?;
        expect::keys(&assumed, "/Credentials", "ASIA")
    }

    fn may_not_list(&mut self, why: &str) -> Result<()> {
        let carol = self.carol()?;
        let message = format!(
            "User: arn:aws:iam::000000000000:user/carol is not authorized to perform: iam:ListUsers on resource: \
             arn:aws:iam::000000000000:user/ {why}"
        );
        expect::refusal(self.list_users(&carol)?, "AccessDenied", 403, &message)
    }

    fn list_users(&mut self, keys: &Keys) -> Result<Outcome> {
        self.call(Who::Keys(keys), "iam", "ListUsers", json!({}))
    }

    pub(super) fn carol(&self) -> Result<Keys> {
        self.made.carol.clone().context(EARLIER)
    }
}

/// The root user of the member account, by its well-known key.
fn other_root() -> Keys {
    Keys::long_term(OTHER, "test")
}

/// A policy document of one statement, or of an array of them.
pub(super) fn document(statement: Value) -> String {
    json!({"Version": "2012-10-17", "Statement": statement}).to_string()
}

fn trust(principal: Value, condition: Value) -> String {
    let action = "sts:AssumeRole";
    document(
        json!({"Effect": "Allow", "Principal": {"AWS": principal}, "Action": action, "Condition": condition}),
    )
}

/// Both objects in one.
pub(super) fn joined(one: &Value, other: &Value) -> Value {
    let members = |value: &Value| value.as_object().cloned().unwrap_or_default();
    Value::Object(members(one).into_iter().chain(members(other)).collect())
}

/// A member account of the organization that [`SEED`](super::SEED) describes.
pub(super) const OTHER: &str = "111122223333";

const ADMINISTRATOR: &str = super::ADMINISTRATOR;
