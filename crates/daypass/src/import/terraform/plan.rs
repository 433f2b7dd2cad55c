use std::collections::HashMap;

use daypass_ident::AccountId;

use super::super::source::Cursor;
use super::identity;
use super::reference::{Reference, module_names, parent};

/// A plan: the resources as they will be, and how they refer to each other.
pub(super) struct Plan<'a> {
    /// In the order of the plan.
    pub(super) resources: Vec<Resource<'a>>,
    /// What is not known before the plan is applied, by the addresses of resources.
    unknown: HashMap<&'a str, Cursor<'a>>,
    configuration: Option<Cursor<'a>>,
}

/// A resource that Terraform manages.
#[derive(Clone)]
pub(super) struct Resource<'a> {
    /// Such as `module.team["red"].aws_iam_role.this[0]`.
    pub(super) address: &'a str,
    /// The address of its module; the root module has none.
    module: &'a str,
    /// Such as `aws_iam_role`.
    pub(super) kind: &'a str,
    name: &'a str,
    pub(super) values: Cursor<'a>,
    pub(super) at: Cursor<'a>,
}

/// A member of a resource.
pub(super) enum Attribute<'a> {
    Known(Cursor<'a>),
    Unknown,
    Absent,
}

/// What references are to lead to.
#[derive(Clone, Copy)]
struct Wanted<'a> {
    /// Where a reference does not tell.
    attribute: &'a str,
    /// The index of the resource that refers, with its brackets: where several are made alike, each refers to
    /// its own.
    index: &'a str,
    account: AccountId,
}

impl<'a> Plan<'a> {
    /// `None` for what is neither a plan nor a state.
    pub(super) fn of(value: &Cursor<'a>) -> Option<Self> {
        let planned = value.member("planned_values").or_else(|| value.member("values"))?;
        let mut resources = Vec::new();
        // A file is at most 128 levels deep, and so are the modules in it.
        let mut modules: Vec<_> = planned.member("root_module").into_iter().collect();
        while let Some(module) = modules.pop() {
            let address = module.member("address").and_then(|it| it.text()).unwrap_or_default();
            for at in module.member("resources").map(|it| it.elements()).unwrap_or_default() {
                resources.extend(Resource::of(address, at));
            }
            let children = module.member("child_modules").map(|it| it.elements());
            modules.extend(children.unwrap_or_default().into_iter().rev());
        }
        let changes = value.member("resource_changes").map(|changes| changes.elements());
        let unknown = changes.unwrap_or_default().into_iter().filter_map(|change| {
            let address = change.member("address")?.text()?;
            Some((address, change.member("change")?.member("after_unknown")?))
        });
        let configuration = value.member("configuration").and_then(|it| it.member("root_module"));
        Some(Self { resources, unknown: unknown.collect(), configuration })
    }

    pub(super) fn of_type(&self, kind: &str) -> impl Iterator<Item = &Resource<'a>> {
        self.resources.iter().filter(move |resource| resource.kind == kind)
    }

    pub(super) fn attribute(&self, resource: &Resource<'a>, name: &str) -> Attribute<'a> {
        match resource.values.member(name) {
            Some(value) => Attribute::Known(value),
            None if self.is_all_known(resource, name) => Attribute::Absent,
            None => Attribute::Unknown,
        }
    }

    /// Whether nothing of a member is unknown.
    pub(super) fn is_all_known(&self, resource: &Resource<'a>, name: &str) -> bool {
        let unknown = self.unknown.get(resource.address).and_then(|unknown| unknown.member(name));
        unknown.is_none_or(|unknown| match unknown.is_list() {
            true => !unknown.elements().iter().any(Cursor::is_true),
            false => !unknown.is_true(),
        })
    }

    /// Whether the configuration gives the member, so that it is not AWS that makes it up.
    pub(super) fn is_given(&self, resource: &Resource<'a>, name: &str) -> bool {
        self.expression(resource, name).is_some()
    }

    /// The names and ARNs that a member refers to, as far as they follow from the plan: the name of a role
    /// and its path tell its ARN.
    pub(super) fn resolve(
        &self,
        resource: &Resource<'a>,
        name: &str,
        account: AccountId,
    ) -> Vec<String> {
        let Some(expression) = self.expression(resource, name) else { return Vec::new() };
        let index = resource.address.rsplit_once(resource.name).map_or("", |(_, index)| index);
        let names_arn =
            name.ends_with("arn") || name.ends_with("arns") || name.ends_with("boundary");
        let wanted = Wanted { attribute: if names_arn { "arn" } else { "name" }, index, account };
        let mut found = Vec::new();
        self.follow(&expression, resource.module, wanted, MOST_STEPS, &mut found);
        found
    }

    fn expression(&self, resource: &Resource<'a>, name: &str) -> Option<Cursor<'a>> {
        let module = self.module(resource.module)?;
        let resources = module.member("resources")?.elements();
        let is_it = |it: &Cursor<'a>| {
            let is = |member, text| it.member(member).and_then(|it| it.text()) == Some(text);
            is("type", resource.kind) && is("name", resource.name)
        };
        resources.into_iter().find(is_it)?.member("expressions")?.member(name)
    }

    /// The configuration of the module at an address.
    fn module(&self, address: &str) -> Option<Cursor<'a>> {
        let mut module = self.configuration.clone()?;
        for name in module_names(address) {
            module = module.member("module_calls")?.member(name)?.member("module")?;
        }
        Some(module)
    }

    /// Follows the references of an expression through variables and outputs of modules.
    fn follow(
        &self,
        expression: &Cursor<'a>,
        module: &str,
        wanted: Wanted<'_>,
        steps: usize,
        found: &mut Vec<String>,
    ) {
        let Some(steps) = steps.checked_sub(1) else { return };
        let references = expression.member("references").map(|it| it.elements());
        let references = references.unwrap_or_default();
        let texts: Vec<_> = references.iter().filter_map(Cursor::text).collect();
        for text in &texts {
            // Terraform lists what a reference begins with after it, each as a reference of its own.
            let goes_on = |other: &&str| {
                other.strip_prefix(text).is_some_and(|it| it.starts_with(['.', '[']))
            };
            if texts.iter().any(goes_on) {
                continue;
            }
            if found.len() >= MOST_FOUND {
                return;
            }
            match Reference::parse(text) {
                Some(Reference::Resource { kind, name, index: given, attribute }) => {
                    let index = given.unwrap_or(wanted.index);
                    let attribute = attribute.unwrap_or(wanted.attribute);
                    let resource = self.instance(module, kind, name, index);
                    let text = resource.and_then(|it| identity(it, attribute, wanted.account));
                    if let Some(text) = text.filter(|text| !found.contains(text)) {
                        found.push(text);
                    }
                }
                Some(Reference::Variable(name)) => {
                    let Some((above, call)) = parent(module) else { continue };
                    let calls = self.module(above).and_then(|it| it.member("module_calls"));
                    let call = calls.and_then(|calls| calls.member(call));
                    let given = call.and_then(|it| it.member("expressions")?.member(name));
                    if let Some(given) = given {
                        self.follow(&given, above, wanted, steps, found);
                    }
                }
                Some(Reference::Output { module: call, name }) => {
                    let below = match module {
                        "" => format!("module.{call}"),
                        module => format!("{module}.module.{call}"),
                    };
                    let outputs = self.module(&below).and_then(|it| it.member("outputs"));
                    let output = outputs.and_then(|it| it.member(name)?.member("expression"));
                    if let Some(output) = output {
                        let wanted = Wanted { index: "", ..wanted };
                        self.follow(&output, &below, wanted, steps, found);
                    }
                }
                None => {}
            }
        }
    }

    /// The resource of this name: the only one, or that with the index.
    fn instance(&self, module: &str, kind: &str, name: &str, index: &str) -> Option<&Resource<'a>> {
        let is_it = |it: &&Resource<'a>| it.module == module && it.kind == kind && it.name == name;
        let mut all = self.resources.iter().filter(is_it);
        let first = all.next()?;
        if all.next().is_none() {
            return Some(first);
        }
        let end = format!("{kind}.{name}{index}");
        self.resources.iter().filter(is_it).find(|it| it.address.ends_with(&end))
    }
}

impl<'a> Resource<'a> {
    fn of(module: &'a str, at: Cursor<'a>) -> Option<Self> {
        let text = |name: &str| at.member(name).and_then(|text| text.text());
        if text("mode") != Some("managed") {
            return None;
        }
        Some(Self {
            address: text("address")?,
            module,
            kind: text("type")?,
            name: text("name")?,
            values: at.member("values")?,
            at,
        })
    }
}

/// Through how many modules references are followed.
const MOST_STEPS: usize = 8;
/// How many names one member may lead to: more than a policy or a user can have.
const MOST_FOUND: usize = 100;
