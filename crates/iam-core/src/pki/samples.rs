//! Certificates that are made for tests.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};

/// A certificate with its key.
pub(crate) struct Sample {
    params: CertificateParams,
    key: KeyPair,
    /// In PEM.
    pub(crate) certificate: String,
}

impl Sample {
    /// One that signed itself and may sign others.
    pub(crate) fn root(name: &str) -> Self {
        let (params, key) = (params(name), KeyPair::generate().unwrap());
        let certificate = pem("CERTIFICATE", params.self_signed(&key).unwrap().der());
        Self { params, key, certificate }
    }

    /// One that signed itself, with these days of validity.
    pub(crate) fn valid(from: (i32, u8, u8), to: (i32, u8, u8)) -> Self {
        let mut params = params("dated");
        params.not_before = rcgen::date_time_ymd(from.0, from.1, from.2);
        params.not_after = rcgen::date_time_ymd(to.0, to.1, to.2);
        let key = KeyPair::generate().unwrap();
        let certificate = pem("CERTIFICATE", params.self_signed(&key).unwrap().der());
        Self { params, key, certificate }
    }

    /// One that this one signed.
    pub(crate) fn signs(&self, name: &str) -> Self {
        let (params, key) = (params(name), KeyPair::generate().unwrap());
        let issuer = Issuer::from_params(&self.params, &self.key);
        let signed = params.signed_by(&key, &issuer).unwrap();
        let certificate = pem("CERTIFICATE", signed.der());
        Self { params, key, certificate }
    }

    /// The key in PEM.
    pub(crate) fn private_key(&self) -> String {
        pem("PRIVATE KEY", self.key.serialized_der())
    }
}

fn params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(vec![format!("{name}.example.com")]).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
}

/// A block of PEM.
pub(crate) fn pem(label: &str, der: &[u8]) -> String {
    let lines = STANDARD.encode(der);
    let lines: Vec<_> =
        lines.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

/// As `ssh-keygen -t rsa` makes it.
pub(crate) const SSH_LINE: &str = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDej++IVw2nyn6UHB5cgrc+s93rQTVgnTtKHnj/XFNwZnxA/Zg0hv1aDW3x+G8vBrslc8RK8v1SOZqc9A2h6PA1dbB7OOLKOp7oekk13zsQeFFrdRPqCc8LltWAU8K/LUcURIpjvOsMu0INEQUkFEbcmWVtRrt1rAZsXjRDXvFXffxvKBRP5tJtECGrr/BPheuf+fRCDmM5l+FCKcCSfa6OTkllvzQ/2u2xTBwUp7kdXoT6PaP00jFottgvikcnAiOYxFS4uCsBUT77Mz+jc+74XDm4sLJeBiviOg8OeaTVMbkBeO6TVbW1zcBOf+dZmbQlhmWrkrQD6Z5Cbt9FXQSr alice@laptop";
/// As `ssh-keygen -l -E md5` shows it.
pub(crate) const SSH_FINGERPRINT: &str = "3c:7f:00:85:b8:a4:8b:ca:f7:7e:fe:2b:3c:19:c5:8b";
/// As `ssh-keygen -e -m PKCS8` writes it.
pub(crate) const SSH_PEM: &str = "-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA3o/viFcNp8p+lBweXIK3
PrPd60E1YJ07Sh54/1xTcGZ8QP2YNIb9Wg1t8fhvLwa7JXPESvL9UjmanPQNoejw
NXWwezjiyjqe6HpJNd87EHhRa3UT6gnPC5bVgFPCvy1HFESKY7zrDLtCDREFJBRG
3JllbUa7dawGbF40Q17xV338bygUT+bSbRAhq6/wT4Xrn/n0Qg5jOZfhQinAkn2u
jk5JZb80P9rtsUwcFKe5HV6E+j2j9NIxaLbYL4pHJwIjmMRUuLgrAVE++zM/o3Pu
+Fw5uLCyXgYr4joPDnmk1TG5AXjuk1W1tc3ATn/nWZm0JYZlq5K0A+meQm7fRV0E
qwIDAQAB
-----END PUBLIC KEY-----
";
/// RSA of 1024 bits, in PEM.
pub(crate) const SHORT_PEM: &str = "-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCw3yFyMOcyNDFcnBgNGhTkLm7w
/+Q9RtBxqDFC7hnaxrv4khcCEM+qvY4zEA1it5j6NzwZOZF9JyeYypRXhQGqySLO
dhLjtkkUy+yMNKII4vi9GUVRzZ43kB2Obwlm300Cqm2sy6Y4SGDpRT79GbErfd+F
MbJwiKlkuJIOogoyPwIDAQAB
-----END PUBLIC KEY-----
";
