//! The settings of a server: command line and environment before the file before the defaults.

use std::net::{Ipv4Addr, SocketAddr, ToSocketAddrs};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use daypass::{AccountId, IdpSettings, PublicUrl};
use serde::Deserialize;

use crate::cli::{Explain, LogFormat, Options};
use crate::logging::LogFilter;

/// All settings, decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Config {
    pub(crate) listen: SocketAddr,
    pub(crate) public_url: Option<PublicUrl>,
    pub(crate) account: AccountId,
    pub(crate) strict: bool,
    pub(crate) explain: Explain,
    pub(crate) well_known_keys: bool,
    pub(crate) regions: Option<Vec<String>>,
    pub(crate) service_principals: Vec<String>,
    pub(crate) seed: Option<PathBuf>,
    pub(crate) key_file: Option<PathBuf>,
    pub(crate) max_connections: Option<NonZeroUsize>,
    /// In MiB.
    pub(crate) max_body_memory: Option<NonZeroUsize>,
    pub(crate) oidc_keys: Vec<OidcKeysFile>,
    pub(crate) idp: Option<IdpSettings>,
    pub(crate) log: LogFilter,
    pub(crate) log_format: LogFormat,
}

/// The `--config` file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    listen: Option<String>,
    public_url: Option<PublicUrl>,
    account: Option<AccountId>,
    strict: Option<bool>,
    explain: Option<Explain>,
    well_known_keys: Option<bool>,
    regions: Option<Vec<String>>,
    service_principals: Option<Vec<String>>,
    /// Relative to the file.
    seed: Option<PathBuf>,
    /// Relative to the file.
    key_file: Option<PathBuf>,
    max_connections: Option<NonZeroUsize>,
    max_body_memory: Option<NonZeroUsize>,
    #[serde(default)]
    oidc_keys: Vec<OidcKeysFile>,
    idp: Option<IdpSettings>,
    log: Option<LogFilter>,
    log_format: Option<LogFormat>,
}

/// Where the keys of an OpenID Connect provider are.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OidcKeysFile {
    pub(crate) issuer: String,
    /// A JSON Web Key Set. Relative to the configuration.
    pub(crate) file: PathBuf,
}

impl Config {
    pub(crate) fn load(options: Options) -> anyhow::Result<Self> {
        let file = options.config.as_deref().map(File::read).transpose()?.unwrap_or_default();
        let listen = options.listen.or(file.listen);
        let keys = options.no_well_known_keys.map(|without| !without).or(file.well_known_keys);
        Ok(Self {
            listen: match listen {
                Some(listen) => parse_address(&listen)?,
                None => (Ipv4Addr::LOCALHOST, DEFAULT_PORT).into(),
            },
            public_url: options.public_url.or(file.public_url),
            account: options.account.or(file.account).unwrap_or(AccountId::ZERO),
            strict: options.strict.or(file.strict).unwrap_or(false),
            explain: options.explain.or(file.explain).unwrap_or_default(),
            well_known_keys: keys.unwrap_or(true),
            regions: options.regions.or(file.regions).map(parse_regions).transpose()?,
            service_principals: parse_service_principals(
                options.service_principals.or(file.service_principals).unwrap_or_default(),
            )?,
            seed: options.seed.or(file.seed),
            key_file: options.key_file.or(file.key_file),
            max_connections: options.max_connections.or(file.max_connections),
            max_body_memory: options.max_body_memory.or(file.max_body_memory),
            oidc_keys: file.oidc_keys,
            idp: file.idp,
            log: options.log.or(file.log).unwrap_or_default(),
            log_format: options.log_format.or(file.log_format).unwrap_or_default(),
        })
    }

    /// The URL by which clients reach the server, as far as the settings tell.
    pub(crate) fn endpoint(&self) -> String {
        let public = self.public_url.clone().map(String::from);
        public.unwrap_or_else(|| daypass::endpoint(self.listen))
    }

    /// The identity provider of a configuration, if it has one.
    pub(crate) fn idp_of(path: &Path) -> anyhow::Result<Option<IdpSettings>> {
        Ok(File::read(path)?.idp)
    }
}

impl File {
    fn read(path: &Path) -> anyhow::Result<Self> {
        let shown = path.display();
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("the configuration {shown} cannot be read"))?;
        let mut file: Self = toml::from_str(&text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
            anyhow!("{shown}:{line}:{column}: {}", error.message())
        })?;
        if let Some(idp) = &mut file.idp {
            idp.listen = parse_address(&idp.listen)?.to_string();
        }
        if let Some(folder) = path.parent() {
            let oidc_keys = file.oidc_keys.iter_mut().map(|keys| &mut keys.file);
            let idp_key_file = file.idp.as_mut().and_then(|idp| idp.key_file.as_mut());
            oidc_keys
                .chain(&mut file.seed)
                .chain(&mut file.key_file)
                .chain(idp_key_file)
                .for_each(|path| *path = folder.join(&*path));
        }
        Ok(file)
    }
}

/// `address:port`, `name:port`, or a port alone, which is one of this machine's own.
pub(crate) fn parse_address(text: &str) -> anyhow::Result<SocketAddr> {
    if let Ok(port) = text.parse() {
        return Ok((Ipv4Addr::LOCALHOST, port).into());
    }
    let advice = || format!("cannot listen on {text:?}: write ADDRESS:PORT, as in 127.0.0.1:4566");
    text.to_socket_addrs().with_context(advice)?.next().with_context(advice)
}

/// Names as regions have them, and at least one.
fn parse_regions(regions: Vec<String>) -> anyhow::Result<Vec<String>> {
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let wrong = regions.iter().find(|name| name.is_empty() || !name.chars().all(is_name));
    match wrong {
        Some(name) => Err(anyhow!("{name:?} is no region: write names such as eu-west-1")),
        None if regions.is_empty() => Err(anyhow!("the list of regions is empty: name one")),
        None => Ok(regions),
    }
}

/// Names of the form that services have: below `amazonaws.com`.
fn parse_service_principals(names: Vec<String>) -> anyhow::Result<Vec<String>> {
    let is_label = |label: &str| {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        !label.is_empty() && label.bytes().all(allowed)
    };
    let is_name = |name: &str| {
        let service = name.strip_suffix(".cn").unwrap_or(name).strip_suffix(".amazonaws.com");
        service.is_some_and(|service| service.split('.').all(is_label))
    };
    match names.iter().find(|name| !is_name(name)) {
        Some(name) => Err(anyhow!(
            "{name:?} is no service principal: write names such as my-service.amazonaws.com"
        )),
        None => Ok(names),
    }
}

/// The port that tools for local AWS look for.
const DEFAULT_PORT: u16 = 4566;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_may_be_short() {
        let cases = [
            ("4566", "127.0.0.1:4566"),
            ("0", "127.0.0.1:0"),
            ("0.0.0.0:80", "0.0.0.0:80"),
            ("[::1]:4566", "[::1]:4566"),
        ];
        for (text, address) in cases {
            assert_eq!(parse_address(text).unwrap(), address.parse().unwrap(), "{text}");
        }
        for text in ["", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:99999"] {
            assert!(parse_address(text).is_err(), "{text}");
        }
    }

    #[test]
    fn regions_are_named() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        assert!(parse_regions(names(&["eu-west-1", "mars-1"])).is_ok());
        for wrong in [&[][..], &[""], &["EU-WEST-1"], &["eu west"]] {
            assert!(parse_regions(names(wrong)).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn service_principals_are_names_below_amazonaws() {
        let parse = |name: &str| parse_service_principals(vec![name.to_owned()]);
        for name in ["my-service.amazonaws.com", "a.b.amazonaws.com", "x.amazonaws.com.cn"] {
            assert_eq!(parse(name).unwrap(), [name]);
        }
        for wrong in [
            "",
            "my-service",
            ".amazonaws.com",
            "*.amazonaws.com",
            "my.example.com",
            "a b.amazonaws.com",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
        assert_eq!(parse_service_principals(Vec::new()).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn files_are_beside_the_configuration() {
        let folder = std::env::temp_dir();
        let path = folder.join(format!("daypass-config-{}.toml", std::process::id()));
        let text = "seed = \"seed.toml\"\nkey_file = \"keys\"\n[[oidc_keys]]\nissuer = \"https://idp.example\"\n\
                    file = \"keys.json\"\n";
        std::fs::write(&path, text).unwrap();
        let options = Options { config: Some(path.clone()), ..Options::default() };
        let config = Config::load(options).unwrap();
        std::fs::remove_file(path).unwrap();
        assert_eq!(config.seed, Some(folder.join("seed.toml")));
        assert_eq!(config.key_file, Some(folder.join("keys")));
        let keys = OidcKeysFile {
            issuer: "https://idp.example".to_owned(),
            file: folder.join("keys.json"),
        };
        assert_eq!(config.oidc_keys, [keys]);
    }

    #[test]
    fn nothing_said_is_the_start_without_configuration() {
        let config = Config::load(Options::default()).unwrap();
        assert_eq!(config.listen, "127.0.0.1:4566".parse().unwrap());
        assert_eq!(config.account, AccountId::ZERO);
        assert!(config.well_known_keys);
        assert!(!config.strict);
    }
}
