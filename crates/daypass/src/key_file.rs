mod kept_keys;

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use daypass_federation::oidc::sign::SignError;
use daypass_ident::{Clock, IdGen, Secret, generate_uuid};
use daypass_token::TooManyKeys;

pub use kept_keys::{KeptKeys, ParseKeptKeysError};

/// The file that keeps the keys of a deployment. For nobody but its owner to read.
#[derive(Debug, Clone)]
pub struct KeyFile(PathBuf);

impl KeyFile {
    /// The file at this path, which need not be there yet.
    #[must_use]
    pub fn at(path: PathBuf) -> Self {
        Self(path)
    }

    /// The keys in the file. If there is no such file, it is made with fresh keys; of servers that
    /// start at once, one makes it.
    ///
    /// # Errors
    /// When the file cannot be read or made, is open to others, or holds no keys.
    pub fn keep(&self, ids: &dyn IdGen, clock: &dyn Clock) -> Result<KeptKeys, KeyFileError> {
        if fs::symlink_metadata(&self.0).is_err_and(|e| e.kind() == io::ErrorKind::NotFound) {
            let keys = KeptKeys::generate(ids, clock.now().secs());
            let text = keys.and_then(|keys| keys.to_text()).map_err(self.library())?;
            self.create(&text, ids).map_err(|error| KeyFileError::Write(self.0.clone(), error))?;
        }
        self.read()
    }

    /// The keys in the file.
    ///
    /// # Errors
    /// When the file cannot be read, is open to others, or holds no keys.
    pub fn read(&self) -> Result<KeptKeys, KeyFileError> {
        let failed = |error| KeyFileError::Read(self.0.clone(), error);
        let file = File::open(&self.0).map_err(failed)?;
        if !file.metadata().map_err(failed)?.is_file() {
            return Err(failed(io::ErrorKind::InvalidInput.into()));
        }
        if let Some(mode) = open_to_others(&file).map_err(failed)? {
            return Err(KeyFileError::OpenToOthers(self.0.clone(), mode));
        }
        // With room for all, so that growing leaves no copy behind.
        let mut text = String::with_capacity(MAX_FILE + 1);
        let read = file.take(MAX_FILE as u64 + 1).read_to_string(&mut text);
        let text = Secret::new(text);
        if read.map_err(failed)? > MAX_FILE {
            return Err(KeyFileError::TooLong(self.0.clone()));
        }
        KeptKeys::parse(text.expose()).map_err(|error| KeyFileError::Content(self.0.clone(), error))
    }

    /// Puts fresh keys on top of those in the file, as
    /// [`SealingKeys::rotated`](daypass_token::SealingKeys::rotated) does, and gives what the file now
    /// holds. Readers see the old keys or the new ones.
    ///
    /// # Errors
    /// As [`read`](Self::read), and when the file cannot be written, another rotation is under way, or
    /// too many keys would stay.
    pub fn rotate(
        &self,
        keep: Option<usize>,
        ids: &dyn IdGen,
        clock: &dyn Clock,
    ) -> Result<KeptKeys, KeyFileError> {
        // Where a link leads, the file changes and not the link.
        let path =
            fs::canonicalize(&self.0).map_err(|error| KeyFileError::Read(self.0.clone(), error))?;
        let next = beside(&path, "next");
        let made = create_new(&next);
        let mut file = made.map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => KeyFileError::Busy(self.0.clone(), next.clone()),
            _ => KeyFileError::Write(self.0.clone(), error),
        })?;
        let rotated = self.read().and_then(|keys| {
            let now = clock.now().secs();
            let sealing = keys.sealing.rotated(keep, ids, now);
            let sealing = sealing.map_err(|error| KeyFileError::TooMany(self.0.clone(), error))?;
            let keys = keys.rotated_with(sealing, now).map_err(self.library())?;
            let text = keys.to_text().map_err(self.library())?;
            let written = write(&mut file, &text).and_then(|()| fs::rename(&next, &path));
            written.map_err(|error| KeyFileError::Write(self.0.clone(), error))?;
            Ok(keys)
        });
        if rotated.is_err() {
            let _ = fs::remove_file(&next);
        }
        rotated
    }

    /// Made aside and then given its name, so that nobody sees half of it, and not if somebody else
    /// was first.
    fn create(&self, keys: &Secret<String>, ids: &dyn IdGen) -> io::Result<()> {
        let aside = beside(&self.0, &generate_uuid(ids).to_string());
        let written = create_new(&aside).and_then(|mut file| write(&mut file, keys));
        let named = written.and_then(|()| match fs::hard_link(&aside, &self.0) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            named => named,
        });
        let _ = fs::remove_file(&aside);
        named
    }

    fn library(&self) -> impl Fn(SignError) -> KeyFileError {
        |error| KeyFileError::Library(self.0.clone(), error)
    }
}

/// Why the keys of a file cannot be had, or not be rotated. Each names the file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyFileError {
    /// The file cannot be read.
    #[error("the key file {} cannot be read", .0.display())]
    Read(PathBuf, #[source] io::Error),
    /// The file cannot be written.
    #[error("the key file {} cannot be written", .0.display())]
    Write(PathBuf, #[source] io::Error),
    /// The mode of the file lets others read or write it.
    #[error("the key file {path} is open to others (mode {1:03o}): chmod 600 {path}", path = .0.display())]
    OpenToOthers(PathBuf, u32),
    /// The file is longer than any with keys.
    #[error("{} is too long for a key file", .0.display())]
    TooLong(PathBuf),
    /// The file holds something else.
    #[error("{} is no key file", .0.display())]
    Content(PathBuf, #[source] ParseKeptKeysError),
    /// Somebody else rotates the keys, or was interrupted in it.
    #[error(
        "the keys in {} are being rotated by somebody else; if they are not, remove {}",
        .0.display(), .1.display()
    )]
    Busy(PathBuf, PathBuf),
    /// The keys were rotated too often for all to stay that may still be needed.
    #[error(
        "the keys in {} were rotated too often: wait, or say with --keep how many older ones \
         stay, and end the sessions of the others", .0.display()
    )]
    TooMany(PathBuf, #[source] TooManyKeys),
    /// The cryptographic library makes no keys.
    #[error("no keys can be made for the key file {}", .0.display())]
    Library(PathBuf, #[source] SignError),
}

/// The file's mode, if others than its owner may do anything with it.
#[cfg(unix)]
fn open_to_others(file: &File) -> io::Result<Option<u32>> {
    use std::os::unix::fs::PermissionsExt as _;

    let mode = file.metadata()?.permissions().mode() & 0o777;
    Ok((mode & 0o077 != 0).then_some(mode))
}

/// Elsewhere a folder's access rules count for its files.
#[cfg(not(unix))]
fn open_to_others(_: &File) -> io::Result<Option<u32>> {
    Ok(None)
}

/// Made anew: what is there already is somebody's.
fn create_new(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn write(file: &mut File, keys: &Secret<String>) -> io::Result<()> {
    file.write_all(keys.expose().as_bytes())?;
    file.sync_all()
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(".");
    name.push(ending);
    name.into()
}

/// Eight keys of each kind, and a few words of whoever keeps them.
const MAX_FILE: usize = 32 * 1024;

#[cfg(test)]
mod tests;
