use daypass_ident::Principal;

use super::*;
use crate::{Caller, Policy, PolicyKind};

const ALLOW: &str = r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#;
const DENY: &str = r#"{"Effect":"Deny","Action":"*","Resource":"*"}"#;
const SILENT: &str = r#"{"Effect":"Allow","Action":"other:Thing","Resource":"*"}"#;

/// The statements of each policy; `None` for no policy of that kind.
#[derive(Clone, Copy)]
struct Given<'a> {
    caller: Who,
    resource_control: &'a [&'a [&'a str]],
    service_control: &'a [&'a [&'a str]],
    /// A statement of a bucket's policy.
    resource: Option<&'a str>,
    identity: &'a [&'a str],
    boundary: Option<&'a str>,
    session: Option<&'a str>,
    resource_account: &'a str,
}

#[derive(Clone, Copy)]
enum Who {
    Root,
    User,
    Role,
    /// Of the user.
    Federated,
    FederatedByRoot,
    Service,
    WebIdentity,
    Anonymous,
}

const GIVEN: Given<'static> = Given {
    caller: Who::User,
    resource_control: &[],
    service_control: &[],
    resource: None,
    identity: &[],
    boundary: None,
    session: None,
    resource_account: "111111111111",
};

impl Given<'_> {
    /// `allowed`, `Identity denies` or `no Identity`.
    fn decide(self) -> String {
        let account = "111111111111".parse().unwrap();
        let bob = Principal::User {
            account,
            path: "/".into(),
            name: "bob".into(),
            id: "AIDA00000000000000BOB".parse().unwrap(),
        };
        let role = Principal::AssumedRole {
            account,
            path: "/".into(),
            role: "r".into(),
            id: "AROA0000000000000000R".parse().unwrap(),
            session: "s".into(),
        };
        let federated = Principal::FederatedUser { account, name: "fed".into() };
        let root = Principal::Root { account };
        let caller = match self.caller {
            Who::Root => Caller::Principal(&root),
            Who::User => Caller::Principal(&bob),
            Who::Role => Caller::Principal(&role),
            Who::Federated => Caller::FederationToken { session: &federated, user: &bob },
            Who::FederatedByRoot => Caller::FederationToken { session: &federated, user: &root },
            Who::Service => Caller::Service("lambda.amazonaws.com"),
            Who::WebIdentity => Caller::Federated("accounts.google.com"),
            Who::Anonymous => Caller::Anonymous,
        };
        let request =
            Request { caller, action: "s3:GetObject", resource: "arn:aws:s3:::b/k", context: &() };
        let parse = |kind, statement: &str| {
            let text = format!(r#"{{"Version":"2012-10-17","Statement":{statement}}}"#);
            Policy::parse(kind, &text).unwrap_or_else(|error| panic!("{error}: {text}"))
        };
        // Everybody, but for the policies that must name somebody.
        let of_everyone = |statement: &str| statement.replacen('{', r#"{"Principal":"*","#, 1);
        let levels = |kind, levels: &[&[&str]]| -> Vec<Vec<Policy>> {
            let one = |statement: &&str| match kind {
                PolicyKind::Resource => parse(kind, &of_everyone(statement)),
                _ => parse(kind, statement),
            };
            levels.iter().map(|level| level.iter().map(one).collect()).collect()
        };
        let resource_control = levels(PolicyKind::Resource, self.resource_control);
        let service_control = levels(PolicyKind::ServiceControl, self.service_control);
        let identity = levels(PolicyKind::Identity, &[self.identity]);
        let boundary = self.boundary.map(|text| parse(PolicyKind::Identity, text));
        let session = self.session.map(|text| [parse(PolicyKind::Session, text)]);
        let resource = self.resource.map(|text| parse(PolicyKind::Resource, text));

        let resource_control = named(&resource_control);
        let service_control = named(&service_control);
        let identity = named(&identity);
        let session = session.as_ref().map(|list| list.each_ref().map(name));
        let policies = Policies {
            resource_control: &resource_control.iter().map(|level| &**level).collect::<Vec<_>>(),
            service_control: &service_control.iter().map(|level| &**level).collect::<Vec<_>>(),
            identity: &identity[0],
            boundary: boundary.as_ref().map(name),
            session: session.as_ref().map(|list| list.as_slice()),
            resource: resource.as_ref().map(name).map(ResourcePolicy::open),
            resource_account: Some(self.resource_account.parse().unwrap()),
        };
        match decide(&request, &policies) {
            Decision::Allowed { .. } => "allowed".to_owned(),
            Decision::Denied(Denial { by, explicit: Some(_) }) => format!("{by:?} denies"),
            Decision::Denied(Denial { by, explicit: None }) => format!("no {by:?}"),
        }
    }
}

fn named(levels: &[Vec<Policy>]) -> Vec<Vec<NamedPolicy<'_>>> {
    levels.iter().map(|level| level.iter().map(name).collect()).collect()
}

fn name(policy: &Policy) -> NamedPolicy<'_> {
    NamedPolicy { source: PolicySource::SessionInline, policy }
}

/// A statement of a resource's policy for this principal.
fn allow(principal: &str) -> String {
    ALLOW.replacen('{', &format!(r#"{{"Principal":{principal},"#), 1)
}

#[test]
fn the_first_of_several_denials_is_named() {
    let deny_all = allow(r#""*""#).replace("Allow", "Deny");
    let mut given = Given {
        resource_control: &[&[ALLOW, DENY]],
        service_control: &[&[ALLOW, DENY]],
        resource: Some(&deny_all),
        identity: &[ALLOW, DENY],
        boundary: Some(DENY),
        session: Some(DENY),
        ..GIVEN
    };
    let mut told = Vec::new();
    told.push(given.decide());
    given.resource_control = &[&[ALLOW]];
    told.push(given.decide());
    given.service_control = &[&[ALLOW]];
    told.push(given.decide());
    given.resource = None;
    told.push(given.decide());
    given.identity = &[ALLOW];
    told.push(given.decide());
    given.boundary = Some(ALLOW);
    told.push(given.decide());
    given.session = Some(ALLOW);
    told.push(given.decide());
    let expected = [
        "ResourceControl denies",
        "ServiceControl denies",
        "Resource denies",
        "Identity denies",
        "Boundary denies",
        "Session denies",
        "allowed",
    ];
    assert_eq!(told, expected);
}

#[test]
fn the_first_kind_that_lacks_is_named() {
    let nobody = allow(r#"{"AWS":"333333333333"}"#);
    let everybody = allow(r#"{"AWS":"111111111111"}"#);
    let mut given = Given {
        resource_control: &[&[SILENT]],
        service_control: &[&[SILENT]],
        // The resource's account is another one, so its policy must allow.
        resource: Some(&nobody),
        resource_account: "222222222222",
        identity: &[SILENT],
        boundary: Some(SILENT),
        session: Some(SILENT),
        ..GIVEN
    };
    let mut told = Vec::new();
    told.push(given.decide());
    given.resource_control = &[&[ALLOW]];
    told.push(given.decide());
    given.service_control = &[&[ALLOW]];
    told.push(given.decide());
    given.resource = Some(&everybody);
    told.push(given.decide());
    given.identity = &[ALLOW];
    told.push(given.decide());
    given.boundary = Some(ALLOW);
    told.push(given.decide());
    given.session = Some(ALLOW);
    told.push(given.decide());
    let expected = [
        "no ResourceControl",
        "no ServiceControl",
        "no Resource",
        "no Identity",
        "no Boundary",
        "no Session",
        "allowed",
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_denial_comes_before_whatever_lacks() {
    let given = Given {
        resource_control: &[&[SILENT]],
        service_control: &[&[SILENT]],
        identity: &[SILENT],
        session: Some(DENY),
        ..GIVEN
    };
    assert_eq!(given.decide(), "Session denies");
}

#[test]
fn every_level_of_an_organisation_must_allow() {
    let cases: [(&[&[&str]], &str); 7] = [
        (&[], "allowed"),
        (&[&[ALLOW], &[ALLOW]], "allowed"),
        (&[&[SILENT, ALLOW], &[ALLOW, SILENT]], "allowed"),
        (&[&[ALLOW], &[SILENT], &[ALLOW]], "no ServiceControl"),
        (&[&[ALLOW], &[]], "no ServiceControl"),
        (&[&[SILENT], &[ALLOW, DENY]], "ServiceControl denies"),
        (&[&[DENY], &[ALLOW]], "ServiceControl denies"),
    ];
    for (levels, expected) in cases {
        let given = Given { identity: &[ALLOW], service_control: levels, ..GIVEN };
        assert_eq!(given.decide(), expected, "{levels:?}");
        let given = Given { identity: &[ALLOW], resource_control: levels, ..GIVEN };
        let expected = expected.replace("Service", "Resource");
        assert_eq!(given.decide(), expected, "{levels:?}");
    }
}

#[test]
fn root_is_bound_by_control_policies_and_by_the_resource() {
    let root = Given { caller: Who::Root, ..GIVEN };
    assert_eq!(root.decide(), "allowed");
    assert_eq!(Given { service_control: &[&[SILENT]], ..root }.decide(), "no ServiceControl");
    assert_eq!(
        Given { service_control: &[&[ALLOW, DENY]], ..root }.decide(),
        "ServiceControl denies"
    );
    assert_eq!(Given { resource_control: &[&[DENY]], ..root }.decide(), "ResourceControl denies");
    let deny = allow(r#""*""#).replace("Allow", "Deny");
    assert_eq!(Given { resource: Some(&deny), ..root }.decide(), "Resource denies");
    // Beyond its account it is like everybody.
    assert_eq!(Given { resource_account: "222222222222", ..root }.decide(), "no Resource");
    let here = allow(r#"{"AWS":"111111111111"}"#);
    let beyond = Given { resource_account: "222222222222", resource: Some(&here), ..root };
    assert_eq!(beyond.decide(), "allowed");
}

#[test]
fn a_session_that_root_made_for_somebody_may_what_its_policies_allow() {
    let session = Given { caller: Who::FederatedByRoot, session: Some(ALLOW), ..GIVEN };
    assert_eq!(session.decide(), "allowed");
    assert_eq!(Given { session: Some(SILENT), ..session }.decide(), "no Session");
    assert_eq!(Given { service_control: &[&[SILENT]], ..session }.decide(), "no ServiceControl");
    assert_eq!(Given { resource_account: "222222222222", ..session }.decide(), "no Resource");
}

#[test]
fn callers_from_outside_have_the_resources_policy_only() {
    let service = allow(r#"{"Service":"lambda.amazonaws.com"}"#);
    let google = allow(r#"{"Federated":"accounts.google.com"}"#);
    let anyone = allow(r#""*""#);
    for (caller, named) in
        [(Who::Service, &service), (Who::WebIdentity, &google), (Who::Anonymous, &anyone)]
    {
        // Whatever is said of the callers of an account says nothing of them.
        let given = Given {
            caller,
            service_control: &[&[DENY]],
            identity: &[ALLOW],
            resource: Some(named),
            ..GIVEN
        };
        assert_eq!(given.decide(), "allowed", "{named}");
        assert_eq!(Given { resource: None, ..given }.decide(), "no Resource", "{named}");
        let lacking = Given { resource_control: &[&[ALLOW], &[SILENT]], ..given };
        assert_eq!(lacking.decide(), "no ResourceControl", "{named}");
        let denied = Given { resource_control: &[&[ALLOW, DENY]], ..given };
        assert_eq!(denied.decide(), "ResourceControl denies", "{named}");
        let beyond = Given { resource_account: "222222222222", ..given };
        assert_eq!(beyond.decide(), "allowed", "{named}");
    }
}

/// The table of the page "Policy evaluation logic", row by row: what a resource's policy allows to
/// whom, and which of the caller's own policies still bind.
#[test]
fn how_the_resource_names_the_caller_says_what_still_binds() {
    let user = r#"{"AWS":"arn:aws:iam::111111111111:user/bob"}"#;
    let role = r#"{"AWS":"arn:aws:iam::111111111111:role/r"}"#;
    let session = r#"{"AWS":"arn:aws:sts::111111111111:assumed-role/r/s"}"#;
    let federated = r#"{"AWS":"arn:aws:sts::111111111111:federated-user/fed"}"#;
    let account = r#"{"AWS":"111111111111"}"#;
    let anyone = r#""*""#;
    // Without an Allow of the identity; with it but none of the boundary; of the session.
    let bound = ["no Identity", "no Boundary", "no Session"];
    let within_limits = ["allowed", "no Boundary", "no Session"];
    let free = ["allowed"; 3];
    let cases = [
        (Who::User, user, free),
        (Who::User, account, bound),
        (Who::User, anyone, free),
        (Who::Role, role, within_limits),
        (Who::Role, session, free),
        (Who::Role, account, bound),
        (Who::Role, anyone, free),
        (Who::Federated, federated, free),
        (Who::Federated, user, within_limits),
        (Who::Federated, account, bound),
        (Who::Federated, anyone, free),
    ];
    for (caller, principal, expected) in cases {
        let resource = allow(principal);
        let given = Given { caller, resource: Some(&resource), ..GIVEN };
        let told = [
            given.decide(),
            Given { identity: &[ALLOW], boundary: Some(SILENT), ..given }.decide(),
            Given { identity: &[ALLOW], boundary: Some(ALLOW), session: Some(SILENT), ..given }
                .decide(),
        ];
        assert_eq!(told, expected, "{principal}");
        // An explicit deny always binds.
        let denied = Given { identity: &[ALLOW], session: Some(DENY), ..given };
        assert_eq!(denied.decide(), "Session denies", "{principal}");
    }
}

#[test]
fn from_another_account_both_sides_must_allow() {
    let names =
        [r#"{"AWS":"arn:aws:iam::111111111111:user/bob"}"#, r#"{"AWS":"111111111111"}"#, r#""*""#];
    for principal in names {
        let resource = allow(principal);
        let given = Given { resource: Some(&resource), resource_account: "222222222222", ..GIVEN };
        assert_eq!(given.decide(), "no Identity", "{principal}");
        let given = Given { identity: &[ALLOW], ..given };
        assert_eq!(given.decide(), "allowed", "{principal}");
        // Nothing that binds the caller is lifted from there.
        assert_eq!(Given { boundary: Some(SILENT), ..given }.decide(), "no Boundary");
        assert_eq!(Given { session: Some(SILENT), ..given }.decide(), "no Session");
        assert_eq!(Given { resource: None, ..given }.decide(), "no Resource");
    }
}

#[test]
fn not_principal_spares_those_who_are_named_whole() {
    let deny =
        |principals: &str| DENY.replacen('{', &format!(r#"{{"NotPrincipal":{principals},"#), 1);
    let role = r#""arn:aws:iam::111111111111:role/r""#;
    let session = r#""arn:aws:sts::111111111111:assumed-role/r/s""#;
    let account = r#""arn:aws:iam::111111111111:root""#;
    let user = r#""arn:aws:iam::111111111111:user/bob""#;
    let cases = [
        (Who::User, format!(r#"{{"AWS":[{user},{account}]}}"#), "allowed"),
        (Who::User, format!(r#"{{"AWS":[{role},{account}]}}"#), "Resource denies"),
        (Who::Role, format!(r#"{{"AWS":[{role},{session},{account}]}}"#), "allowed"),
        (Who::Role, format!(r#"{{"AWS":[{session},{account}]}}"#), "Resource denies"),
        (Who::Role, format!(r#"{{"AWS":[{user}]}}"#), "Resource denies"),
    ];
    for (caller, principals, expected) in cases {
        let resource = deny(&principals);
        let given = Given { caller, identity: &[ALLOW], resource: Some(&resource), ..GIVEN };
        assert_eq!(given.decide(), expected, "{principals}");
    }
}
