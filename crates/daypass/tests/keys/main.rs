//! `daypass keys` and `--key-file` as they are typed into a shell.
#![cfg(test)]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

#[test]
fn keys_are_rotated_and_listed_but_not_shown() {
    let folder = Folder::new("rotate");
    let path = folder.file();
    let said = complaint(&keys(&["list", "--key-file", &path]));
    assert!(said.contains(&path) && said.contains("cannot be read"), "{said}");

    let made = "daypass sealing keys, version 1\n1800000000 BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n";
    fs::write(&path, made).unwrap();
    restrict(&path);
    let listed = printed(&keys(&["list", "--key-file", &path]));
    assert!(listed.contains("since 2027-01-15T08:00:00Z  seals and opens"), "{listed}");

    let rotated = printed(&keys(&["rotate", "--key-file", &path]));
    let lines: Vec<_> = rotated.lines().collect();
    let [newest, before, issuer] = lines[..] else { panic!("{rotated}") };
    assert!(newest.ends_with("  seals and opens") && before.ends_with("  opens"), "{rotated}");
    assert_eq!(before.get(..8), listed.get(..8), "{rotated}");
    // The file is from before issuers' keys were kept.
    assert!(issuer.starts_with("RSA_0 EC384_0 "), "{rotated}");
    assert!(issuer.ends_with("  sign and verify"), "{rotated}");
    let text = fs::read_to_string(&path).unwrap();
    let secrets = text.split_ascii_whitespace().filter(|word| word.len() >= 44);
    assert!(secrets.clone().count() > 2 && secrets.clone().all(|it| !rotated.contains(it)));

    let mut listed = command();
    let listed =
        printed(&listed.args(["keys", "list"]).env("DAYPASS_KEY_FILE", &path).output().unwrap());
    assert_eq!(listed, rotated);
    let alone = printed(&keys(&["rotate", "--keep", "0", "--key-file", &path]));
    assert!(alone.lines().count() == 2 && !alone.contains("  opens\n"), "{alone}");
}

#[test]
fn what_cannot_be_a_key_file_is_told_at_the_start() {
    let folder = Folder::new("start");
    let path = folder.file();
    fs::write(&path, "something else\n").unwrap();
    restrict(&path);
    let start = |path: &str| {
        let mut command = command();
        complaint(&command.args(["--listen", "0", "--key-file", path]).output().unwrap())
    };
    let said = start(&path);
    assert!(said.contains(&path) && said.contains("the first line is not"), "{said}");
    assert!(!said.contains("something else"), "{said}");
    let nowhere = format!("{path}/keys");
    assert!(start(&nowhere).contains(&nowhere));
}

#[cfg(unix)]
#[test]
fn a_running_server_takes_rotated_keys_at_a_hangup() {
    use std::io::{BufRead as _, BufReader};
    use std::process::Stdio;

    let folder = Folder::new("hangup");
    let path = folder.file();
    let mut server = command();
    let server = server.args(["--listen", "127.0.0.1:0", "--key-file", &path]);
    let server = server.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut server = Running(server);
    let mut greeting = BufReader::new(server.0.stdout.take().unwrap()).lines();
    assert!(greeting.any(|line| line.unwrap().contains("aws sts get-caller-identity")));
    let mut log = BufReader::new(server.0.stderr.take().unwrap()).lines();

    printed(&keys(&["rotate", "--key-file", &path]));
    server.hang_up();
    assert!(log.any(|line| line.unwrap().contains("are those of the key file again")));

    fs::write(&path, "something else\n").unwrap();
    server.hang_up();
    let said = log.find(|line| line.as_ref().unwrap().contains("stay as they were"));
    let said = said.unwrap().unwrap();
    assert!(said.contains(&path) && !said.contains("something else"), "{said}");
    assert_eq!(server.0.try_wait().unwrap(), None, "it runs on");
}

/// A server that ends with the test.
#[cfg(unix)]
struct Running(std::process::Child);

#[cfg(unix)]
impl Running {
    fn hang_up(&self) {
        let mut kill = Command::new("sh");
        kill.args(["-c", "kill -s HUP $0", &self.0.id().to_string()]);
        assert!(kill.status().unwrap().success());
    }
}

#[cfg(unix)]
impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn keys(arguments: &[&str]) -> Output {
    command().arg("keys").args(arguments).output().unwrap()
}

fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_daypass"));
    command.env_clear();
    command
}

fn printed(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn complaint(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn restrict(path: &str) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
    }
    #[cfg(not(unix))]
    let _ = path;
}

/// A folder that is gone with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let name = format!("daypass-keys-{}-{name}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    fn file(&self) -> String {
        self.0.join("keys").to_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
