//! Which variables of the environment each command reads, and what their values mean.

// Says so to clippy, which lets tests unwrap.
#![cfg(test)]

use std::process::{Command, Output};

/// All variables of daypass, and the value that each has in [`variables_change_only_their_own_commands`].
const VARIABLES: [(&str, &str); 18] = [
    ("DAYPASS_LISTEN", "127.0.0.1:1"),
    ("DAYPASS_PUBLIC_URL", "poison"),
    ("DAYPASS_ACCOUNT", "poison"),
    ("DAYPASS_STRICT", "poison"),
    ("DAYPASS_EXPLAIN", "poison"),
    ("DAYPASS_NO_WELL_KNOWN_KEYS", "poison"),
    ("DAYPASS_REGIONS", "poison"),
    ("DAYPASS_SERVICE_PRINCIPALS", "poison"),
    ("DAYPASS_SEED", "poison"),
    ("DAYPASS_KEY_FILE", "poison.pem"),
    ("DAYPASS_MAX_CONNECTIONS", "poison"),
    ("DAYPASS_MAX_BODY_MEMORY", "poison"),
    ("DAYPASS_LOG", "poison="),
    ("DAYPASS_LOG_FORMAT", "poison"),
    ("DAYPASS_CONFIG", "poison.toml"),
    ("DAYPASS_IDP_LISTEN", "127.0.0.1:2"),
    ("DAYPASS_IDP_ISSUER", "http://127.0.0.1:3"),
    ("DAYPASS_IDP_KEY_FILE", "poison.pem"),
];

const OF_IDP: &[&str] =
    &["DAYPASS_CONFIG", "DAYPASS_IDP_LISTEN", "DAYPASS_IDP_ISSUER", "DAYPASS_IDP_KEY_FILE"];

#[test]
fn variables_change_only_their_own_commands() {
    let commands: [(&[&str], &[&str]); 11] = [
        (
            &["env"],
            &[
                "DAYPASS_LISTEN",
                "DAYPASS_PUBLIC_URL",
                "DAYPASS_NO_WELL_KNOWN_KEYS",
                "DAYPASS_CONFIG",
            ],
        ),
        (&["doctor", "signature", "--request", "none"], &[]),
        (&["why", "x", "--endpoint", "none"], &[]),
        (&["policy", "check", "none"], &[]),
        (&["keys", "list"], &["DAYPASS_KEY_FILE"]),
        (&["idp", "token", "--user", "alice"], OF_IDP),
        (&["assume-role", "--service", "a", "--role-arn", "b", "--endpoint", "none"], &[]),
        (&["licenses"], &[]),
        (&["mfa", "code", "JBSWY3DPEHPK3PXP", "--at", "0"], &[]),
        (&["coverage"], &[]),
        (&["help", "policy", "eval"], &[]),
    ];
    for (arguments, own) in commands {
        let usual = run(arguments, &[]);
        for (name, value) in VARIABLES {
            let changed = run(arguments, &[(name, value)]);
            let is_same = (usual.status, &usual.stdout, &usual.stderr)
                == (changed.status, &changed.stdout, &changed.stderr);
            let is_own = own.contains(&name);
            // An issuer alone gives no provider a key.
            assert!(is_same != is_own || name.starts_with("DAYPASS_IDP"), "{arguments:?} {name}");
            assert!(is_same || is_own, "{arguments:?} {name}");
        }
    }
}

#[test]
fn help_lists_the_variables_of_a_command_and_no_others() {
    let of_server: Vec<&str> = VARIABLES.map(|(name, _)| name).into_iter().take(15).collect();
    let of_env =
        ["DAYPASS_LISTEN", "DAYPASS_PUBLIC_URL", "DAYPASS_NO_WELL_KNOWN_KEYS", "DAYPASS_CONFIG"];
    for (command, own) in [
        ("serve", &of_server[..]),
        ("env", &of_env),
        ("idp", OF_IDP),
        ("why", &[]),
        ("assume-role", &[]),
        ("licenses", &[]),
        ("mfa", &[]),
        ("coverage", &[]),
    ] {
        let output = run(&[command, "--help"], &[]);
        let help = String::from_utf8(output.stdout).unwrap();
        for (name, _) in VARIABLES {
            let is_listed = help.contains(&format!("[env: {name}="));
            assert_eq!(is_listed, own.contains(&name), "{command} {name}");
        }
    }
}

/// What an identity provider keeps is not for the server's key file.
#[test]
fn an_identity_provider_leaves_the_servers_key_file_alone() {
    let file = std::env::temp_dir().join(format!("daypass-settings-{}.pem", std::process::id()));
    let shown = file.to_str().unwrap();
    let arguments = ["idp", "metadata"];
    let of_server = run(&arguments, &[("DAYPASS_KEY_FILE", shown)]);
    assert!(!of_server.status.success() && !file.exists());
    let server_and_own = [("DAYPASS_LISTEN", "127.0.0.1:1"), ("DAYPASS_IDP_KEY_FILE", shown)];
    let own = run(&arguments, &server_and_own);
    let metadata = String::from_utf8(own.stdout).unwrap();
    assert!(file.exists() && metadata.contains("http://127.0.0.1:4580"), "{metadata}");
    std::fs::remove_file(file).unwrap();
}

#[test]
fn switches_mean_what_people_write() {
    let without_keys = |value| run(&["env"], &[("DAYPASS_NO_WELL_KNOWN_KEYS", value)]);
    let strict = |value| run(NO_CONFIG, &[("DAYPASS_STRICT", value)]).status.code();
    for (value, is_on) in [
        ("1", Some(true)),
        ("yes", Some(true)),
        ("on", Some(true)),
        ("true", Some(true)),
        ("TRUE", Some(true)),
        ("0", Some(false)),
        ("no", Some(false)),
        ("off", Some(false)),
        ("false", Some(false)),
        ("", Some(false)),
        ("maybe", None),
    ] {
        let output = without_keys(value);
        let has_keys = String::from_utf8(output.stdout).unwrap().contains("AWS_ACCESS_KEY_ID");
        let shown = output.status.success().then_some(!has_keys);
        assert_eq!(shown, is_on, "{value:?}");
        // 1: there is no such configuration; 2: the command line cannot be understood.
        assert_eq!(strict(value), Some(if is_on.is_some() { 1 } else { 2 }), "{value:?}");
    }
}

#[test]
fn an_empty_variable_is_as_none() {
    let usual = run(NO_CONFIG, &[]);
    assert_eq!(usual.status.code(), Some(1));
    for (name, _) in VARIABLES {
        let output = run(NO_CONFIG, &[(name, "")]);
        assert_eq!((output.status, &output.stderr), (usual.status, &usual.stderr), "{name}");
    }
    let environment = [("DAYPASS_LISTEN", ""), ("DAYPASS_CONFIG", "")];
    assert_eq!(run(&["env"], &environment).stdout, run(&["env"], &[]).stdout);
    let why = run(&["why", "x"], &[("AWS_ENDPOINT_URL", "")]);
    let error = String::from_utf8(why.stderr).unwrap();
    assert!(!error.contains("is no endpoint"), "{error}");
}

/// A server that does not start.
const NO_CONFIG: &[&str] = &["serve", "--config", "/nowhere/none.toml"];

fn run(arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_daypass"));
    // An identity provider makes its key file there.
    command.current_dir(env!("CARGO_TARGET_TMPDIR"));
    command.env_clear().args(arguments).envs(environment.iter().copied());
    command.output().unwrap()
}
