//! The environment of a client, in the language of a shell.

use crate::cli::Shell;

/// Which services are sent to a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// All of them.
    AllServices,
    /// IAM and STS, so that other services keep the endpoints that they have.
    IamAndSts,
}

/// The lines that point AWS clients at `endpoint` with these keys.
///
/// Variables that would take precedence over these are unset: the endpoints of single services, and, with
/// keys, the token and the profile of other credentials. Without keys the user brings their own, which may
/// be in a profile.
pub(crate) fn exports(
    shell: Shell,
    endpoint: &str,
    scope: Scope,
    keys: Option<(&str, &str)>,
) -> String {
    let (endpoints, mut unset): (&[&str], Vec<&str>) = match scope {
        Scope::AllServices => (&["AWS_ENDPOINT_URL"], OF_SERVICES.to_vec()),
        Scope::IamAndSts => (&OF_SERVICES, Vec::new()),
    };
    let mut set: Vec<(&str, &str)> = endpoints.iter().map(|name| (*name, endpoint)).collect();
    set.extend([("AWS_REGION", REGION), ("AWS_DEFAULT_REGION", REGION)]);
    if let Some((id, secret)) = keys {
        set.extend([("AWS_ACCESS_KEY_ID", id), ("AWS_SECRET_ACCESS_KEY", secret)]);
        unset.extend(["AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_DEFAULT_PROFILE"]);
    }
    let set = set.into_iter().map(|(name, value)| assignment(shell, name, value));
    set.chain((!unset.is_empty()).then(|| removal(shell, &unset))).collect()
}

const OF_SERVICES: [&str; 2] = ["AWS_ENDPOINT_URL_IAM", "AWS_ENDPOINT_URL_STS"];

fn assignment(shell: Shell, name: &str, value: &str) -> String {
    match shell {
        Shell::Sh => format!("export {name}={}\n", quote(value, r"'\''")),
        Shell::Fish => format!("set -gx {name} {}\n", quote(value, r"\'")),
        Shell::Powershell => format!("$env:{name} = {}\n", quote(value, "''")),
        // Some of its readers take quotes for a part of the value.
        Shell::Dotenv => format!("{name}={value}\n"),
    }
}

fn removal(shell: Shell, names: &[&str]) -> String {
    match shell {
        Shell::Sh => format!("unset {}\n", names.join(" ")),
        // Not -g: a variable may be universal.
        Shell::Fish => format!("set -e {}\n", names.join(" ")),
        Shell::Powershell => {
            let names: Vec<String> = names.iter().map(|name| format!("Env:{name}")).collect();
            format!("Remove-Item {} -ErrorAction SilentlyContinue\n", names.join(", "))
        }
        // A file cannot unset a variable.
        Shell::Dotenv => String::new(),
    }
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

    const ENDPOINT: &str = "http://127.0.0.1:1";

    #[test]
    fn each_shell_gets_its_own_language() {
        let cases = [
            (
                Shell::Sh,
                "export AWS_ENDPOINT_URL=http://127.0.0.1:1\nexport AWS_REGION=us-east-1\n\
                 export AWS_DEFAULT_REGION=us-east-1\nexport AWS_ACCESS_KEY_ID='a+b'\n\
                 export AWS_SECRET_ACCESS_KEY=s\nunset AWS_ENDPOINT_URL_IAM AWS_ENDPOINT_URL_STS \
                 AWS_SESSION_TOKEN AWS_PROFILE AWS_DEFAULT_PROFILE\n",
            ),
            (
                Shell::Fish,
                "set -gx AWS_ENDPOINT_URL http://127.0.0.1:1\nset -gx AWS_REGION us-east-1\n\
                 set -gx AWS_DEFAULT_REGION us-east-1\nset -gx AWS_ACCESS_KEY_ID 'a+b'\n\
                 set -gx AWS_SECRET_ACCESS_KEY s\nset -e AWS_ENDPOINT_URL_IAM AWS_ENDPOINT_URL_STS \
                 AWS_SESSION_TOKEN AWS_PROFILE AWS_DEFAULT_PROFILE\n",
            ),
            (
                Shell::Powershell,
                "$env:AWS_ENDPOINT_URL = 'http://127.0.0.1:1'\n$env:AWS_REGION = 'us-east-1'\n\
                 $env:AWS_DEFAULT_REGION = 'us-east-1'\n$env:AWS_ACCESS_KEY_ID = 'a+b'\n\
                 $env:AWS_SECRET_ACCESS_KEY = 's'\nRemove-Item Env:AWS_ENDPOINT_URL_IAM, \
                 Env:AWS_ENDPOINT_URL_STS, Env:AWS_SESSION_TOKEN, Env:AWS_PROFILE, \
                 Env:AWS_DEFAULT_PROFILE -ErrorAction SilentlyContinue\n",
            ),
            (
                Shell::Dotenv,
                "AWS_ENDPOINT_URL=http://127.0.0.1:1\nAWS_REGION=us-east-1\n\
                 AWS_DEFAULT_REGION=us-east-1\nAWS_ACCESS_KEY_ID=a+b\nAWS_SECRET_ACCESS_KEY=s\n",
            ),
        ];
        for (shell, expected) in cases {
            let text = exports(shell, ENDPOINT, Scope::AllServices, Some(("a+b", "s")));
            assert_eq!(text, expected, "{shell:?}");
        }
    }

    #[test]
    fn other_services_and_credentials_are_left_alone_where_they_are_not_given() {
        let regions = "export AWS_REGION=us-east-1\nexport AWS_DEFAULT_REGION=us-east-1\n";
        let endpoint = |name: &str| format!("export AWS_ENDPOINT_URL{name}={ENDPOINT}\n");
        let services = exports(Shell::Sh, ENDPOINT, Scope::IamAndSts, None);
        assert_eq!(services, endpoint("_IAM") + &endpoint("_STS") + regions);
        let all = exports(Shell::Sh, ENDPOINT, Scope::AllServices, None);
        let unset = "unset AWS_ENDPOINT_URL_IAM AWS_ENDPOINT_URL_STS\n";
        assert_eq!(all, endpoint("") + regions + unset);
    }

    #[test]
    fn a_quote_in_a_value_does_not_end_it() {
        assert_eq!(quote("a'b", r"'\''"), r"'a'\''b'");
        assert_eq!(quote("", r"'\''"), "''");
    }
}
