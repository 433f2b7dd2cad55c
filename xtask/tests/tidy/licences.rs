//! Every package comes under a licence that an Apache-2.0 program can carry.

use crate::{check, packages, text_of};

/// Licences that ask for no more than to be named.
const ALLOWED: [&str; 11] = [
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "OpenSSL",
    "Unicode-3.0",
    "Zlib",
];

/// Packages under another licence, and why that is well.
const EXCEPTIONS: [(&str, &str, &str); 2] = [
    ("imbl", "MPL-2.0+", "binds its own files only, which are used unchanged"),
    ("imbl-sized-chunks", "MPL-2.0+", "binds its own files only, which are used unchanged"),
];

#[test]
fn every_licence_is_allowed() {
    let refused = packages().iter().filter_map(|package| {
        let (name, licence) = (text_of(package, "name"), text_of(package, "license"));
        let excepted = EXCEPTIONS.iter().any(|(n, l, _)| (*n, *l) == (name, licence));
        (!excepted && !allows(licence)).then(|| format!("{name}: {licence:?}"))
    });
    check("read these licences; then allow them with a reason or drop the package:", refused);
}

#[test]
fn every_exception_is_needed() {
    let names: Vec<_> = packages().iter().map(|package| text_of(package, "name")).collect();
    let unused = EXCEPTIONS.iter().filter(|(name, ..)| !names.contains(name));
    check("remove these exceptions:", unused.map(|(name, ..)| (*name).to_owned()));
}

#[test]
fn licence_expressions_are_understood() {
    let cases = [
        ("MIT", true),
        ("GPL-3.0", false),
        ("", false),
        ("MIT/GPL-3.0", true),
        ("MIT OR GPL-3.0", true),
        ("MIT AND GPL-3.0", false),
        ("(MIT OR GPL-3.0) AND ISC", true),
        ("ISC AND (GPL-3.0 OR AGPL-3.0)", false),
        ("MIT OR ISC AND GPL-3.0", true),
        ("Apache-2.0 WITH LLVM-exception", true),
        ("GPL-2.0 WITH Classpath-exception-2.0", false),
        ("(MIT", false),
        ("MIT ISC", false),
    ];
    for (expression, allowed) in cases {
        assert_eq!(allows(expression), allowed, "{expression}");
    }
}

/// Whether a licence expression (SPDX, annex D) can be met with allowed licences alone.
fn allows(expression: &str) -> bool {
    // The old spelling of a choice is a slash.
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut words = spaced.split_whitespace().peekable();
    either(&mut words) == Some(true) && words.next().is_none()
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

/// `None`: the expression is not well formed.
fn either(words: &mut Words<'_>) -> Option<bool> {
    let mut allowed = both(words)?;
    while words.next_if_eq(&"OR").is_some() {
        allowed |= both(words)?;
    }
    Some(allowed)
}

fn both(words: &mut Words<'_>) -> Option<bool> {
    let mut allowed = one(words)?;
    while words.next_if_eq(&"AND").is_some() {
        allowed &= one(words)?;
    }
    Some(allowed)
}

fn one(words: &mut Words<'_>) -> Option<bool> {
    let word = words.next()?;
    if word == "(" {
        let allowed = either(words)?;
        return words.next_if_eq(&")").map(|_| allowed);
    }
    // An exception to a licence only gives more rights.
    if words.next_if_eq(&"WITH").is_some() {
        words.next()?;
    }
    Some(ALLOWED.contains(&word))
}
