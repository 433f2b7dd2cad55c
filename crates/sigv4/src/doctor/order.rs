//! Mistakes in the steps: string to sign, key derivation, method.

use super::{
    Hypotheses,
    draft::Line::{Algorithm, Credential, Hash, Request, Scope, Time, UpperCaseHash},
    hypotheses::METHOD,
    mistake::MistakeKind::{KeyDerivation, Method, StringToSign, UpperCaseHex},
    seen::Seen,
};

pub(super) fn suppose<'a>(seen: &Seen<'a>, all: &mut Hypotheses<'a>) {
    let right = "the string to sign is algorithm, time, scope and the hash of the canonical request, a line each";
    all.likely(
        UpperCaseHex,
        "string",
        "the canonical request's hash stands in upper-case hexadecimal in the string to sign; write it in lower case",
        |draft| draft.lines = vec![Algorithm, Time, Scope, UpperCaseHash],
    );
    for (position, (lines, what)) in [
        (vec![Algorithm, Scope, Time, Hash], "time and scope changed places"),
        (vec![Algorithm, Time, Scope, Request], "the canonical request was not hashed"),
        (vec![Time, Scope, Hash], "the algorithm was left out"),
        (vec![Algorithm, Time, Hash], "the scope was left out"),
        (
            vec![Algorithm, Time, Credential, Hash],
            "the scope stands with the access key's id before it",
        ),
        (vec![Algorithm, Time, Hash, Scope], "scope and hash changed places"),
        (vec![Time, Algorithm, Scope, Hash], "algorithm and time changed places"),
    ]
    .into_iter()
    .enumerate()
    {
        let advice = format!("in the string to sign {what}; {right}");
        match position {
            0 => all.likely(StringToSign, "string", advice, move |draft| {
                draft.lines.clone_from(&lines)
            }),
            _ => all.unlikely(StringToSign, "string", advice, move |draft| {
                draft.lines.clone_from(&lines)
            }),
        }
    }
    let newline = format!("the string to sign ended in a line break; {right}");
    all.unlikely(StringToSign, "string end", newline, |draft| draft.final_newline = true);

    let right = "the key is derived from `AWS4` and the secret by the date, then the region, the service and \
                 `aws4_request`";
    for (position, (steps, what)) in [
        (vec![0, 2, 1, 3], "region and service changed places"),
        (vec![1, 0, 2, 3], "date and region changed places"),
        (vec![0, 1, 2], "`aws4_request` was left out"),
        (vec![3, 2, 1, 0], "the steps were taken from last to first"),
        (vec![1, 2, 0, 3], "the date came after region and service"),
        (vec![2, 1, 0, 3], "date and service changed places"),
        (Vec::new(), "no step was taken"),
    ]
    .into_iter()
    .enumerate()
    {
        let advice = format!("in the derivation of the key {what}; {right}");
        match position {
            0 => all.likely(KeyDerivation, "steps", advice, move |draft| {
                draft.key.steps.clone_from(&steps)
            }),
            _ => all.unlikely(KeyDerivation, "steps", advice, move |draft| {
                draft.key.steps.clone_from(&steps)
            }),
        }
    }
    all.unlikely(
        KeyDerivation,
        "prefix",
        format!("the derivation of the key began without `AWS4`; {right}"),
        |draft| draft.key.prefix = false,
    );
    all.unlikely(
        KeyDerivation,
        "hexadecimal",
        "each step of the key's derivation took the hexadecimal form of the one before; take the 32 bytes themselves",
        |draft| draft.key.hexadecimal = true,
    );
    all.unlikely(
        KeyDerivation,
        "swapped",
        "key and message of each HMAC changed places; the key is what the step before made",
        |draft| draft.key.swapped = true,
    );

    let lower = seen.method.to_ascii_lowercase();
    all.unlikely(
        Method,
        METHOD,
        "the method was signed in lower case; write it in upper case",
        move |draft| {
            draft.method = lower.clone().into_bytes();
        },
    );
    for other in ["GET", "POST", "PUT", "HEAD"].into_iter().filter(|other| *other != seen.method) {
        let advice = format!(
            "the method was signed as {other} and arrived as {}; a redirect or a proxy may have changed it",
            seen.method
        );
        all.unlikely(Method, METHOD, advice, move |draft| draft.method = other.into());
    }
}
