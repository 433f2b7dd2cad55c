//! Whatever a policy says of whatever request.

use daypass_ident::Principal;
use daypass_policy::{
    Caller, ContextMap, ContextValue, Decision, Effect, NamedPolicy, Policies, Policy, PolicyKind,
    PolicySource, Request, ResourcePolicy, Verdict, Version, decide,
};

/// The input's first line is the request: action, resource, and keys with their values, such as
/// `aws:TagKeys=a,b`; what follows is the document.
pub(crate) fn run(input: &[u8]) {
    let Some((line, document)) = std::str::from_utf8(input).ok().and_then(|i| i.split_once('\n'))
    else {
        return;
    };
    let mut words = line.split(' ');
    let (action, resource) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    let context = context(words);
    let user = Principal::User {
        account: "111111111111".parse().expect("an account"),
        path: "/".into(),
        name: "bob".into(),
        id: "AIDA00000000000000BOB".parse().expect("an id"),
    };
    let caller = Caller::Principal(&user);
    let request = Request { caller, action, resource, context: &context };
    for kind in [PolicyKind::Managed, PolicyKind::Resource, PolicyKind::Trust] {
        if let Ok(policy) = Policy::parse(kind, document) {
            agrees_with_itself(kind, &policy, &request);
        }
    }
}

fn context<'w>(words: impl Iterator<Item = &'w str>) -> ContextMap {
    let mut context = ContextMap::new();
    for (key, value) in words.filter_map(|word| word.split_once('=')) {
        let value: ContextValue<'static> = match value.parse::<i64>() {
            Ok(number) => number.into(),
            Err(_) if value.contains(',') => {
                ContextValue::many(value.split(',').map(|part| part.to_owned()))
            }
            Err(_) => value.to_owned().into(),
        };
        context.insert(key, value);
    }
    context
}

/// The order of statements never matters, and neither does saying everything twice.
fn agrees_with_itself(kind: PolicyKind, policy: &Policy, request: &Request<'_>) {
    let Some(last) = policy.statements().len().checked_sub(1) else {
        assert_eq!(policy.evaluate(request), Verdict::default());
        return;
    };
    let reversed = Policy::parse(kind, &reversed(policy)).expect("the same statements");
    let applying: Vec<_> = policy.matching(request).collect();
    let mut mirrored: Vec<_> = reversed.matching(request).map(|(index, _)| last - index).collect();
    mirrored.reverse();
    assert_eq!(applying.iter().map(|(index, _)| *index).collect::<Vec<_>>(), mirrored);

    let (verdict, other) = (policy.evaluate(request), reversed.evaluate(request));
    let has = |effect| applying.iter().any(|(_, statement)| statement.effect() == effect);
    for verdict in [verdict, other] {
        assert_eq!(verdict.denied_by.is_some(), has(Effect::Deny));
        if !has(Effect::Deny) {
            assert_eq!(verdict.allowed_by.is_some(), has(Effect::Allow));
        }
    }
    if !has(Effect::Deny) {
        let reach = |(_, reach)| reach;
        assert_eq!(verdict.allowed_by.map(reach), other.allowed_by.map(reach));
    }

    let once = outcome(kind, &[policy], request);
    for policies in [[policy, &reversed], [&reversed, policy]] {
        assert_eq!(outcome(kind, &policies, request), once);
    }
}

/// The policy with its statements the other way round.
fn reversed(policy: &Policy) -> String {
    let version = match policy.version() {
        Version::V2008 => "2008-10-17",
        Version::V2012 => "2012-10-17",
    };
    let spans = policy.statements().iter().rev().map(|statement| statement.span());
    let statements: Vec<_> = spans.map(|span| policy.text().get(span).expect("a span")).collect();
    format!(r#"{{"Version": "{version}", "Statement": [{}]}}"#, statements.join(","))
}

/// Whether the policies allow, and if not, whether a statement of theirs denies.
fn outcome(kind: PolicyKind, policies: &[&Policy], request: &Request<'_>) -> Option<bool> {
    let named = |policy| NamedPolicy { source: PolicySource::SessionInline, policy };
    let list: Vec<_> = policies.iter().copied().map(named).collect();
    let resource = list.first().copied();
    let decision = match kind {
        PolicyKind::Trust => decide(
            request,
            &Policies { resource: resource.map(ResourcePolicy::trust), ..Policies::default() },
        ),
        PolicyKind::Resource => decide(
            request,
            &Policies { resource: resource.map(ResourcePolicy::open), ..Policies::default() },
        ),
        _ => decide(request, &Policies { identity: &list, ..Policies::default() }),
    };
    match decision {
        Decision::Allowed { .. } => None,
        Decision::Denied(denial) => Some(denial.explicit.is_some()),
    }
}
