use daypass_ident::fold_case;

/// The name that was probably meant: the same but for case, or one that few strokes lead to: one for every
/// four characters, three at most.
#[must_use]
pub fn nearest<'n>(written: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let written = fold_case(written);
    if written.len() > LONGEST {
        return None;
    }
    let allowed = (written.chars().count() / 4).clamp(1, 3);
    names
        .into_iter()
        .filter(|name| name.len().abs_diff(written.len()) <= allowed)
        .map(|name| (strsim::damerau_levenshtein(&written, &fold_case(name)), name))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, name)| name)
}

/// No name of AWS is longer; the time to compare grows with the square.
const LONGEST: usize = 128;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_strokes_away() {
        let names = ["GetObject", "GetObjectAcl", "PutObject", "iam"];
        let cases = [
            ("GetObjects", Some("GetObject")),
            ("getobject", Some("GetObject")),
            ("GteObject", Some("GetObject")),
            ("ian", Some("iam")),
            ("s3", None),
            ("GetBucket", None),
            ("", None),
        ];
        for (written, expected) in cases {
            assert_eq!(nearest(written, names), expected, "{written}");
        }
        assert_eq!(nearest(&"x".repeat(100_000), names), None);
    }
}
