//! What callers must be allowed to do to the entities that a request names.
//!
//! IAM decides before it looks whether the entity is there, so that a denial gives nothing away;
//! one that is not there is taken to be at the path `/`. Policies are matched with ARNs; a denial
//! names the entity as AWS does, by its kind and name (`role deploy`), except where one is created.

use daypass_authz::{Scope, Target, Targets};
use daypass_ident::Arn;
use daypass_model::ServiceError;
use daypass_model::iam::Tag;

use crate::errors::ValidationError;
use crate::tags;

/// What [`Guarded::targets`](daypass_authz::Guarded::targets) answers.
pub(crate) type Needed = Result<(), ServiceError>;

/// `action` on the user of this name, with the user's tags.
pub(crate) fn on_user<'t>(
    targets: &'t mut Targets,
    scope: &Scope<'_>,
    action: &'static str,
    name: &str,
) -> &'t mut Target {
    let target = match scope.entities().user(name) {
        Some(user) => targets.need(action, user.arn()).identity_tags(&user.record.tags),
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
    let arn = match scope.entities().group(name) {
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
    let target = match scope.entities().role(name) {
        Some(role) => targets.need(action, role.arn()).identity_tags(&role.record.tags),
        None => targets.need(action, Arn::role(scope.account(), "/", name)),
    };
    target.shown_as(format!("role {name}"))
}

/// `action` on the instance profile of this name, with the profile's tags.
pub(crate) fn on_instance_profile<'t>(
    targets: &'t mut Targets,
    scope: &Scope<'_>,
    action: &'static str,
    name: &str,
) -> &'t mut Target {
    let target = match scope.entities().instance_profile(name) {
        Some(profile) => targets.need(action, profile.arn()).resource_tags(&profile.record.tags),
        None => targets.need(action, Arn::instance_profile(scope.account(), "/", name)),
    };
    target.shown_as(format!("instance profile {name}"))
}

/// As [`on_user`], for what can be tied to the boundary that the user has.
pub(crate) fn on_bounded_user<'t>(
    targets: &'t mut Targets,
    scope: &Scope<'_>,
    action: &'static str,
    name: &str,
) -> &'t mut Target {
    let user = scope.entities().user(name);
    let boundary = user.and_then(|user| user.record.permissions_boundary.as_ref());
    with_boundary(on_user(targets, scope, action, name), boundary)
}

/// As [`on_role`], for what can be tied to the boundary that the role has.
pub(crate) fn on_bounded_role<'t>(
    targets: &'t mut Targets,
    scope: &Scope<'_>,
    action: &'static str,
    name: &str,
) -> &'t mut Target {
    let role = scope.entities().role(name);
    let boundary = role.and_then(|role| role.record.permissions_boundary.as_ref());
    with_boundary(on_role(targets, scope, action, name), boundary)
}

/// `action` on the server certificate of this name, with the certificate's tags.
pub(crate) fn on_server_certificate<'t>(
    targets: &'t mut Targets,
    scope: &Scope<'_>,
    action: &'static str,
    name: &str,
) -> &'t mut Target {
    let target = match scope.entities().server_certificate(name) {
        Some(one) => targets.need(action, one.arn()).resource_tags(&one.record.tags),
        None => targets.need(action, Arn::server_certificate(scope.account(), "/", name)),
    };
    target.shown_as(format!("server certificate {name}"))
}

/// `action` on what a parameter names by its ARN. A resource of another account is one without a
/// policy: [`Targets::need`] says what that means.
///
/// # Errors
/// As [`parse_arn`].
pub(crate) fn on_arn<'t>(
    targets: &'t mut Targets,
    action: &'static str,
    arn: &str,
) -> Result<&'t mut Target, ServiceError> {
    Ok(targets.need(action, parse_arn(arn)?))
}

/// `action` on the user, group, role or policy that a parameter names by its ARN, with its tags if
/// it belongs to the caller's account. One of another account is one without a policy, so that the
/// caller is denied, whether it exists or not.
///
/// # Errors
/// As [`parse_arn`].
pub(crate) fn on_entity<'t>(
    targets: &'t mut Targets,
    scope: &Scope<'_>,
    action: &'static str,
    arn: &str,
) -> Result<&'t mut Target, ServiceError> {
    let arn = parse_arn(arn)?;
    let target = targets.need(action, arn.clone());
    let own = scope.entities();
    if let Some(role) = own.role_by_arn(arn.as_str()) {
        target.identity_tags(&role.record.tags);
    } else if let Some(policy) = own.policy_by_arn(arn.as_str()) {
        target.resource_tags(&policy.record.tags);
    } else if let Some(user) = own.user_by_arn(arn.as_str()) {
        target.identity_tags(&user.record.tags);
    }
    Ok(target)
}

/// A parameter that must be an ARN.
///
/// # Errors
/// `ValidationError` when it is none.
pub(crate) fn parse_arn(text: &str) -> Result<Arn, ServiceError> {
    text.parse().map_err(|_| ValidationError::UnparsableArn.into())
}

/// A parameter that must be the ARN of an IAM resource of a kind (`oidc-provider`, …). IAM looks at
/// its form before it asks whether the caller may.
///
/// # Errors
/// `ValidationError` when it is none.
pub(crate) fn parse_arn_of(kind: &str, text: &str) -> Result<Arn, ServiceError> {
    let arn = parse_arn(text)?;
    let parts = arn.parts();
    if parts.partition != "aws" {
        return Err(ValidationError::ArnPartition.into());
    }
    if parts.service != "iam" {
        return Err(ValidationError::ArnService.into());
    }
    match parts.resource.strip_prefix(kind).and_then(|rest| rest.strip_prefix('/')) {
        None => Err(ValidationError::ArnResourceType.into()),
        Some("") => Err(ValidationError::ArnName.into()),
        Some(_) => Ok(arn),
    }
}

/// `create` on what is to be made, and beside it `tag` when it is to have tags.
pub(crate) fn to_create(
    targets: &mut Targets,
    [create, tag]: [&'static str; 2],
    arn: Arn,
    given: Option<&[Tag]>,
) {
    let given = given.unwrap_or_default();
    targets.need(create, arn.clone()).request_tags(tags::pairs(given));
    if !given.is_empty() {
        targets.need(tag, arn).request_tags(tags::pairs(given));
    }
}

/// `iam:PassRole`: the role of this name is handed to a service, which will act as the role.
pub(crate) fn to_pass_role<'t>(
    targets: &'t mut Targets,
    scope: &Scope<'_>,
    name: &str,
    service: &str,
) -> &'t mut Target {
    let target = match scope.entities().role(name) {
        Some(role) => targets.need(PASS_ROLE, role.arn()).identity_tags(&role.record.tags),
        None => targets.need(PASS_ROLE, Arn::role(scope.account(), "/", name)),
    };
    target.key("iam:PassedToService", service)
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

fn with_boundary<'t>(target: &'t mut Target, boundary: Option<&Arn>) -> &'t mut Target {
    match boundary {
        Some(arn) => target.key("iam:PermissionsBoundary", arn.as_str()),
        None => target,
    }
}

const PASS_ROLE: &str = "iam:PassRole";

#[cfg(test)]
mod tests;
