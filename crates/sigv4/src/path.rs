//! The canonical URI: the second line of a canonical request.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode, percent_encode};

/// How a service turns the path on the wire into the canonical URI.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PathStyle {
    /// Repeated slashes and dot segments are resolved, and what the wire already encoded is encoded once more
    /// (`%20` becomes `%2520`). Every service but S3.
    #[default]
    Normalized,
    /// The path is kept as it is and encoded once. S3, S3 Express and S3 Object Lambda.
    S3,
}

impl PathStyle {
    pub(crate) fn write(self, path: &str, out: &mut Vec<u8>) {
        match (path, self) {
            ("" | "/", _) => out.push(b'/'),
            (_, Self::Normalized) => write_normalized(path.as_bytes(), out),
            (_, Self::S3) => write_once_encoded(path.as_bytes(), out),
        }
    }
}

impl PathStyle {
    /// Whether the canonical form of the path stands for no path but itself, so that its signature proves something.
    pub(crate) fn can_verify(self, path: &str) -> bool {
        match self {
            Self::Normalized => is_well_formed_path(path),
            Self::S3 => {
                (path.is_empty() || path.starts_with('/')) && escapes_are_whole(path.as_bytes())
            }
        }
    }
}

/// Whether AWS would look at a request with this raw path at all: absolute or empty, every percent escape whole,
/// and no `..` that climbs above the root. Anything else gets a bare 400 before authentication.
pub fn is_well_formed_path(path: &str) -> bool {
    if matches!(path, "" | "/") {
        return true;
    }
    let mut depth = 0_usize;
    let within_root = path.split('/').all(|segment| match segment {
        "" | "." => true,
        ".." => match depth.checked_sub(1) {
            Some(parent) => {
                depth = parent;
                true
            }
            None => false,
        },
        _ => {
            depth = depth.saturating_add(1);
            true
        }
    });
    let is_absolute = path.is_empty() || path.starts_with('/');
    is_absolute && within_root && escapes_are_whole(path.as_bytes())
}

fn escapes_are_whole(text: &[u8]) -> bool {
    text.split(|byte| *byte == b'%')
        .skip(1)
        .all(|after| matches!(after, [high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit()))
}

fn write_normalized(path: &[u8], out: &mut Vec<u8>) {
    let mut kept: Vec<&[u8]> = Vec::new();
    let mut ends_in_slash = false;
    for segment in path.split(|byte| *byte == b'/') {
        ends_in_slash = matches!(segment, b"" | b"." | b"..");
        match segment {
            b"" | b"." => {}
            b".." => {
                kept.pop();
            }
            name => kept.push(name),
        }
    }
    for segment in &kept {
        out.push(b'/');
        write_encoded(segment, out);
    }
    if ends_in_slash || kept.is_empty() {
        out.push(b'/');
    }
}

fn write_once_encoded(path: &[u8], out: &mut Vec<u8>) {
    // Segment by segment, so that an encoded slash stays encoded.
    for (position, segment) in path.split(|byte| *byte == b'/').enumerate() {
        if position > 0 {
            out.push(b'/');
        }
        let decoded: std::borrow::Cow<'_, [u8]> = percent_decode(segment).into();
        write_encoded(&decoded, out);
    }
}

/// Writes `raw` with everything but RFC 3986's unreserved characters percent-encoded, in upper-case hexadecimal.
pub(crate) fn write_encoded(raw: &[u8], out: &mut Vec<u8>) {
    percent_encode(raw, RESERVED).for_each(|run| out.extend_from_slice(run.as_bytes()));
}

/// Everything but RFC 3986's unreserved characters.
pub(crate) const RESERVED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_uri() {
        for (path, normalized, s3) in [
            ("", "/", "/"),
            ("/", "/", "/"),
            ("//", "/", "//"),
            ("/a", "/a", "/a"),
            ("/a/", "/a/", "/a/"),
            ("//a//b//", "/a/b/", "//a//b//"),
            ("/a/./b", "/a/b", "/a/./b"),
            ("/a/../b", "/b", "/a/../b"),
            ("/a/b/..", "/a/", "/a/b/.."),
            ("/a/.", "/a/", "/a/."),
            ("/..", "/", "/.."),
            ("/a b", "/a%20b", "/a%20b"),
            ("/a%20b", "/a%2520b", "/a%20b"),
            ("/a%2fb", "/a%252fb", "/a%2Fb"),
            ("/%41", "/%2541", "/A"),
            ("/\u{1234}", "/%E1%88%B4", "/%E1%88%B4"),
            ("/a@:~-._b", "/a%40%3A~-._b", "/a%40%3A~-._b"),
            ("/%", "/%25", "/%25"),
            ("a", "/a", "a"),
        ] {
            for (style, expected) in [(PathStyle::Normalized, normalized), (PathStyle::S3, s3)] {
                let mut out = Vec::new();
                style.write(path, &mut out);
                assert_eq!(String::from_utf8(out).unwrap(), expected, "{path} {style:?}");
            }
        }
    }

    #[test]
    fn well_formed() {
        for (path, expected) in [
            ("/", true),
            ("/a/..", true),
            ("/a/../b/", true),
            ("/%2f", true),
            ("", true),
            ("a", false),
            (".", false),
            ("/..", false),
            ("/a/../..", false),
            ("/%", false),
            ("/%4", false),
            ("/%4g", false),
        ] {
            assert_eq!(is_well_formed_path(path), expected, "{path}");
        }
    }
}
