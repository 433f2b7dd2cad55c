use daypass_catalog::{Action, ActionResource, ResourceType, Service};
use daypass_model::ServiceError;

use crate::errors::InvalidInput;

/// An action to simulate, as AWS's catalogue knows it.
#[derive(Debug, Clone, Copy)]
pub(super) struct SimulatedAction<'a> {
    /// As it was given.
    pub(super) name: &'a str,
    service: &'static Service,
    action: &'static Action,
}

impl<'a> SimulatedAction<'a> {
    /// # Errors
    /// `InvalidInput` for what is no action of AWS, such as a pattern for several.
    pub(super) fn find(name: &'a str) -> Result<Self, ServiceError> {
        let (prefix, own_name) = name.split_once(':').ok_or(InvalidInput::ActionWithoutService)?;
        let found = daypass_catalog::service(prefix)
            .and_then(|service| Some((service, service.action(own_name)?)));
        let (service, action) = found.ok_or(InvalidInput::UnknownAction(name))?;
        Ok(Self { name, service, action })
    }

    /// The form of the ARNs of what the action is done to, which answers name: that of the first
    /// resource, where several would do, else that of the action's main resource type, or `*` where
    /// the action is tied to none.
    pub(super) fn resource_template(self, resources: &[String]) -> &'static str {
        let main = self.main_resource_type();
        let types = main.into_iter().chain(self.action.resource_types.iter());
        let types = types.filter_map(|resource| self.service.resource_type(resource.name));
        let templates = || types.clone().flat_map(|ResourceType { arns, .. }| arns.iter().copied());
        let of_first = resources.first().and_then(|resource| {
            // The more of a form is fixed, the more an ARN that has it is of it.
            let fitting = templates().filter(|template| fits(template, resource));
            fitting.max_by_key(|template| fixed(template).map(str::len).sum::<usize>())
        });
        of_first.or_else(|| templates().next()).unwrap_or("*")
    }

    /// The type of resource that the action is mainly about. The Service Authorization Reference
    /// lists types by name and marks those that are required, which come first here. Of several, the
    /// one that the action's name contains is the main one (`object` of `GetObject`), then the one of
    /// which others are variants (`object`, beside `accesspointobject`). AWS's own rule is not on
    /// record.
    fn main_resource_type(self) -> Option<&'static ActionResource> {
        let types = &self.action.resource_types;
        let action = letters(self.action.name);
        let rank = |resource: &ActionResource| {
            let name = letters(resource.name);
            let named = if action.contains(&name) { name.len() } else { 0 };
            let variants = types.iter().filter(|other| letters(other.name).contains(&name)).count();
            (resource.required, named, variants)
        };
        // Of equals `max_by_key` gives the last.
        types.iter().rev().max_by_key(|resource| rank(resource))
    }
}

/// A name without its hyphens and the case of its letters.
fn letters(name: &str) -> String {
    name.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect()
}

/// Whether an ARN has a form such as `arn:${Partition}:s3:::${BucketName}`.
fn fits(template: &str, arn: &str) -> bool {
    let mut pieces = fixed(template);
    let Some(mut rest) = pieces.next().and_then(|first| arn.strip_prefix(first)) else {
        return false;
    };
    let pieces: Vec<&str> = pieces.collect();
    let Some((last, between)) = pieces.split_last() else { return rest.is_empty() };
    for piece in between {
        match rest.split_once(piece) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// What stands between the variables of a template; empty where two meet, or one begins or ends it.
fn fixed(template: &str) -> impl Iterator<Item = &str> {
    let mut pieces = template.split("${");
    let first = pieces.next();
    first.into_iter().chain(pieces.map(|piece| piece.split_once('}').map_or("", |(_, rest)| rest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_have_forms() {
        let bucket = "arn:${Partition}:s3:::${BucketName}";
        let cases = [
            (bucket, "arn:aws:s3:::b", true),
            (bucket, "arn:aws:s3:::b/k", true),
            (bucket, "arn:aws:sqs:::b", false),
            ("arn:${Partition}:s3:::${BucketName}/${KeyName}", "arn:aws:s3:::b", false),
            ("arn:${Partition}:iam::${Account}:root", "arn:aws:iam::111111111111:root", true),
            ("arn:${Partition}:iam::${Account}:root", "arn:aws:iam::111111111111:user/x", false),
            ("*", "*", true),
            ("*", "arn:aws:s3:::b", false),
        ];
        for (template, arn, expected) in cases {
            assert_eq!(fits(template, arn), expected, "{template} {arn}");
        }
    }

    #[test]
    fn an_action_is_named_with_the_form_of_its_resource() {
        let template = |action, resources: &[&str]| {
            let resources: Vec<String> = resources.iter().map(|arn| (*arn).to_owned()).collect();
            SimulatedAction::find(action).unwrap().resource_template(&resources)
        };
        let user = "arn:${Partition}:iam::${Account}:user/${UserNameWithPath}";
        assert_eq!(template("iam:GetUser", &[]), user);
        assert_eq!(template("IAM:getuser", &["arn:aws:s3:::b"]), user);
        assert_eq!(template("iam:ListAccountAliases", &["arn:aws:s3:::b"]), "*");
        let object = template("s3:GetObject", &["arn:aws:s3:::b/k"]);
        assert!(object.starts_with("arn:${Partition}:s3:::${BucketName}/"), "{object}");
        // Not those of access points, which the reference lists first.
        let bucket = "arn:${Partition}:s3:::${BucketName}";
        for (action, expected) in [
            ("s3:GetObject", object),
            ("s3:PutObject", object),
            ("s3:AbortMultipartUpload", object),
            ("s3:ListBucket", bucket),
            ("s3:GetBucketPolicy", bucket),
            (
                "ec2:RunInstances",
                "arn:${Partition}:ec2:${Region}:${Account}:instance/${InstanceId}",
            ),
        ] {
            assert_eq!(template(action, &[]), expected, "{action}");
            assert_eq!(template(action, &["*"]), expected, "{action}");
        }
        let access_point = "arn:aws:s3:us-east-1:111122223333:accesspoint/a/object/k";
        assert!(template("s3:GetObject", &[access_point]).contains(":accesspoint/"));
    }

    #[test]
    fn what_is_no_action_is_refused() {
        for name in ["iam:*", "iam:GetUsers", "nothing:Get", "GetUser", ""] {
            assert!(SimulatedAction::find(name).is_err(), "{name}");
        }
    }
}
