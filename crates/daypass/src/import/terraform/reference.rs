//! How expressions of Terraform refer to something else.

/// What is referred to, of a kind that is followed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reference<'a> {
    /// An attribute of a resource: `aws_iam_role.this["red"].arn`.
    Resource {
        kind: &'a str,
        name: &'a str,
        /// With its brackets.
        index: Option<&'a str>,
        /// Where it follows an index that is computed, such as `[each.key]`, a plan does not tell it.
        attribute: Option<&'a str>,
    },
    /// `var.name`.
    Variable(&'a str),
    /// `module.name.output`.
    Output { module: &'a str, name: &'a str },
}

impl<'a> Reference<'a> {
    /// `None` for references to data sources, local values and others.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let parts = parts(text);
        match *parts.as_slice() {
            ["var", name, ..] => Some(Self::Variable(without_index(name).0)),
            ["module", module, name, ..] => {
                Some(Self::Output { module: without_index(module).0, name: without_index(name).0 })
            }
            [kind, name, attribute] if kind.starts_with("aws_iam_") => {
                let (name, index) = without_index(name);
                Some(Self::Resource { kind, name, index, attribute: Some(attribute) })
            }
            [kind, name] if kind.starts_with("aws_iam_") => {
                let (name, index) = without_index(name);
                Some(Self::Resource { kind, name, index, attribute: None })
            }
            _ => None,
        }
    }
}

/// The names of the modules in the address of a module: `module.a["x.y"].module.b` has `a` and `b`.
pub(super) fn module_names(address: &str) -> impl Iterator<Item = &str> {
    parts(address).into_iter().filter(|part| *part != "module").map(|part| without_index(part).0)
}

/// The address of the module above, and the name of the one below it.
pub(super) fn parent(address: &str) -> Option<(&str, &str)> {
    let parts = parts(address);
    let last = parts.last()?;
    let above = address.strip_suffix(last)?.strip_suffix("module.")?;
    Some((above.strip_suffix('.').unwrap_or(above), without_index(last).0))
}

/// What stands between dots outside of brackets.
fn parts(text: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    let mut in_quotes = false;
    let parts = text.split(|c| {
        match c {
            '"' => in_quotes = !in_quotes,
            '[' if !in_quotes => depth += 1,
            ']' if !in_quotes => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == '.' && depth == 0 && !in_quotes
    });
    parts.filter(|part| !part.is_empty()).collect()
}

fn without_index(part: &str) -> (&str, Option<&str>) {
    match part.find('[') {
        Some(at) => part.split_at_checked(at).map_or((part, None), |(name, it)| (name, Some(it))),
        None => (part, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read() {
        let resource = |index, attribute| {
            Some(Reference::Resource { kind: "aws_iam_role", name: "this", index, attribute })
        };
        let cases = [
            ("aws_iam_role.this.arn", resource(None, Some("arn"))),
            ("aws_iam_role.this[0].name", resource(Some("[0]"), Some("name"))),
            ("aws_iam_role.this[\"a.b]\"].id", resource(Some("[\"a.b]\"]"), Some("id"))),
            ("aws_iam_role.this", resource(None, None)),
            ("data.aws_iam_policy_document.x.json", None),
            ("var.role", Some(Reference::Variable("role"))),
            ("var.roles[0]", Some(Reference::Variable("roles"))),
            ("module.a.arn", Some(Reference::Output { module: "a", name: "arn" })),
            ("module.a[0].arn", Some(Reference::Output { module: "a", name: "arn" })),
            ("module.a", None),
            ("local.x", None),
            ("each.key", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(Reference::parse(text), expected, "{text}");
        }
    }

    #[test]
    fn modules_are_below_modules() {
        let address = "module.a[\"x.y\"].module.b";
        assert_eq!(module_names(address).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(parent(address), Some(("module.a[\"x.y\"]", "b")));
        assert_eq!(parent("module.a[0]"), Some(("", "a")));
        assert_eq!(parent(""), None);
    }
}
