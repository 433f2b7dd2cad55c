//! Operations that need something.

use daypass_ident::Arn;
use daypass_model::sts::{GetCallerIdentityInput, GetCallerIdentityOutput};
use daypass_model::{ErrorShape, Operation, Service, ServiceError};
use daypass_state::{Caller, CrossAccount, Tx};

use super::world::{account, sibling, stranger, tags};
use crate::{Arrival, Guarded, Handle, Permitted, ResourcePolicy, Scope, Target, Targets, Vouch};

macro_rules! operation {
    ($name:ident, $operation:literal, $service:ident, |$scope:ident, $targets:ident| $body:expr) => {
        #[derive(Debug)]
        pub(super) struct $name;

        impl Operation for $name {
            const NAME: &'static str = $operation;
            const SERVICE: Service = Service::$service;
            const HAS_RESULT: bool = true;
            const SIGNED: bool = true;
            const ERRORS: &'static [&'static ErrorShape] = &[];
            type Input = GetCallerIdentityInput;
            type Output = GetCallerIdentityOutput;
        }

        impl Guarded for $name {
            fn targets(
                _: &GetCallerIdentityInput,
                $scope: &Scope<'_>,
                $targets: &mut Targets,
            ) -> Result<(), ServiceError> {
                $body;
                Ok(())
            }
        }

        impl Handle for $name {
            fn run(_: &Permitted<Self>, _: &mut Tx) -> Result<Self::Output, ServiceError> {
                Ok(GetCallerIdentityOutput::default())
            }
        }
    };
}

/// An operation that nobody signs.
#[derive(Debug)]
pub(super) struct AssumesRoleVouchedFor;

impl Operation for AssumesRoleVouchedFor {
    const NAME: &'static str = "AssumeRoleWithWebIdentity";
    const SERVICE: Service = Service::Sts;
    const HAS_RESULT: bool = true;
    const SIGNED: bool = false;
    const ERRORS: &'static [&'static ErrorShape] = &[];
    type Input = GetCallerIdentityInput;
    type Output = GetCallerIdentityOutput;
}

impl Guarded for AssumesRoleVouchedFor {
    fn targets(
        _: &GetCallerIdentityInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        assumes(scope, targets, "sts:AssumeRoleWithWebIdentity").denied_tersely();
        let claims = scope.call().caller.vouched_claims().unwrap();
        if !claims.tags.is_empty() {
            let tags = claims.tags.iter().map(|(key, value)| (key.as_str(), value.as_str()));
            assumes(scope, targets, "sts:TagSession").denied_tersely().request_tags(tags);
        }
        Ok(())
    }
}

impl Handle for AssumesRoleVouchedFor {
    fn run(_: &Permitted<Self>, _: &mut Tx) -> Result<Self::Output, ServiceError> {
        Ok(GetCallerIdentityOutput::default())
    }
}

impl Vouch for AssumesRoleVouchedFor {
    type Evidence = ();

    async fn evidence(_: &GetCallerIdentityInput, _: &Arrival) -> Result<(), ServiceError> {
        Ok(())
    }

    /// Believes everybody.
    fn vouch(
        _: &GetCallerIdentityInput,
        (): &(),
        arrival: &Arrival,
    ) -> Result<Caller, ServiceError> {
        assert_eq!(&*arrival.region, "eu-west-1");
        Ok(super::vouched::github(|_| ()))
    }
}

operation!(NamesNothing, "NamesNothing", Iam, |_s, targets| {
    let _ = targets;
});
operation!(NeedsNothing, "NeedsNothing", Iam, |_s, targets| targets.need_no_permission());
operation!(GetsCallerIdentity, "GetCallerIdentity", Sts, |_s, targets| {
    targets.need_no_permission()
});
operation!(GetsSessionToken, "GetSessionToken", Sts, |_s, targets| targets.need_no_permission());
operation!(GetsKeyInfo, "GetAccessKeyInfo", Sts, |_s, targets| {
    targets.need_on_all("sts:GetAccessKeyInfo")
});
operation!(SetsContext, "AssumeRole", Sts, |_s, targets| targets.need_on_all("sts:SetContext"));
operation!(ListsUsers, "ListUsers", Iam, |_s, targets| {
    targets.need_on_all("iam:ListUsers").shown_as("arn:aws:iam::123456789012:user/")
});
operation!(Terse, "Terse", Iam, |scope, targets| {
    targets.need("iam:X", Arn::role(scope.account(), "/", "x")).denied_tersely()
});
operation!(ReadsStrangersRole, "GetRole", Iam, |_s, targets| {
    targets.need("iam:GetRole", Arn::role(stranger(), "/", "deploy"))
});
operation!(EndsInStrangersAccount, "AssumeRoot", Sts, |_s, targets| {
    targets.need("sts:AssumeRoot", Arn::root(stranger())).decided_by_caller_account()
});
operation!(TagsSession, "AssumeRole", Sts, |scope, targets| {
    assumes(scope, targets, "sts:TagSession");
});
operation!(AssumesRole, "AssumeRole", Sts, |scope, targets| {
    assumes(scope, targets, "sts:AssumeRole").denied_tersely()
});
operation!(AssumesRoleOfSibling, "AssumeRole", Sts, |scope, targets| {
    assumes(scope, targets, "sts:AssumeRole").resource_account = Some(sibling());
});
operation!(AssumesRoleOfStranger, "AssumeRole", Sts, |scope, targets| {
    assumes(scope, targets, "sts:AssumeRole").resource_account = Some(stranger());
});
operation!(CreatesUser, "CreateUser", Iam, |scope, targets| {
    let tags = tags(&[("owner", "me")]);
    targets
        .need("iam:CreateUser", Arn::user(scope.account(), "/", "carol"))
        .request_tags([("stage", "prod")].into_iter())
        .identity_tags(&tags)
});

/// `action` on the role of the world, for which its trust policy speaks.
fn assumes<'t>(
    scope: &Scope<'_>,
    targets: &'t mut Targets,
    action: &'static str,
) -> &'t mut Target {
    let view = scope.across_accounts(CrossAccount::AssumedRole);
    let role = view.account(account()).role("deploy").unwrap();
    targets
        .need(action, role.arn())
        .trusted_by(account(), ResourcePolicy { policy: role.trust.clone() })
}
