//! What the operations on instance profiles need.

use daypass_authz::{Guarded, Scope, Target, Targets};
use daypass_ident::Arn;

use crate::generated::{
    AddRoleToInstanceProfile, CreateInstanceProfile, DeleteInstanceProfile, GetInstanceProfile,
    ListInstanceProfileTags, ListInstanceProfiles, ListInstanceProfilesForRole,
    RemoveRoleFromInstanceProfile, TagInstanceProfile, UntagInstanceProfile,
};
use crate::need::{self, Needed};
use crate::tags;

impl Guarded for AddRoleToInstanceProfile {
    /// Whatever runs with the profile acts as the role, so the role is passed to EC2.
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        on_profile(targets, scope, "iam:AddRoleToInstanceProfile", &input.instance_profile_name);
        need::to_pass_role(targets, scope, &input.role_name, "ec2.amazonaws.com");
        Ok(())
    }
}

impl Guarded for CreateInstanceProfile {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        let path = input.path.as_deref().unwrap_or("/");
        let arn =
            Arn::iam(scope.account(), &["instance-profile", path, &input.instance_profile_name]);
        need::to_create(
            targets,
            ["iam:CreateInstanceProfile", "iam:TagInstanceProfile"],
            arn,
            input.tags.as_deref(),
        );
        Ok(())
    }
}

impl Guarded for DeleteInstanceProfile {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        on_profile(targets, scope, "iam:DeleteInstanceProfile", &input.instance_profile_name);
        Ok(())
    }
}

impl Guarded for GetInstanceProfile {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        on_profile(targets, scope, "iam:GetInstanceProfile", &input.instance_profile_name);
        Ok(())
    }
}

impl Guarded for ListInstanceProfileTags {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        on_profile(targets, scope, "iam:ListInstanceProfileTags", &input.instance_profile_name);
        Ok(())
    }
}

impl Guarded for ListInstanceProfiles {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        let path = input.path_prefix.as_deref();
        need::on_list(targets, scope, "iam:ListInstanceProfiles", "instance-profile", path);
        Ok(())
    }
}

impl Guarded for ListInstanceProfilesForRole {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        need::on_role(targets, scope, "iam:ListInstanceProfilesForRole", &input.role_name);
        Ok(())
    }
}

impl Guarded for RemoveRoleFromInstanceProfile {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        on_profile(
            targets,
            scope,
            "iam:RemoveRoleFromInstanceProfile",
            &input.instance_profile_name,
        );
        Ok(())
    }
}

impl Guarded for TagInstanceProfile {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        on_profile(targets, scope, "iam:TagInstanceProfile", &input.instance_profile_name)
            .request_tags(tags::pairs(&input.tags));
        Ok(())
    }
}

impl Guarded for UntagInstanceProfile {
    fn targets(input: &Self::Input, scope: &Scope<'_>, targets: &mut Targets) -> Needed {
        on_profile(targets, scope, "iam:UntagInstanceProfile", &input.instance_profile_name)
            .keys("aws:TagKeys", input.tag_keys.clone());
        Ok(())
    }
}

fn on_profile<'t>(
    targets: &'t mut Targets,
    scope: &Scope<'_>,
    action: &'static str,
    name: &str,
) -> &'t mut Target {
    need::on_absent(targets, scope, action, "instance-profile", name)
}
