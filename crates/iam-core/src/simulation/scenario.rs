use daypass_ident::{AccountId, ArnParts};
use daypass_model::ServiceError;
use daypass_model::iam::ContextEntry;
use daypass_policy::{Caller, ContextMap, Request};

use super::caller::SimulatedCaller;
use super::documents::Given;
use super::{bounds, context, handling};
use crate::errors::InvalidInput;

/// What both simulating operations ask, besides the policies.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) action_names: &'a [String],
    pub(super) resource_arns: Option<&'a [String]>,
    pub(super) resource_policy: Option<&'a str>,
    pub(super) resource_owner: Option<&'a str>,
    pub(super) context_entries: Option<&'a [ContextEntry]>,
    pub(super) resource_handling_option: Option<&'a str>,
}

/// The [`Asked`] of an operation's input.
macro_rules! asked {
    ($input:expr) => {
        $crate::simulation::scenario::Asked {
            action_names: &$input.action_names,
            resource_arns: $input.resource_arns.as_deref(),
            resource_policy: $input.resource_policy.as_deref(),
            resource_owner: $input.resource_owner.as_deref(),
            context_entries: $input.context_entries.as_deref(),
            resource_handling_option: $input.resource_handling_option.as_deref(),
        }
    };
}
pub(super) use asked;

/// The requests that are simulated: each action on each resource.
#[derive(Debug)]
pub(super) struct Scenario {
    pub(super) caller: SimulatedCaller,
    /// Empty stands for all resources.
    pub(super) resources: Vec<String>,
    pub(super) context: ContextMap,
    /// The policy that each resource has, where one was given.
    pub(super) resource_policy: Option<Given>,
    /// How many values a condition key can have.
    pub(super) values_per_key: usize,
    /// Whose the resources are whose ARNs do not say it.
    owner: AccountId,
}

impl Scenario {
    /// # Errors
    /// `InvalidInput` for what cannot be simulated.
    pub(super) fn new(asked: &Asked<'_>, caller: SimulatedCaller) -> Result<Self, ServiceError> {
        let resources = resources(asked.resource_arns.unwrap_or_default())?.to_vec();
        if let Some(option) = asked.resource_handling_option {
            handling::check(option, asked.action_names, &resources)?;
        }
        let owner = match asked.resource_owner {
            Some(owner) => account_of(owner).ok_or(InvalidInput::ResourceOwner(owner))?,
            None => caller.principal.account(),
        };
        let resource_policy = Given::resource(asked.resource_policy)?;
        if resource_policy.is_some() {
            caller.check_faces_resource_policy()?;
            if resources.is_empty() {
                return Err(InvalidInput::EntityArn("*").into());
            }
        }
        let mut context = ContextMap::new();
        caller.add_keys(&mut context);
        context::add_entries(&mut context, asked.context_entries.unwrap_or_default())?;
        let values_per_key = bounds::values_per_key(asked.context_entries);
        Ok(Self { caller, resources, context, resource_policy, values_per_key, owner })
    }

    /// One of the requests.
    pub(super) fn request<'a>(&'a self, action: &'a str, resource: &'a str) -> Request<'a> {
        let caller = Caller::Principal(&self.caller.principal);
        Request { caller, action, resource, context: &self.context }
    }

    /// The account of a resource.
    pub(super) fn owner_of(&self, resource: &str) -> AccountId {
        ArnParts::parse(resource).and_then(|arn| arn.account_id()).unwrap_or(self.owner)
    }
}

/// `ResourceArns`, where `*` alone says as much as nothing.
fn resources(arns: &[String]) -> Result<&[String], ServiceError> {
    if let [only] = arns
        && only == "*"
    {
        return Ok(&[]);
    }
    let is_arn = |text: &str| {
        let arn = ArnParts::parse(text);
        arn.is_some_and(|arn| {
            ![arn.partition, arn.service, arn.resource].iter().any(|field| field.is_empty())
        })
    };
    match arns.iter().find(|arn| !is_arn(arn)) {
        Some(arn) => Err(InvalidInput::ResourceName(arn).into()),
        None => Ok(arns),
    }
}

/// The account of `arn:aws:iam::111122223333:root`.
fn account_of(owner: &str) -> Option<AccountId> {
    let arn = ArnParts::parse(owner).filter(|arn| arn.service == "iam" && arn.resource == "root");
    arn?.account_id()
}
