//! The environment of a client, in the language of a shell.

use crate::cli::Shell;

/// The lines that point every AWS client at `endpoint` with these keys.
pub(crate) fn exports(shell: Shell, endpoint: &str, keys: Option<(&str, &str)>) -> String {
    let mut variables = vec![("AWS_ENDPOINT_URL", endpoint), ("AWS_DEFAULT_REGION", REGION)];
    if let Some((id, secret)) = keys {
        variables.push(("AWS_ACCESS_KEY_ID", id));
        variables.push(("AWS_SECRET_ACCESS_KEY", secret));
    }
    let line = |(name, value): (&str, &str)| match shell {
        Shell::Sh => format!("export {name}={}\n", quote(value, r"'\''")),
        Shell::Fish => format!("set -gx {name} {}\n", quote(value, r"\'")),
        Shell::Powershell => format!("$env:{name} = {}\n", quote(value, "''")),
    };
    variables.into_iter().map(line).collect()
}

/// Bare where no shell sees anything in it, else between single quotes.
fn quote(value: &str, inner_quote: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:".contains(c);
    if !value.is_empty() && value.chars().all(plain) && inner_quote != "''" {
        return value.to_owned();
    }
    format!("'{}'", value.replace('\'', inner_quote))
}

/// The region that clients sign for when the user has not chosen one.
const REGION: &str = "us-east-1";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_shell_gets_its_own_language() {
        let cases = [
            (Shell::Sh, "export AWS_ACCESS_KEY_ID='a+b'\n"),
            (Shell::Fish, "set -gx AWS_ACCESS_KEY_ID 'a+b'\n"),
            (Shell::Powershell, "$env:AWS_ACCESS_KEY_ID = 'a+b'\n"),
        ];
        for (shell, line) in cases {
            let text = exports(shell, "http://127.0.0.1:1", Some(("a+b", "s")));
            assert!(text.contains(line), "{text}");
        }
        assert!(
            exports(Shell::Sh, "http://127.0.0.1:1", None)
                .starts_with("export AWS_ENDPOINT_URL=http://127.0.0.1:1\n")
        );
    }

    #[test]
    fn a_quote_in_a_value_does_not_end_it() {
        assert_eq!(quote("a'b", r"'\''"), r"'a'\''b'");
        assert_eq!(quote("", r"'\''"), "''");
    }
}
