//! Making an entity, part by part where something is wrong with it.

use daypass_ident::AccountId;

use super::super::api_call::ApiCall;
use super::super::place::Path;
use super::{Kind, Work};

/// The request that makes an entity, in parts that may be wrong independently of each other.
pub(in crate::seed) struct Creation {
    action: &'static str,
    kind: Kind,
    name: String,
    path: Option<String>,
    /// The first is the name.
    parts: Vec<Part>,
}

struct Part {
    /// The member of the seed that it comes from.
    member: &'static str,
    given: Params,
    /// What is sent in its place: nothing, where it need not be there.
    stand_in: Params,
}

type Params = Vec<(String, String)>;

impl Creation {
    /// `parameter` is what the operation calls the name.
    pub(in crate::seed) fn new(
        action: &'static str,
        kind: Kind,
        parameter: &str,
        name: &str,
        stand_in: String,
    ) -> Self {
        Self::of("name", action, kind, parameter, name, stand_in)
    }

    /// The same of an entity whose name is another member of the seed.
    pub(in crate::seed) fn of(
        member: &'static str,
        action: &'static str,
        kind: Kind,
        parameter: &str,
        name: &str,
        stand_in: String,
    ) -> Self {
        let parts = vec![Part {
            member,
            given: vec![(parameter.to_owned(), name.to_owned())],
            stand_in: vec![(parameter.to_owned(), stand_in)],
        }];
        Self { action, kind, name: name.to_owned(), path: None, parts }
    }

    /// A parameter that must be there.
    pub(in crate::seed) fn with(
        mut self,
        member: &'static str,
        parameter: &str,
        value: &str,
        stand_in: &str,
    ) -> Self {
        let params = |value: &str| vec![(parameter.to_owned(), value.to_owned())];
        self.parts.push(Part { member, given: params(value), stand_in: params(stand_in) });
        self
    }

    /// A parameter that may be there.
    pub(in crate::seed) fn with_some(
        mut self,
        member: &'static str,
        parameter: &str,
        value: Option<&str>,
    ) -> Self {
        let Some(value) = value else { return self };
        if member == "path" {
            self.path = Some(value.to_owned());
        }
        let given = vec![(parameter.to_owned(), value.to_owned())];
        self.parts.push(Part { member, given, stand_in: Vec::new() });
        self
    }

    /// Parameters that may be there, such as tags.
    pub(in crate::seed) fn with_all(mut self, member: &'static str, params: ApiCall) -> Self {
        let given = params.into_params();
        if !given.is_empty() {
            self.parts.push(Part { member, given, stand_in: Vec::new() });
        }
        self
    }

    /// The request with those parts as they are given, and the others as what stands in for them.
    fn call(&self, is_given: impl Fn(usize) -> bool) -> ApiCall {
        let parts = self.parts.iter().enumerate();
        let params = parts.flat_map(|(number, part)| match is_given(number) {
            true => &part.given,
            false => &part.stand_in,
        });
        params.fold(ApiCall::new(self.action), |call, (name, value)| call.with(name, value))
    }

    /// The name that stands in for the entity's own.
    fn other_name(&self) -> Option<String> {
        self.parts.first()?.stand_in.first().map(|(_, name)| name.clone())
    }
}

impl Work<'_> {
    /// Makes an entity, and gives the name by which it is there. Where that is not possible as it is
    /// described, each part that is wrong is reported, and the entity is made with something else in its
    /// place, so that what depends on it can be looked at. None if even that is not possible.
    pub(super) async fn create(
        &mut self,
        account: AccountId,
        path: &Path,
        creation: Creation,
    ) -> Option<String> {
        let Err(message) = creation.call(|_| true).run(self.root(account)).await else {
            return Some(creation.name);
        };
        let mut wrong = Vec::new();
        for (number, part) in creation.parts.iter().enumerate() {
            let alone = creation.call(|other| other == number);
            if let Err(message) = alone.rehearse(self.root(account)).await {
                self.report(&path.member(part.member), message);
                wrong.push(number);
            }
        }
        if wrong.is_empty() {
            // The parts do not go together, or there is no room for one more.
            self.report(path, message);
            wrong.extend(0..creation.parts.len());
        }
        let path_part = creation.parts.iter().position(|part| part.member == "path");
        let path_is_wrong = path_part.is_some_and(|number| wrong.contains(&number));
        let name_is_wrong = wrong.contains(&0);
        if name_is_wrong || path_is_wrong {
            let (kind, path) = (creation.kind, creation.path.as_deref().unwrap_or("/"));
            self.lost.arn(account, kind, path, &creation.name);
        }
        if name_is_wrong {
            self.lost.name(account, creation.kind, &creation.name);
        }
        let mended = creation.call(|number| !wrong.contains(&number));
        mended.run(self.root(account)).await.ok()?;
        if name_is_wrong { creation.other_name() } else { Some(creation.name) }
    }
}
