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

/// The service principal that was probably meant, by what stands before the domain that all of them share.
#[must_use]
pub fn nearest_service<'n>(
    written: &str,
    principals: impl IntoIterator<Item = &'n str>,
) -> Option<&'n str> {
    let label = |name: &'n str| name.strip_suffix(DOMAIN).map(|label| (label, name));
    let written = written.strip_suffix(".cn").unwrap_or(written);
    let written = written.strip_suffix(DOMAIN).unwrap_or(written);
    let labels: Vec<_> = principals.into_iter().filter_map(label).collect();
    let found = nearest(written, labels.iter().map(|(label, _)| *label))?;
    labels.iter().find(|(label, _)| *label == found).map(|(_, name)| *name)
}

const DOMAIN: &str = ".amazonaws.com";

/// No name of AWS is longer; the time to compare grows with the square.
const LONGEST: usize = 128;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_are_told_apart_by_what_is_not_their_domain() {
        let names = ["lambda.amazonaws.com", "ec2.amazonaws.com", "pods.eks.amazonaws.com"];
        let cases = [
            ("lamda.amazonaws.com", Some("lambda.amazonaws.com")),
            ("lamda.amazonaws.com.cn", Some("lambda.amazonaws.com")),
            ("Lambda", Some("lambda.amazonaws.com")),
            ("pod.eks.amazonaws.com", Some("pods.eks.amazonaws.com")),
            ("s3.amazonaws.com", None),
            ("tagging.amazonaws.com", None),
        ];
        for (written, expected) in cases {
            assert_eq!(nearest_service(written, names), expected, "{written}");
        }
    }

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
