use std::fmt;
use std::ops::Range;

use crate::document::{Document, Elements};
use crate::json::{self, Node};
use crate::malformed::Malformed;
use crate::position::Position;
use crate::statement::{Effect, Statement};
use crate::validate;

/// A policy document, parsed and made ready to be evaluated. It never changes; share it in an
/// [`Arc`](std::sync::Arc).
pub struct Policy {
    kind: PolicyKind,
    text: Box<str>,
    version: Version,
    statements: Box<[Statement]>,
    aws_principals: Box<[AwsPrincipal]>,
}

impl Policy {
    /// Parses a document by the rules of its kind, in an account of the partition `aws`.
    ///
    /// # Errors
    /// The first of AWS's complaints, in AWS's order.
    pub fn parse(kind: PolicyKind, text: &str) -> Result<Self, Malformed> {
        Self::parse_in("aws", kind, text)
    }

    /// As [`parse`](Self::parse), in an account of another partition.
    pub(crate) fn parse_in(
        partition: &str,
        kind: PolicyKind,
        text: &str,
    ) -> Result<Self, Malformed> {
        let root = json::parse(text).map_err(|_| validate::not_json(kind))?;
        let statements = validate::statements(kind, &root, partition)?;
        Self::compile(kind, text, &root, &statements)
    }

    /// What the document was parsed as.
    #[must_use]
    pub fn kind(&self) -> PolicyKind {
        self.kind
    }

    /// The document, byte for byte as it was given.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many bytes of memory the policy takes, at most. Usual documents take a sixth of it; those of
    /// many short patterns with wildcards take most.
    #[must_use]
    pub fn size(&self) -> usize {
        size_of::<Self>() + self.text.len() * COMPILED
    }

    /// The version of the language that the document is written in.
    #[must_use]
    pub fn version(&self) -> Version {
        self.version
    }

    /// The statements, in the document's order.
    #[must_use]
    pub fn statements(&self) -> &[Statement] {
        &self.statements
    }

    /// The place of a byte of the text, such as the ends of [`Statement::span`].
    #[must_use]
    pub fn position(&self, byte: usize) -> Position {
        Position::of(&self.text, byte)
    }

    /// The principals of the `AWS` kind as written, in the document's order.
    pub fn aws_principals(&self) -> impl Iterator<Item = &str> {
        self.aws_principals.iter().map(|principal| &*principal.value)
    }

    /// The document's text with each principal of the `AWS` kind that `replace` answers with
    /// `Some` replaced; all else stays byte for byte.
    ///
    /// # Errors
    /// The first that `replace` answers.
    pub fn map_principals<E>(
        &self,
        mut replace: impl FnMut(&str) -> Result<Option<String>, E>,
    ) -> Result<String, E> {
        let mut mapped = String::with_capacity(self.text.len());
        let mut copied = 0;
        for AwsPrincipal { value, span } in &self.aws_principals {
            if let Some(replacement) = replace(value)? {
                // INVARIANT: spans are of this text and in its order.
                mapped.push_str(self.text.get(copied..span.start).unwrap_or_default());
                json::write_string(&replacement, &mut mapped);
                copied = span.end;
            }
        }
        mapped.push_str(self.text.get(copied..).unwrap_or_default());
        Ok(mapped)
    }

    fn compile(
        kind: PolicyKind,
        text: &str,
        root: &Node<'_>,
        statements: &[Elements<'_>],
    ) -> Result<Self, Malformed> {
        let version = Document::of(root)
            .and_then(|document| document.version)
            .and_then(Node::as_str)
            .map_or(Version::V2008, Version::named);
        let statement = |elements: &Elements<'_>| {
            let effect = match elements.effect.and_then(Node::as_str) {
                Some("Allow") => Effect::Allow,
                _ => Effect::Deny,
            };
            let statement = Statement::new(kind, elements, effect, version);
            match kind {
                // AWS's own policies are not ours to refuse.
                PolicyKind::Managed => Ok(statement),
                _ if statement.is_understood() => Ok(statement),
                _ => Err(validate::not_understood(kind)),
            }
        };
        let mut aws_principals: Vec<_> = statements.iter().flat_map(AwsPrincipal::all_of).collect();
        aws_principals.sort_by_key(|principal| principal.span.start);
        Ok(Self {
            kind,
            text: text.into(),
            version,
            statements: statements.iter().map(statement).collect::<Result<_, _>>()?,
            aws_principals: aws_principals.into(),
        })
    }
}

/// How many bytes of memory a byte of a document becomes, at most: `"*",` becomes a principal twice, as it
/// is written and as it is matched.
const COMPILED: usize = 32;

impl fmt::Debug for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Policy").field(&self.text).finish()
    }
}

/// What a document is for, which decides what may stand in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PolicyKind {
    /// A customer managed policy for identities; a permissions boundary too.
    Identity,
    /// An inline policy of a user, a group or a role: as [`Identity`](Self::Identity), and in old
    /// versions of the language too.
    Inline,
    /// AWS's own managed policy. Old versions of the language are taken, and what this crate does
    /// not understand makes its statement fail closed instead of refusing the document.
    Managed,
    /// The trust policy of a role.
    Trust,
    /// A session policy, given when a session is made.
    Session,
    /// The policy of any other resource.
    Resource,
    /// A service control policy of an organisation.
    ServiceControl,
    /// A resource control policy of an organisation.
    ResourceControl,
}

/// The version of the policy language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Version {
    /// `2008-10-17`, the default of a document that names none: no policy variables.
    V2008,
    /// `2012-10-17`.
    V2012,
}

impl Version {
    fn named(text: &str) -> Self {
        if text == "2012-10-17" { Self::V2012 } else { Self::V2008 }
    }
}

/// A principal of the `AWS` kind and where its string stands in the text, quotes included.
struct AwsPrincipal {
    value: Box<str>,
    span: Range<usize>,
}

impl AwsPrincipal {
    fn all_of<'d>(elements: &Elements<'d>) -> impl Iterator<Item = Self> + use<'d> {
        [elements.principal, elements.not_principal]
            .into_iter()
            .flatten()
            .flat_map(|node| node.as_object().unwrap_or_default())
            .filter(|member| member.key == "AWS")
            .flat_map(|member| member.value.as_list())
            .filter_map(|node| Some(Self { value: node.as_str()?.into(), span: node.span.clone() }))
    }
}

#[cfg(test)]
mod tests;
