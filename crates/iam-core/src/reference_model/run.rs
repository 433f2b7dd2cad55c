//! An operation as its handler carries it out.

use daypass_authz::Handle;
use daypass_model::iam::*;

use super::operation::{BoundedKind, DOCUMENTS, Kind, Operation, PolicyRef, Tagged, Tags};
use crate::generated::*;
use crate::testing::Fixture;

/// The id of what was made, if anything was, or the refusal. `keys` are the ids of all access keys ever made.
pub(super) fn run(
    fixture: &Fixture,
    keys: &[String],
    operation: &Operation,
) -> Result<Option<String>, String> {
    use Operation as O;
    let account = Caller(fixture);
    let key = |index: usize| match keys {
        [] => "AKIAIOSFODNN7EXAMPLE".to_owned(),
        keys => keys[index % keys.len()].clone(),
    };
    match operation.clone() {
        O::CreateUser { name, path, boundary, tags } => {
            let made = account.call::<CreateUser>(CreateUserInput {
                path: some(path),
                user_name: text(name),
                permissions_boundary: boundary.as_ref().map(PolicyRef::arn),
                tags: Some(shape(tags)),
            })?;
            Ok(made.user.map(|user| user.user_id))
        }
        O::UpdateUser { name, new_name, new_path } => account.run::<UpdateUser>(UpdateUserInput {
            user_name: text(name),
            new_path: new_path.map(text),
            new_user_name: new_name.map(text),
        }),
        O::DeleteUser { name } => {
            account.run::<DeleteUser>(DeleteUserInput { user_name: text(name) })
        }
        O::CreateGroup { name, path } => {
            let input = CreateGroupInput { path: some(path), group_name: text(name) };
            Ok(Some(account.call::<CreateGroup>(input)?.group.group_id))
        }
        O::UpdateGroup { name, new_name, new_path } => {
            account.run::<UpdateGroup>(UpdateGroupInput {
                group_name: text(name),
                new_path: new_path.map(text),
                new_group_name: new_name.map(text),
            })
        }
        O::DeleteGroup { name } => {
            account.run::<DeleteGroup>(DeleteGroupInput { group_name: text(name) })
        }
        O::AddUserToGroup { group, user } => {
            let (group_name, user_name) = (text(group), text(user));
            account.run::<AddUserToGroup>(AddUserToGroupInput { group_name, user_name })
        }
        O::RemoveUserFromGroup { group, user } => {
            let (group_name, user_name) = (text(group), text(user));
            account.run::<RemoveUserFromGroup>(RemoveUserFromGroupInput { group_name, user_name })
        }
        O::CreateRole { name, path, trust, boundary, tags } => {
            let made = account.call::<CreateRole>(CreateRoleInput {
                path: some(path),
                role_name: text(name),
                assume_role_policy_document: trust.document(),
                permissions_boundary: boundary.as_ref().map(PolicyRef::arn),
                tags: Some(shape(tags)),
                ..Default::default()
            })?;
            Ok(Some(made.role.role_id))
        }
        O::UpdateRole { name, description, seconds } => {
            account.run::<UpdateRole>(UpdateRoleInput {
                role_name: text(name),
                description: description.map(text),
                max_session_duration: seconds,
            })
        }
        O::UpdateAssumeRolePolicy { name, trust } => {
            let (role_name, policy_document) = (text(name), trust.document());
            let input = UpdateAssumeRolePolicyInput { role_name, policy_document };
            account.run::<UpdateAssumeRolePolicy>(input)
        }
        O::DeleteRole { name } => {
            account.run::<DeleteRole>(DeleteRoleInput { role_name: text(name) })
        }
        O::PutInline { kind, name, policy, document } => {
            let (name, policy_name) = (text(name), text(policy));
            let policy_document = DOCUMENTS[document].clone();
            match kind {
                Kind::User => account.run::<PutUserPolicy>(PutUserPolicyInput {
                    user_name: name,
                    policy_name,
                    policy_document,
                }),
                Kind::Group => account.run::<PutGroupPolicy>(PutGroupPolicyInput {
                    group_name: name,
                    policy_name,
                    policy_document,
                }),
                Kind::Role => account.run::<PutRolePolicy>(PutRolePolicyInput {
                    role_name: name,
                    policy_name,
                    policy_document,
                }),
            }
        }
        O::DeleteInline { kind, name, policy } => {
            let (name, policy_name) = (text(name), text(policy));
            match kind {
                Kind::User => account.run::<DeleteUserPolicy>(DeleteUserPolicyInput {
                    user_name: name,
                    policy_name,
                }),
                Kind::Group => account.run::<DeleteGroupPolicy>(DeleteGroupPolicyInput {
                    group_name: name,
                    policy_name,
                }),
                Kind::Role => account.run::<DeleteRolePolicy>(DeleteRolePolicyInput {
                    role_name: name,
                    policy_name,
                }),
            }
        }
        O::Attach { kind, name, policy } => {
            let (name, policy_arn) = (text(name), policy.arn());
            match kind {
                Kind::User => account
                    .run::<AttachUserPolicy>(AttachUserPolicyInput { user_name: name, policy_arn }),
                Kind::Group => account.run::<AttachGroupPolicy>(AttachGroupPolicyInput {
                    group_name: name,
                    policy_arn,
                }),
                Kind::Role => account
                    .run::<AttachRolePolicy>(AttachRolePolicyInput { role_name: name, policy_arn }),
            }
        }
        O::Detach { kind, name, policy } => {
            let (name, policy_arn) = (text(name), policy.arn());
            match kind {
                Kind::User => account
                    .run::<DetachUserPolicy>(DetachUserPolicyInput { user_name: name, policy_arn }),
                Kind::Group => account.run::<DetachGroupPolicy>(DetachGroupPolicyInput {
                    group_name: name,
                    policy_arn,
                }),
                Kind::Role => account
                    .run::<DetachRolePolicy>(DetachRolePolicyInput { role_name: name, policy_arn }),
            }
        }
        O::PutBoundary { kind, name, policy } => {
            let (name, permissions_boundary) = (text(name), policy.arn());
            match kind {
                BoundedKind::User => {
                    account.run::<PutUserPermissionsBoundary>(PutUserPermissionsBoundaryInput {
                        user_name: name,
                        permissions_boundary,
                    })
                }
                BoundedKind::Role => {
                    account.run::<PutRolePermissionsBoundary>(PutRolePermissionsBoundaryInput {
                        role_name: name,
                        permissions_boundary,
                    })
                }
            }
        }
        O::DeleteBoundary { kind, name } => {
            match kind {
                BoundedKind::User => account.run::<DeleteUserPermissionsBoundary>(
                    DeleteUserPermissionsBoundaryInput { user_name: text(name) },
                ),
                BoundedKind::Role => account.run::<DeleteRolePermissionsBoundary>(
                    DeleteRolePermissionsBoundaryInput { role_name: text(name) },
                ),
            }
        }
        O::CreatePolicy { name, path, document, tags } => {
            let made = account.call::<CreatePolicy>(CreatePolicyInput {
                policy_name: text(name),
                path: some(path),
                policy_document: DOCUMENTS[document].clone(),
                description: None,
                tags: Some(shape(tags)),
            })?;
            Ok(made.policy.and_then(|policy| policy.policy_id))
        }
        O::CreatePolicyVersion { policy, document, default } => {
            let made = account.call::<CreatePolicyVersion>(CreatePolicyVersionInput {
                policy_arn: policy.arn(),
                policy_document: DOCUMENTS[document].clone(),
                set_as_default: Some(default),
            })?;
            Ok(made.policy_version.and_then(|version| version.version_id))
        }
        O::SetDefaultPolicyVersion { policy, version } => {
            let (policy_arn, version_id) = (policy.arn(), format!("v{version}"));
            let input = SetDefaultPolicyVersionInput { policy_arn, version_id };
            account.run::<SetDefaultPolicyVersion>(input)
        }
        O::DeletePolicyVersion { policy, version } => {
            let (policy_arn, version_id) = (policy.arn(), format!("v{version}"));
            account.run::<DeletePolicyVersion>(DeletePolicyVersionInput { policy_arn, version_id })
        }
        O::DeletePolicy { policy } => {
            account.run::<DeletePolicy>(DeletePolicyInput { policy_arn: policy.arn() })
        }
        O::CreateInstanceProfile { name, path, tags } => {
            let made = account.call::<CreateInstanceProfile>(CreateInstanceProfileInput {
                instance_profile_name: text(name),
                path: some(path),
                tags: Some(shape(tags)),
            })?;
            Ok(Some(made.instance_profile.instance_profile_id))
        }
        O::DeleteInstanceProfile { name } => {
            account.run::<DeleteInstanceProfile>(DeleteInstanceProfileInput {
                instance_profile_name: text(name),
            })
        }
        O::AddRoleToInstanceProfile { profile, role } => {
            account.run::<AddRoleToInstanceProfile>(AddRoleToInstanceProfileInput {
                instance_profile_name: text(profile),
                role_name: text(role),
            })
        }
        O::RemoveRoleFromInstanceProfile { profile, role } => account
            .run::<RemoveRoleFromInstanceProfile>(RemoveRoleFromInstanceProfileInput {
                instance_profile_name: text(profile),
                role_name: text(role),
            }),
        O::Tag { what, tags } => {
            let tags = shape(tags);
            match what {
                Tagged::User(name) => {
                    account.run::<TagUser>(TagUserInput { user_name: text(name), tags })
                }
                Tagged::Role(name) => {
                    account.run::<TagRole>(TagRoleInput { role_name: text(name), tags })
                }
                Tagged::Policy(policy) => {
                    account.run::<TagPolicy>(TagPolicyInput { policy_arn: policy.arn(), tags })
                }
                Tagged::InstanceProfile(name) => {
                    let instance_profile_name = text(name);
                    let input = TagInstanceProfileInput { instance_profile_name, tags };
                    account.run::<TagInstanceProfile>(input)
                }
            }
        }
        O::Untag { what, keys: tag_keys } => match what {
            Tagged::User(name) => {
                account.run::<UntagUser>(UntagUserInput { user_name: text(name), tag_keys })
            }
            Tagged::Role(name) => {
                account.run::<UntagRole>(UntagRoleInput { role_name: text(name), tag_keys })
            }
            Tagged::Policy(policy) => {
                account.run::<UntagPolicy>(UntagPolicyInput { policy_arn: policy.arn(), tag_keys })
            }
            Tagged::InstanceProfile(name) => {
                let instance_profile_name = text(name);
                let input = UntagInstanceProfileInput { instance_profile_name, tag_keys };
                account.run::<UntagInstanceProfile>(input)
            }
        },
        O::CreateAccessKey { user } => {
            let made =
                account.call::<CreateAccessKey>(CreateAccessKeyInput { user_name: some(user) })?;
            Ok(Some(made.access_key.access_key_id))
        }
        O::UpdateAccessKey { user, key: index, active } => {
            account.run::<UpdateAccessKey>(UpdateAccessKeyInput {
                user_name: some(user),
                access_key_id: key(index),
                status: if active { StatusType::Active } else { StatusType::Inactive },
            })
        }
        O::DeleteAccessKey { user, key: index } => {
            let (user_name, access_key_id) = (some(user), key(index));
            account.run::<DeleteAccessKey>(DeleteAccessKeyInput { user_name, access_key_id })
        }
        O::CreateLoginProfile { user, password, reset } => {
            account.run::<CreateLoginProfile>(CreateLoginProfileInput {
                user_name: some(user),
                password: Some(text(password).into()),
                password_reset_required: reset,
            })
        }
        O::UpdateLoginProfile { user, password, reset } => {
            account.run::<UpdateLoginProfile>(UpdateLoginProfileInput {
                user_name: text(user),
                password: password.map(|password| text(password).into()),
                password_reset_required: reset,
            })
        }
        O::DeleteLoginProfile { user } => {
            account.run::<DeleteLoginProfile>(DeleteLoginProfileInput { user_name: some(user) })
        }
    }
}

/// The root user.
struct Caller<'a>(&'a Fixture);

impl Caller<'_> {
    fn call<Op: Handle>(&self, input: Op::Input) -> Result<Op::Output, String> {
        self.0.answer::<Op>(input)
    }

    /// Of an operation that makes nothing with an id.
    fn run<Op: Handle>(&self, input: Op::Input) -> Result<Option<String>, String> {
        self.call::<Op>(input).map(|_| None)
    }
}

fn text(text: &str) -> String {
    text.to_owned()
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn shape(tags: Tags) -> Vec<Tag> {
    tags.into_iter().map(|(key, value)| Tag { key, value }).collect()
}
