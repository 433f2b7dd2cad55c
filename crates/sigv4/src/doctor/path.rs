//! Mistakes in the path.

use percent_encoding::percent_decode;

use super::{
    Hypotheses,
    mistake::MistakeKind::{PathEncoding, PathNormalization, PathSlash},
    seen::Seen,
};
use crate::{PathStyle, path::write_encoded};

/// The second line of a canonical request.
#[derive(Clone)]
pub(super) struct PathForm<'a> {
    wire: &'a [u8],
    normalized: bool,
    encoding: Encoding,
    slash: Slash,
}

/// What becomes of the path on the wire, which the client has encoded already.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Decoded,
    Wire,
    /// Decoded and encoded anew, which is what stands on the wire of a tidy client.
    Once,
    Twice,
    Thrice,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Slash {
    AsIs,
    Added,
    Removed,
    /// Those between the segments are encoded too.
    Encoded,
}

impl<'a> PathForm<'a> {
    pub(super) fn correct(wire: &'a str, style: PathStyle) -> Self {
        let (normalized, encoding) = match style {
            PathStyle::Normalized => (true, Encoding::Twice),
            PathStyle::S3 => (false, Encoding::Once),
        };
        Self { wire: wire.as_bytes(), normalized, encoding, slash: Slash::AsIs }
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let mut line = self.segments().iter().map(|it| self.encode(it)).collect::<Vec<_>>().join(
            match self.slash {
                Slash::Encoded => &b"%2F"[..],
                _ => b"/",
            },
        );
        if line.is_empty() {
            line.push(b'/');
        }
        match self.slash {
            Slash::Added => line.push(b'/'),
            Slash::Removed => line.truncate(line.len().saturating_sub(1)),
            Slash::AsIs | Slash::Encoded => {}
        }
        out.append(&mut line);
    }

    /// What stands between the slashes; the first is empty, for the path is absolute.
    fn segments(&self) -> Vec<&'a [u8]> {
        let split = || self.wire.split(|byte| *byte == b'/');
        if !self.normalized {
            return split().collect();
        }
        let mut kept: Vec<&[u8]> = vec![b""];
        let mut is_folder = false;
        for segment in split() {
            is_folder = matches!(segment, b"" | b"." | b"..");
            match segment {
                b"" | b"." => {}
                b".." if kept.len() > 1 => drop(kept.pop()),
                b".." => {}
                name => kept.push(name),
            }
        }
        if is_folder {
            kept.push(b"");
        }
        kept
    }

    fn encode(&self, segment: &[u8]) -> Vec<u8> {
        let decoded = || percent_decode(segment).collect::<Vec<u8>>();
        match self.encoding {
            Encoding::Decoded => decoded(),
            Encoding::Wire => segment.to_vec(),
            Encoding::Once => encoded(&decoded()),
            Encoding::Twice => encoded(segment),
            Encoding::Thrice => encoded(&encoded(segment)),
        }
    }
}

fn encoded(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    write_encoded(text, &mut out);
    out
}

pub(super) fn suppose<'a>(seen: &Seen<'a>, all: &mut Hypotheses<'a>) {
    let rule = match seen.path_style {
        PathStyle::Normalized => "encode each segment of the path that you send once more",
        PathStyle::S3 => "encode the path of a request to S3 exactly once",
    };
    for (encoding, how) in [
        (Encoding::Once, "encoded once"),
        (Encoding::Twice, "encoded twice"),
        (Encoding::Wire, "exactly as it was sent"),
        (Encoding::Decoded, "not encoded at all"),
        (Encoding::Thrice, "encoded three times"),
    ] {
        let advice = format!("the path was signed {how}; {rule}");
        all.likely(PathEncoding, "path encoding", advice, move |draft| {
            draft.path.encoding = encoding
        });
    }
    let advice = match seen.path_style {
        PathStyle::Normalized => {
            "the path was signed with its repeated slashes or dot segments; resolve them before signing"
        }
        PathStyle::S3 => {
            "the path was normalised before signing; S3 takes repeated slashes and dot segments as they are"
        }
    };
    all.likely(PathNormalization, "path segments", advice, |draft| {
        draft.path.normalized = !draft.path.normalized;
    });
    let ends_in_slash = seen.path.ends_with('/');
    let (slash, advice) = if seen.path.len() <= 1 {
        (Slash::Removed, "the path was signed as empty; an empty path is signed as a single slash")
    } else if ends_in_slash {
        (Slash::Removed, "the path was signed without the slash at its end that the request has")
    } else {
        (Slash::Added, "the path was signed with a slash at its end that the request does not have")
    };
    all.unlikely(PathSlash, "path slash", advice, move |draft| draft.path.slash = slash);
    all.unlikely(
        PathEncoding,
        "path slash",
        "the slashes of the path were encoded; encode what stands between them only",
        |draft| draft.path.slash = Slash::Encoded,
    );
}
