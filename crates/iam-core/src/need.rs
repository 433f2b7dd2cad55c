//! What callers must be allowed to do to the entities that a request names.
//!
//! IAM decides before it looks whether the entity is there, so that a denial gives nothing away;
//! one that is not there is taken to be at the path `/`. Policies are matched with ARNs; a denial
//! names the entity as AWS does, by its kind and name (`role deploy`), except where one is created.

use daypass_authz::{Scope, Target, Targets};
use daypass_ident::Arn;

/// `action` on the user of this name, with the user's tags.
pub(crate) fn on_user<'t>(
    targets: &'t mut Targets,
    scope: &Scope<'_>,
    action: &'static str,
    name: &str,
) -> &'t mut Target {
    let target = match scope.view().account(scope.account()).user(name) {
        Some(user) => targets.need(action, user.arn()).resource_tags(&user.record.tags),
        None => targets.need(action, Arn::user(scope.account(), "/", name)),
    };
    target.shown_as(format!("user {name}"))
}

/// `action` on the group of this name.
pub(crate) fn on_group<'t>(
    targets: &'t mut Targets,
    scope: &Scope<'_>,
    action: &'static str,
    name: &str,
) -> &'t mut Target {
    let arn = match scope.view().account(scope.account()).group(name) {
        Some(group) => group.arn(),
        None => Arn::group(scope.account(), "/", name),
    };
    targets.need(action, arn).shown_as(format!("group {name}"))
}

/// `action` on the role of this name, with the role's tags.
pub(crate) fn on_role<'t>(
    targets: &'t mut Targets,
    scope: &Scope<'_>,
    action: &'static str,
    name: &str,
) -> &'t mut Target {
    let target = match scope.view().account(scope.account()).role(name) {
        Some(role) => targets.need(action, role.arn()).resource_tags(&role.record.tags),
        None => targets.need(action, Arn::role(scope.account(), "/", name)),
    };
    target.shown_as(format!("role {name}"))
}

/// `action`, which lists entities of a kind (`user`, `group`, …) below a path. AWS ties it to no
/// resource, yet names the path in denials.
pub(crate) fn on_list(
    targets: &mut Targets,
    scope: &Scope<'_>,
    action: &'static str,
    kind: &str,
    path_prefix: Option<&str>,
) {
    let path = path_prefix.unwrap_or("/");
    let shown = Arn::iam(scope.account(), &[kind, path]);
    targets.need_on_all(action).shown_as(shown);
}
