//! Statements that give away more than anybody means to.

use daypass_ident::strip_prefix_ignore_case;

use super::report::Report;
use super::rule;
use super::statement::Statement;
use crate::PolicyKind;
use crate::pattern::ActionPatterns;

pub(super) fn check(statement: &Statement<'_>, report: &mut Report<'_>) {
    if !statement.allows() {
        return;
    }
    not_principal(statement, report);
    if !report.grants() {
        return;
    }
    not_action(statement, report);
    not_resource(statement, report);
    if !allows_all(statement, report) {
        pass_role(statement, report);
    }
    public(statement, report);
}

fn not_principal(statement: &Statement<'_>, report: &mut Report<'_>) {
    if let Some(values) = statement.principals().filter(|values| values.negated) {
        let refused = matches!(report.kind, PolicyKind::Resource | PolicyKind::Trust);
        let message = "this allows everybody but those who are named";
        report
            .add(&rule::ALLOW_NOT_PRINCIPAL, &values.member.key_span, message)
            .help("name who may in `Principal`, or deny with `NotPrincipal`")
            .refused_if(refused);
    }
}

fn not_action(statement: &Statement<'_>, report: &mut Report<'_>) {
    if let Some(values) = statement.actions().filter(|values| values.negated) {
        let message = "this allows every action but these, also those of services to come";
        let finding = report.add(&rule::ALLOW_NOT_ACTION, &values.member.key_span, message);
        finding.help("list what is allowed in `Action`, or deny these in a statement of their own");
    }
}

fn not_resource(statement: &Statement<'_>, report: &mut Report<'_>) {
    if let Some(values) = statement.resources().filter(|values| values.negated) {
        let message = "this allows the actions on every resource but these";
        let finding = report.add(&rule::ALLOW_NOT_RESOURCE, &values.member.key_span, message);
        finding.help("list the resources in `Resource`, or deny these in a statement of their own");
    }
}

/// Whether everything is allowed on everything; says so where nothing limits it.
fn allows_all(statement: &Statement<'_>, report: &mut Report<'_>) -> bool {
    let Some(actions) = statement.actions().filter(|values| !values.negated) else { return false };
    let Some((_, span)) = actions.texts().find(|(text, _)| matches!(*text, "*" | "*:*")) else {
        return false;
    };
    if has_any_resource(statement)
        && statement.operators().is_empty()
        && statement.principals().is_none()
    {
        let message = "this allows every action on every resource";
        report.add(&rule::ALLOW_ALL, span, message);
    }
    true
}

fn pass_role(statement: &Statement<'_>, report: &mut Report<'_>) {
    let Some(actions) = statement.actions().filter(|values| !values.negated) else { return };
    let passes =
        actions.texts().find(|&(text, _)| ActionPatterns::new([text]).matches("iam:PassRole"));
    let Some((_, span)) = passes else { return };
    let limits = ["iam:PassedToService", "iam:AssociatedResourceArn", "iam:ResourceTag/"];
    let limited = statement
        .compared_keys()
        .any(|key| limits.iter().any(|limit| strip_prefix_ignore_case(&key.key, limit).is_some()));
    if has_any_resource(statement) && !limited {
        let message = "this lets any role be passed to any service, an administrator's too";
        let finding = report.add(&rule::PASS_ANY_ROLE, span, message);
        finding.help("name the roles, and the services in a condition on `iam:PassedToService`");
    }
}

/// Everybody, without a condition.
fn public(statement: &Statement<'_>, report: &mut Report<'_>) {
    let principals = statement.principals().filter(|_| report.names_principals());
    let Some(values) = principals.filter(|values| !values.negated) else { return };
    if statement.compared_keys().next().is_some() {
        return;
    }
    let value = &values.member.value;
    let kinds = value.as_object().unwrap_or_default().iter().filter(|kind| kind.key == "AWS");
    let everybody = std::iter::once(value)
        .chain(kinds.flat_map(|kind| kind.value.as_list()))
        .find(|node| node.as_str() == Some("*"));
    if let Some(everybody) = everybody {
        let (message, help) = match report.kind {
            PolicyKind::Trust => (
                "everybody who has an account of AWS may assume the role",
                "name who may, or ask for `aws:PrincipalOrgID` or `sts:ExternalId` in a condition",
            ),
            _ => (
                "everybody in the world is allowed this",
                "name who may, or ask for `aws:PrincipalOrgID` or `aws:SourceAccount` in a condition",
            ),
        };
        report.add(&rule::PUBLIC_PRINCIPAL, &everybody.span, message).help(help);
    }
}

fn has_any_resource(statement: &Statement<'_>) -> bool {
    let resources = statement.resources().filter(|values| !values.negated);
    resources.is_some_and(|values| values.texts().any(|(text, _)| text == "*"))
}
