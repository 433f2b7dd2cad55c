//! What holds for every explanation and every suggested change.
#![cfg(test)]

use std::collections::BTreeMap;

use daypass_ident::{AccountId, Principal};
use daypass_policy::{
    Caller, Change, ContextMap, ContextValue, Decision, Edit, Effect, Explanation, Level,
    NamedPolicy, Outcome, Policies, Policy, PolicyKind, PolicySource, PolicyType, PolicyVerdict,
    Report, Request, ResourcePolicy, decide, explain, shortest_change,
};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// The explanation is of the decision, and its parts add up to it.
    #[test]
    fn explanations_agree_with_decisions(case in case()) {
        case.run(|request, policies| {
            let explanation = explain(request, policies);
            assert_eq!(explanation.decision, decide(request, policies));
            for policy in &explanation.policies {
                let verdict = policy.policy.policy.evaluate(request);
                assert_eq!(policy.verdict == PolicyVerdict::Denies, verdict.denied_by.is_some());
                assert_eq!(policy.verdict == PolicyVerdict::Silent, verdict == Default::default());
                assert_eq!(policy.statements.len(), policy.policy.policy.statements().len());
                for told in &policy.statements {
                    let elements = [&told.principal, &told.action, &told.resource];
                    let all = elements.into_iter().flatten().all(|element| element.matches)
                        && told.conditions.iter().all(|condition| condition.holds);
                    assert_eq!(told.applies.is_some(), all, "{told:?}");
                }
            }
            deciding_statement_applies(&explanation);

            let report = Report::new(request, policies);
            assert_eq!(report.decision, Outcome::of(&explanation.decision));
            let deciding = report.deciding_statement();
            let by = match explanation.decision {
                Decision::Allowed { by } => by,
                Decision::Denied(denial) => denial.explicit,
            };
            assert_eq!(deciding.is_some(), by.is_some(), "{report}");
            assert!(deciding.is_none_or(|(_, statement)| statement.applies), "{report}");
            assert!(serde_json::to_value(&report).is_ok());
        });
    }

    /// Whoever makes the edits gets the other decision. They are made here on the documents as
    /// JSON, not by the code that found them.
    #[test]
    fn a_suggested_change_turns_the_decision(case in case()) {
        let (before, change) = case.run(|request, policies| {
            (decide(request, policies).is_allowed(), shortest_change(request, policies))
        });
        let Some(change) = change else {
            prop_assert!(case.is_beyond_change(before), "no change is known: {case:#?}");
            return Ok(());
        };
        prop_assert!(!change.edits.is_empty());
        let after = case.after(&change).run(|request, policies| decide(request, policies).is_allowed());
        prop_assert_ne!(before, after, "{:#?} {:#?}", change, case);
        // None of the edits is idle.
        for idle in 0..change.edits.len() {
            let mut edits = change.edits.clone();
            edits.remove(idle);
            let fewer = case.after(&Change { edits });
            let without = fewer.run(|request, policies| decide(request, policies).is_allowed());
            prop_assert_eq!(before, without, "{:#?} {:#?}", change, case);
        }
    }
}

fn deciding_statement_applies(explanation: &Explanation<'_>) {
    let (by, effect) = match explanation.decision {
        Decision::Allowed { by } => (by, Effect::Allow),
        Decision::Denied(denial) => (denial.explicit, Effect::Deny),
    };
    let Some(by) = by else { return };
    let told = explanation
        .policies
        .iter()
        .filter(|policy| policy.policy.source == by.source)
        .filter_map(|policy| policy.statements.get(by.index));
    let applying =
        told.filter(|told| told.applies.is_some() && told.statement.effect() == effect).count();
    assert!(applying >= 1);
}

/// A request and its policies, each as JSON.
#[derive(Debug, Clone)]
struct Case {
    caller: Who,
    action: &'static str,
    resource: &'static str,
    resource_account: &'static str,
    context: BTreeMap<String, Vec<String>>,
    resource_levels: usize,
    service_levels: usize,
    has_session: bool,
    /// In the order of `Explanation::policies`.
    slots: Vec<Slot>,
}

#[derive(Debug, Clone)]
struct Slot {
    policy_type: PolicyType,
    level: Option<usize>,
    document: Value,
}

#[derive(Debug, Clone, Copy)]
enum Who {
    Root,
    User,
    Session,
    Federated,
    Service,
    Anonymous,
}

impl Case {
    fn run<T>(&self, run: impl FnOnce(&Request<'_>, &Policies<'_>) -> T) -> T {
        let account: AccountId = "111111111111".parse().unwrap();
        let bob = Principal::User {
            account,
            path: "/".into(),
            name: "bob".into(),
            id: "AIDA00000000000000BOB".parse().unwrap(),
        };
        let session = Principal::AssumedRole {
            account,
            path: "/".into(),
            role: "deploy".into(),
            id: "AROA0000000000DEPLOY0".parse().unwrap(),
            session: "s".into(),
        };
        let federated = Principal::FederatedUser { account, name: "fed".into() };
        let root = Principal::Root { account };
        let caller = match self.caller {
            Who::Root => Caller::Principal(&root),
            Who::User => Caller::Principal(&bob),
            Who::Session => Caller::Principal(&session),
            Who::Federated => Caller::FederationToken { session: &federated, user: &bob },
            Who::Service => Caller::Service("lambda.amazonaws.com"),
            Who::Anonymous => Caller::Anonymous,
        };
        // Of an absent key, too, the request says that it may have several values.
        let none: [&str; 0] = [];
        let mut context = ContextMap::new().with("aws:TagKeys", ContextValue::many(none));
        for (key, values) in &self.context {
            match values.as_slice() {
                [one] if key != "aws:tagkeys" => context.insert(key, one.clone()),
                many => context.insert(key, ContextValue::many(many.iter().cloned())),
            }
        }
        let request =
            Request { caller, action: self.action, resource: self.resource, context: &context };

        let parsed: Vec<Policy> = self.slots.iter().map(Slot::parse).collect();
        let names: Vec<String> = (0..parsed.len()).map(|index| index.to_string()).collect();
        let named = |policy_type: PolicyType, level| -> Vec<NamedPolicy<'_>> {
            let slots = self.slots.iter().zip(&parsed).zip(&names);
            slots
                .filter(|((slot, _), _)| slot.policy_type == policy_type && slot.level == level)
                .map(|((_, policy), name)| NamedPolicy {
                    source: PolicySource::UserInline { user: "bob", name },
                    policy,
                })
                .collect()
        };
        let levels = |policy_type, count: usize| -> Vec<Vec<NamedPolicy<'_>>> {
            (0..count).map(|level| named(policy_type, Some(level))).collect()
        };
        let resource_levels = levels(PolicyType::ResourceControl, self.resource_levels);
        let service_levels = levels(PolicyType::ServiceControl, self.service_levels);
        let resource_control: Vec<Level<'_>> =
            resource_levels.iter().map(|level| &**level).collect();
        let service_control: Vec<Level<'_>> = service_levels.iter().map(|level| &**level).collect();
        let one = |policy_type| named(policy_type, None).first().copied();
        let session = named(PolicyType::Session, None);
        let trust = one(PolicyType::Trust).map(ResourcePolicy::trust);
        run(
            &request,
            &Policies {
                service_control: &service_control,
                resource_control: &resource_control,
                identity: &named(PolicyType::Identity, None),
                boundary: one(PolicyType::Boundary),
                session: self.has_session.then_some(&session),
                resource: trust.or(one(PolicyType::Resource).map(ResourcePolicy::open)),
                resource_account: Some(self.resource_account.parse().unwrap()),
            },
        )
    }

    /// Root whom nothing binds, and nobody who would assume a role.
    fn is_beyond_change(&self, allowed: bool) -> bool {
        let bound = |slot: &Slot| {
            let types = [PolicyType::ServiceControl, PolicyType::Trust, PolicyType::Resource];
            types.contains(&slot.policy_type)
        };
        match self.caller {
            Who::Root => allowed && self.service_levels == 0 && !self.slots.iter().any(bound),
            Who::Anonymous => {
                !allowed && self.slots.iter().any(|slot| slot.policy_type == PolicyType::Trust)
            }
            _ => false,
        }
    }

    fn after(&self, change: &Change) -> Self {
        let mut after = self.clone();
        let mut removed = Vec::new();
        let mut detached = Vec::new();
        for edit in &change.edits {
            match edit {
                Edit::SetContext { key, values, .. } => {
                    let key = key.to_ascii_lowercase();
                    match values {
                        Some(values) => after.context.insert(key, values.clone()),
                        None => after.context.remove(&key),
                    };
                }
                Edit::Extend { policy, statement, element, value, .. } => {
                    let mut list = &mut after.slots[*policy].statements()[*statement][*element];
                    if *element == "Principal" {
                        list = &mut list["AWS"];
                    }
                    let mut values = list.as_array().cloned().unwrap_or_else(|| vec![list.clone()]);
                    values.push(json!(value));
                    *list = json!(values);
                }
                Edit::AddSetOperator { policy, statement, operator, key, set_operator } => {
                    let statement = &mut after.slots[*policy].statements()[*statement];
                    let block = &mut statement["Condition"];
                    let values = block[operator].as_object_mut().unwrap().remove(key).unwrap();
                    block[format!("{set_operator}:{operator}")][key] = values;
                }
                Edit::Add { policy_type, level, statement } => {
                    let statement: Value = serde_json::from_str(&statement.to_json()).unwrap();
                    let alone = matches!(
                        policy_type,
                        PolicyType::Boundary | PolicyType::Resource | PolicyType::Trust
                    );
                    let there =
                        after.slots.iter_mut().find(|slot| slot.policy_type == *policy_type);
                    match there.filter(|_| alone) {
                        Some(slot) => slot.statements().push(statement),
                        None => after.slots.push(Slot::of(*policy_type, *level, vec![statement])),
                    }
                }
                Edit::Remove { policy, statement } => removed.push((*policy, *statement)),
                Edit::Detach { policy } => detached.push(*policy),
            }
        }
        removed.sort_unstable_by(|a, b| b.cmp(a));
        for (policy, statement) in removed {
            let slot = &mut after.slots[policy];
            slot.statements().remove(statement);
            if slot.statements().is_empty() {
                let principal = statement_of("Deny", "nobody:Asks", "*", slot.policy_type);
                slot.statements().push(principal);
            }
        }
        detached.sort_unstable_by(|a, b| b.cmp(a));
        for policy in detached {
            after.slots.remove(policy);
        }
        after
    }
}

impl Slot {
    fn of(policy_type: PolicyType, level: Option<usize>, statements: Vec<Value>) -> Self {
        let document = json!({"Version": "2012-10-17", "Statement": statements});
        Self { policy_type, level, document }
    }

    fn statements(&mut self) -> &mut Vec<Value> {
        self.document["Statement"].as_array_mut().unwrap()
    }

    fn parse(&self) -> Policy {
        let kind = match self.policy_type {
            PolicyType::Identity | PolicyType::Boundary => PolicyKind::Identity,
            PolicyType::Session => PolicyKind::Session,
            PolicyType::Trust => PolicyKind::Trust,
            PolicyType::ServiceControl => PolicyKind::ServiceControl,
            PolicyType::ResourceControl => PolicyKind::ResourceControl,
            PolicyType::Resource => PolicyKind::Resource,
        };
        let text = self.document.to_string();
        Policy::parse(kind, &text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }
}

fn statement_of(effect: &str, action: &str, resource: &str, policy_type: PolicyType) -> Value {
    let mut statement = json!({"Effect": effect, "Action": action, "Resource": resource});
    if matches!(policy_type, PolicyType::Resource | PolicyType::Trust | PolicyType::ResourceControl)
    {
        let bare = policy_type != PolicyType::Trust;
        statement["Principal"] = if bare { json!("*") } else { json!({"AWS": "*"}) };
    }
    if policy_type == PolicyType::Trust {
        statement["Action"] = json!(action.replace("nobody:Asks", "sts:SetContext"));
        statement.as_object_mut().unwrap().remove("Resource");
    }
    statement
}

/// Statements over a few names, so that they often meet or nearly do.
fn statement(policy_type: PolicyType) -> impl Strategy<Value = Value> {
    let names = matches!(
        policy_type,
        PolicyType::Resource | PolicyType::Trust | PolicyType::ResourceControl
    );
    let principals = select(vec![
        json!({"AWS": "*"}),
        json!({"AWS": "111111111111"}),
        json!({"AWS": "arn:aws:iam::111111111111:user/bob"}),
        json!({"AWS": ["arn:aws:iam::111111111111:role/deploy", "arn:aws:iam::111111111111:user/al"]}),
        json!({"AWS": "arn:aws:sts::111111111111:assumed-role/deploy/s"}),
        json!({"Service": "lambda.amazonaws.com"}),
        json!({"Service": "ec2.amazonaws.com", "AWS": "222222222222"}),
    ]);
    let actions =
        select(vec!["sts:AssumeRole", "sts:AssumeRole", "sts:SetContext", "sts:TagSession"]);
    let more = select(vec!["*", "iam:*", "sts:AssumeRole", "iam:GetUser", "iam:GetUsers", "s3:*"]);
    let resources = select(vec![
        "*",
        "arn:aws:iam::*:user/${aws:username}",
        "arn:aws:iam::111111111111:user/al",
        "arn:aws:iam::111111111111:role/*",
        "arn:aws:s3:::b/*",
    ]);
    (
        select(vec!["Allow", "Allow", "Deny"]),
        principals,
        actions,
        (more, select(vec!["Action", "Action", "Action", "NotAction"])),
        (resources, select(vec!["Resource", "Resource", "Resource", "NotResource"])),
        proptest::option::weighted(0.4, condition()),
    )
        .prop_map(
            move |(
                effect,
                principal,
                trusted,
                (action, actions),
                (resource, resources),
                condition,
            )| {
                let mut statement = json!({"Effect": effect});
                if policy_type == PolicyType::ResourceControl {
                    // They deny, everybody, in a service that they name; but for AWS's own.
                    let action = if action == "*" { "sts:*" } else { action };
                    statement = json!({"Effect": "Deny", "Principal": "*", "Action": action});
                    statement[resources] = json!(resource);
                } else if policy_type == PolicyType::Trust {
                    statement["Action"] = json!(trusted);
                } else {
                    statement[actions] = json!(action);
                    statement[resources] = json!(resource);
                }
                if names && policy_type != PolicyType::ResourceControl {
                    statement["Principal"] = principal;
                }
                if let Some(condition) = condition {
                    statement["Condition"] = condition;
                }
                statement
            },
        )
}

fn condition() -> impl Strategy<Value = Value> {
    let line = select(vec![
        ("Bool", "aws:MultiFactorAuthPresent", json!("true")),
        ("BoolIfExists", "aws:MultiFactorAuthPresent", json!("false")),
        ("StringEquals", "aws:PrincipalArn", json!("arn:aws:iam::111111111111:user/al")),
        ("StringEquals", "aws:RequestTag/team", json!(["red", "${aws:PrincipalTag/team}"])),
        ("StringNotEquals", "aws:RequestTag/team", json!(["red", "blue"])),
        ("StringLike", "sts:ExternalId", json!("x*")),
        ("StringNotEqualsIfExists", "aws:RequestedRegion", json!("eu-west-1")),
        ("IpAddress", "aws:SourceIp", json!(["10.0.0.0/8", "fd00::/8"])),
        ("NotIpAddress", "aws:SourceIp", json!("10.0.0.0/8")),
        ("NumericLessThan", "aws:MultiFactorAuthAge", json!(3600)),
        ("NumericGreaterThan", "s3:max-keys", json!("10")),
        ("DateGreaterThan", "aws:CurrentTime", json!("2030-01-01T00:00:00Z")),
        ("DateLessThan", "aws:CurrentTime", json!("2020-01-01")),
        ("ForAllValues:StringEquals", "aws:TagKeys", json!(["team", "cost"])),
        ("ForAnyValue:StringLike", "aws:TagKeys", json!("c*")),
        ("StringEquals", "aws:TagKeys", json!(["team", "cost"])),
        ("StringNotEquals", "aws:TagKeys", json!("cost")),
        ("Null", "aws:RequestTag/team", json!("false")),
        ("Null", "sts:ExternalId", json!(true)),
        ("ArnLike", "iam:PolicyARN", json!("arn:aws:iam::*:policy/safe/*")),
    ]);
    proptest::collection::vec(line, 1..3).prop_map(|lines| {
        let mut block = json!({});
        for (operator, key, value) in lines {
            block[operator][key] = value;
        }
        block
    })
}

fn case() -> impl Strategy<Value = Case> {
    let policies = |policy_type, count: std::ops::Range<usize>| {
        let document = proptest::collection::vec(statement(policy_type), 1..3);
        proptest::collection::vec(document, count)
    };
    let attached = |policy_type| proptest::collection::vec(policies(policy_type, 0..3), 0..3);
    let values = |values: Vec<&'static str>| proptest::option::of(select(values));
    let context = (
        values(vec!["true", "false"]),
        values(vec!["red", "green"]),
        values(vec!["eu-west-1", "us-east-1"]),
        values(vec!["10.1.2.3", "192.0.2.7"]),
        values(vec!["team", "team,other", "cost,team"]),
        any::<bool>(),
    );
    let resource_type = select(vec![PolicyType::Trust, PolicyType::Resource]);
    (
        select(vec![
            Who::Root,
            Who::User,
            Who::User,
            Who::Session,
            Who::Session,
            Who::Federated,
            Who::Service,
            Who::Anonymous,
        ]),
        select(vec![
            ("iam:GetUser", "arn:aws:iam::111111111111:user/bob"),
            ("sts:AssumeRole", "arn:aws:iam::111111111111:role/target"),
            ("iam:ListUsers", "*"),
        ]),
        (any::<bool>(), proptest::bool::weighted(0.8), context),
        (attached(PolicyType::ResourceControl), attached(PolicyType::ServiceControl)),
        resource_type
            .prop_flat_map(move |policy_type| (Just(policy_type), policies(policy_type, 0..2))),
        (policies(PolicyType::Identity, 0..3), policies(PolicyType::Boundary, 0..2)),
        proptest::option::of(policies(PolicyType::Session, 0..3)),
    )
        .prop_map(
            |(
                caller,
                (action, resource),
                (here, full_access, context),
                controls,
                of_resource,
                own,
                session,
            )| {
                let mut slots = Vec::new();
                let leveled = [
                    (PolicyType::ResourceControl, &controls.0),
                    (PolicyType::ServiceControl, &controls.1),
                ];
                for (policy_type, levels) in leveled {
                    for (level, documents) in levels.iter().enumerate() {
                        for statements in documents {
                            slots.push(Slot::of(policy_type, Some(level), statements.clone()));
                        }
                        if policy_type == PolicyType::ResourceControl && full_access {
                            let all = json!({
                                "Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*",
                            });
                            slots.push(Slot::of(policy_type, Some(level), vec![all]));
                        }
                    }
                }
                let (policy_type, documents) = of_resource;
                // A trust policy speaks of AssumeRole only.
                let of_resource = if policy_type == PolicyType::Trust && action != "sts:AssumeRole"
                {
                    Vec::new()
                } else {
                    documents
                };
                let has_session = session.is_some();
                let rest = [
                    (policy_type, of_resource),
                    (PolicyType::Identity, own.0),
                    (PolicyType::Boundary, own.1),
                    (PolicyType::Session, session.unwrap_or_default()),
                ];
                for (policy_type, documents) in rest {
                    slots.extend(
                        documents
                            .into_iter()
                            .map(|statements| Slot::of(policy_type, None, statements)),
                    );
                }
                Case {
                    caller,
                    action,
                    resource,
                    resource_account: if here { "111111111111" } else { "222222222222" },
                    context: context_of(context),
                    resource_levels: controls.0.len(),
                    service_levels: controls.1.len(),
                    has_session,
                    slots,
                }
            },
        )
}

type Values = (
    Option<&'static str>,
    Option<&'static str>,
    Option<&'static str>,
    Option<&'static str>,
    Option<&'static str>,
    bool,
);

fn context_of((mfa, team, region, ip, tag_keys, user): Values) -> BTreeMap<String, Vec<String>> {
    let mut context = BTreeMap::new();
    let mut put = |key: &str, value: Option<&str>| {
        if let Some(value) = value {
            context.insert(key.to_owned(), value.split(',').map(str::to_owned).collect());
        }
    };
    put("aws:multifactorauthpresent", mfa);
    put("aws:requesttag/team", team);
    put("aws:requestedregion", region);
    put("aws:sourceip", ip);
    put("aws:tagkeys", tag_keys);
    put("aws:username", user.then_some("bob"));
    put("aws:currenttime", Some("2026-06-01T00:00:00Z"));
    context
}
