use std::thread;

use daypass_ident::{SystemClock, SystemIds};
use daypass_token::SealingKeys;

use super::*;

#[test]
fn a_file_is_made_once_and_kept() {
    let folder = Folder::new("made");
    let file = folder.file();
    let made: Vec<_> = thread::scope(|scope| {
        let start = || scope.spawn(|| ids(&file.keep(&SystemIds, &SystemClock).unwrap()));
        let starts: Vec<_> = (0..8).map(|_| start()).collect();
        starts.into_iter().map(|start| start.join().unwrap()).collect()
    });
    assert!(made.iter().all(|keys| *keys == made[0]), "servers that start at once have one key");
    assert_eq!(ids(&file.read().unwrap()), made[0]);
    assert_eq!(folder.names(), ["keys"], "nothing else is left");
    #[cfg(unix)]
    assert_eq!(open_to_others(&File::open(&file.0).unwrap()).unwrap(), None);
}

#[test]
fn a_rotation_keeps_what_may_still_be_needed() {
    let folder = Folder::new("rotated");
    let file = folder.file();
    let first = ids(&file.keep(&SystemIds, &SystemClock).unwrap());
    let second = ids(&file.rotate(None, &SystemIds, &SystemClock).unwrap());
    assert_eq!((second.len(), &second[1..]), (2, &first[..]));
    assert_eq!(ids(&file.read().unwrap()), second);
    assert_eq!(ids(&file.rotate(Some(0), &SystemIds, &SystemClock).unwrap()).len(), 1);
    assert_eq!(folder.names(), ["keys"]);
    #[cfg(unix)]
    assert_eq!(open_to_others(&File::open(&file.0).unwrap()).unwrap(), None);
}

#[test]
fn one_rotation_at_a_time() {
    let folder = Folder::new("busy");
    let file = folder.file();
    let first = ids(&file.keep(&SystemIds, &SystemClock).unwrap());
    fs::write(folder.0.join("keys.next"), "").unwrap();
    let refused = file.rotate(None, &SystemIds, &SystemClock).unwrap_err();
    assert!(matches!(refused, KeyFileError::Busy(..)), "{refused}");
    assert!(refused.to_string().contains("keys.next"), "{refused}");
    assert_eq!(ids(&file.read().unwrap()), first);
    assert_eq!(folder.names(), ["keys", "keys.next"], "it is the other's");
}

#[test]
fn a_rotation_that_fails_leaves_everything_as_it_was() {
    let folder = Folder::new("failed");
    let file = folder.file();
    assert!(matches!(file.rotate(None, &SystemIds, &SystemClock), Err(KeyFileError::Read(..))));
    let first = ids(&file.keep(&SystemIds, &SystemClock).unwrap());
    for _ in 1..SealingKeys::MAX {
        file.rotate(None, &SystemIds, &SystemClock).unwrap();
    }
    let refused = file.rotate(None, &SystemIds, &SystemClock).unwrap_err();
    assert!(refused.to_string().contains("--keep"), "{refused}");
    assert_eq!(ids(&file.read().unwrap()).last(), first.last());
    assert_eq!(folder.names(), ["keys"]);
}

#[test]
fn what_is_no_key_file() {
    let folder = Folder::new("wrong");
    let file = folder.file();
    for (text, said) in [("no keys\n".to_owned(), "no key file"), ("x".repeat(33_000), "too long")]
    {
        let _ = fs::remove_file(&file.0);
        create_new(&file.0).unwrap().write_all(text.as_bytes()).unwrap();
        let refused = file.keep(&SystemIds, &SystemClock).unwrap_err().to_string();
        assert!(refused.contains(said) && refused.contains("wrong"), "{refused}");
        assert_eq!(fs::read_to_string(&file.0).unwrap(), text, "it is somebody's");
    }
    let no_file = KeyFile::at(folder.0.clone()).keep(&SystemIds, &SystemClock);
    assert!(matches!(no_file, Err(KeyFileError::Read(..))));
    let nowhere = KeyFile::at(folder.0.join("none/keys")).keep(&SystemIds, &SystemClock);
    assert!(matches!(nowhere, Err(KeyFileError::Write(..))));
}

#[cfg(unix)]
#[test]
fn others_may_not_read_it_and_links_are_followed() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    let folder = Folder::new("modes");
    let file = folder.file();
    file.keep(&SystemIds, &SystemClock).unwrap();
    for (mode, good) in
        [(0o400, true), (0o640, false), (0o602, false), (0o604, false), (0o600, true)]
    {
        fs::set_permissions(&file.0, fs::Permissions::from_mode(mode)).unwrap();
        let read = file.read().map(|_| ()).map_err(|error| error.to_string());
        assert_eq!(read.is_ok(), good, "{mode:o}");
        if let Err(said) = read {
            assert!(said.contains(&format!("{mode:o}")) && said.contains("chmod 600"), "{said}");
        }
    }
    let link = KeyFile::at(folder.0.join("link"));
    symlink("keys", &link.0).unwrap();
    let rotated = ids(&link.rotate(None, &SystemIds, &SystemClock).unwrap());
    assert_eq!(ids(&file.read().unwrap()), rotated);
    assert!(fs::symlink_metadata(&link.0).unwrap().is_symlink());
}

fn ids(keys: &KeptKeys) -> Vec<[u8; 4]> {
    keys.sealing.list().map(|(id, _)| id).collect()
}

/// A folder that is gone with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let name = format!("daypass-key-file-{}-{name}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    fn file(&self) -> KeyFile {
        KeyFile::at(self.0.join("keys"))
    }

    fn names(&self) -> Vec<String> {
        let names = fs::read_dir(&self.0).unwrap();
        let mut names: Vec<_> =
            names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
